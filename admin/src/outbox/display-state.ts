import type { RecipientState, Submission } from '../../../server/src/contracts/answers';

/** States shown to an editor, finer than those of the server. */
export const DISPLAY_STATES = [
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
export type DisplayState = (typeof DISPLAY_STATES)[number];

/** State shown for a recipient. */
const OF_RECIPIENT: Record<RecipientState, DisplayState> = {
  pending: 'waiting',
  accepted: 'submitted',
  rejected: 'failed',
  deferred: 'again',
  uncertain: 'uncertain',
  canceled: 'canceled',
  expired: 'failed',
};

export const displayStateOfRecipient = (state: RecipientState): DisplayState => OF_RECIPIENT[state];

export const isRecipientState = (text: string): text is RecipientState => Object.hasOwn(OF_RECIPIENT, text);

/** `resting`: its transport is paused. */
export const displayStateOf = (submission: Submission, resting: boolean): DisplayState => {
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
