import type {
  Identity,
  IdentityList,
  Submission,
  TimelineEntry,
  Transport,
} from '../../../server/src/contracts/answers';

type Recipients = Pick<Submission, 'recipients'>;

const LATE_MS = 30 * 60_000;

/** Returns the time of the last manual retry (milliseconds since the epoch), or 0. A retry restarts the age. */
export const retriedAt = (timeline: readonly TimelineEntry[]): number =>
  Math.max(0, ...timeline.filter(({ kind }) => kind === 'retried').map(({ at }) => Date.parse(at)));

/** Returns whether a submission is overdue by half an hour (delivery §4). False while paused, which has its own text. */
export const isLate = (
  { state, sendAt, createdAt }: Submission,
  { resting, nowMs, retriedMs = 0 }: { resting: boolean; nowMs: number; retriedMs?: number }
): boolean =>
  !resting &&
  (state === 'queued' || state === 'submitting') &&
  nowMs - Math.max(Date.parse(sendAt ?? createdAt), retriedMs) > LATE_MS;

/** Counts the recipients with a final state. */
export const progressOf = ({ recipients }: Recipients): { done: number; total: number } => ({
  done: recipients.filter(({ state }) => state !== 'pending' && state !== 'deferred').length,
  total: recipients.length,
});

const URGENCY: Record<Submission['recipients'][number]['state'], number> = {
  uncertain: 0,
  rejected: 1,
  expired: 2,
  deferred: 3,
  pending: 4,
  canceled: 5,
  accepted: 6,
};

/** Sorts recipients that need attention first; keeps the order otherwise. */
export const byUrgency = ({ recipients }: Recipients): Submission['recipients'] =>
  [...recipients].sort((a, b) => URGENCY[a.state] - URGENCY[b.state]);

/** Returns whether an attempt was accepted by a reply that arrived after a later attempt had begun. */
export const acceptedTwice = (timeline: readonly TimelineEntry[]): boolean =>
  timeline.some((entry) => entry.kind === 'attempt' && entry.late && entry.result === 'accepted');

const sameTransport = (a: Transport, b: Transport): boolean =>
  a.kind === 'mailbox' ? b.kind === 'mailbox' && a.mailbox === b.mailbox : b.kind === 'system';

/** Returns the pause of the transport of a submission, if an identity offered to the reader uses the same transport. */
export const pauseOf = (
  { transport }: Pick<Submission, 'transport'>,
  list: IdentityList | undefined
): Identity['paused'] => {
  if (!list) return null;
  const identities = [...list.from, ...list.replyTo, ...list.unavailable.map(({ identity }) => identity)];
  return identities.find((identity) => identity.paused && sameTransport(identity.transport, transport))?.paused ?? null;
};
