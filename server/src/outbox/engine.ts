/**
 * What wakes delivery. Rows in the database are the truth; a lost, doubled or stale wake-up changes nothing
 * (delivery §1, §6).
 */
export interface DeliveryEngine {
  /** `handler` delivers whatever is due; a call while one is running makes that one look again. */
  start(handler: () => Promise<void>): void;
  /** @param dueAt milliseconds since the epoch, by this process's clock */
  wake(id: string, dueAt: number): void;
  /** Resolves when no call of the handler is running, or after the deadline. */
  stop(deadlineMs: number): Promise<void>;
}
