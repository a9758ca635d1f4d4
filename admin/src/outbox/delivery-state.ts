import type {
  Identity,
  IdentityList,
  Submission,
  TimelineEntry,
  Transport,
} from '../../../server/src/contracts/answers';

type Recipients = Pick<Submission, 'recipients'>;

const LATE_MS = 30 * 60_000;

/** When a person asked for it again last (milliseconds since the epoch); 0: nobody did. Its age starts again then. */
export const retriedAt = (timeline: readonly TimelineEntry[]): number =>
  Math.max(0, ...timeline.filter(({ kind }) => kind === 'retried').map(({ at }) => Date.parse(at)));

/** Due for more than half an hour: the author is warned (delivery §4). A pause is said in words of its own. */
export const isLate = (
  { state, sendAt, createdAt }: Submission,
  { resting, nowMs, retriedMs = 0 }: { resting: boolean; nowMs: number; retriedMs?: number }
): boolean =>
  !resting &&
  (state === 'queued' || state === 'submitting') &&
  nowMs - Math.max(Date.parse(sendAt ?? createdAt), retriedMs) > LATE_MS;

/** How many recipients have their answer, of how many. */
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

/** Those that need somebody first; otherwise as they were written. */
export const byUrgency = ({ recipients }: Recipients): Submission['recipients'] =>
  [...recipients].sort((a, b) => URGENCY[a.state] - URGENCY[b.state]);

/** A server's answer came after a later attempt had begun, and it was a yes. */
export const acceptedTwice = (timeline: readonly TimelineEntry[]): boolean =>
  timeline.some((entry) => entry.kind === 'attempt' && entry.late && entry.result === 'accepted');

const sameTransport = (a: Transport, b: Transport): boolean =>
  a.kind === 'mailbox' ? b.kind === 'mailbox' && a.mailbox === b.mailbox : b.kind === 'system';

/** Why the way a submission leaves rests, as far as its reader is offered an identity that leaves the same way. */
export const pauseOf = (
  { transport }: Pick<Submission, 'transport'>,
  list: IdentityList | undefined
): Identity['paused'] => {
  if (!list) return null;
  const identities = [...list.from, ...list.replyTo, ...list.unavailable.map(({ identity }) => identity)];
  return identities.find((identity) => identity.paused && sameTransport(identity.transport, transport))?.paused ?? null;
};
