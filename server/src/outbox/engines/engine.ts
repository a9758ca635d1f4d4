/** The next attempt of a submission. */
export interface Wakeup {
  id: string;
  /** Number of the claim that the wake-up is for, from 1. */
  attempt: number;
  /** Its time has changed: replaces an earlier wake-up for the same attempt. */
  moved?: boolean;
}

/** The worker of this process, as an engine wakes it. */
export interface Woken {
  /** Delivers all due submissions; a call during a run makes that run check again. */
  work: () => Promise<void>;
  /** Resolves when the run in progress has claimed or ended, and a slot is free. */
  turn: () => Promise<void>;
  /** Due submissions wait for a limit of their transport, which no wake-up announces. */
  isBlocked: () => boolean;
}

/**
 * Wakes delivery (delivery §6). Rows in the database are authoritative: a lost, doubled or stale wake-up changes nothing.
 */
export interface DeliveryEngine {
  /** @param woken null: this process only accepts, and wakes others */
  start: (woken: Woken | null) => Promise<void>;
  /**
   * Never waits and never throws: called after a commit.
   *
   * @param dueAt milliseconds since the epoch, by this process's clock
   * @param wakeup none: any number of submissions
   */
  wake: (dueAt: number, wakeup?: Wakeup) => void;
  /** Ends waking; resolves when no run is in progress, or after the deadline. */
  stop: (deadlineMs: number) => Promise<void>;
  /** Closes connections, once the worker has released its claims. */
  close: () => Promise<void>;
}
