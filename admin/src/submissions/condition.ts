import type {
  Identity,
  IdentityList,
  Submission,
  TimelineEntry,
  Transport,
} from '../../../server/src/contracts/answers';

/** What an editor should be told of a submission: finer than its state. */
export const CONDITIONS = [
  'undo',
  'scheduled',
  'waiting',
  'again',
  'resting',
  'submitting',
  'submitted',
  'partly',
  'failed',
  'canceled',
  'uncertain',
] as const;
export type Condition = (typeof CONDITIONS)[number];

type Recipients = Pick<Submission, 'recipients'>;

const isRefused = (state: Submission['recipients'][number]['state']): boolean =>
  state === 'rejected' || state === 'expired';

/** Whom a server would not take, or not in all the time there was. */
export const refusedAddresses = ({ recipients }: Recipients): string[] =>
  recipients.filter(({ state }) => isRefused(state)).map(({ email }) => email);

/** `resting`: the transport it leaves through is paused. */
export const conditionOf = (submission: Submission, resting: boolean): Condition => {
  switch (submission.state) {
    case 'held':
      return submission.sendAt === null ? 'undo' : 'scheduled';
    case 'queued':
      if (resting) return 'resting';
      return submission.attempts > 0 ? 'again' : 'waiting';
    case 'submitted':
      return submission.recipients.every(({ state }) => state === 'accepted') ? 'submitted' : 'partly';
    case 'submitting':
    case 'failed':
    case 'canceled':
    case 'uncertain':
      return submission.state;
  }
};

export interface Actions {
  cancel: boolean;
  retry: boolean;
  settle: boolean;
  reschedule: boolean;
  /** To another address, as another message of the same author. */
  resend: boolean;
  /** What was written came back. */
  edit: boolean;
}

/** What a person may ask for now; whether it comes in time, the server says. */
export const actionsOf = (submission: Submission, isAuthor = false): Actions => {
  const { state, sendAt, draft } = submission;
  return {
    cancel: state === 'held' || state === 'queued' || state === 'submitting',
    retry:
      state === 'failed' || state === 'uncertain' || (state === 'submitted' && refusedAddresses(submission).length > 0),
    settle: state === 'uncertain',
    reschedule: state === 'held' && sendAt !== null,
    resend: isAuthor && (state === 'submitted' || state === 'failed' || state === 'uncertain'),
    edit: state === 'canceled' && draft !== null,
  };
};

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
