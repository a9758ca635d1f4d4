import * as React from 'react';
import type { Draft as StoredDraft, Submission } from '../../../../server/src/contracts/answers';
import type { RefusalBody } from '../../shared/refusals/refusal';
import type { Attached } from '../attached';
import { emptyDraft, type Draft } from './draft';
import { newKey } from '../../shared/api/new-key';
import { draftOf } from './mapping';

/** A message that was accepted a moment ago and can be taken back. */
export interface Sent {
  submission: Submission;
  draft: Draft;
  /** Id of the stored draft that it was; null: it was never stored. */
  kept: string | null;
  /** Until then it is offered: milliseconds since the epoch, by this browser. */
  undoUntil: number;
}

/** Where the message is kept on the server. */
export interface Kept {
  id: string;
  version: number;
  /** ISO 8601, by the server's clock. */
  savedAt: string;
}

/**
 * How far the server has what is in the form: `conflict`, another tab or browser has changed the draft; `sent`, it was
 * sent from there.
 */
export type Saving =
  | { kind: 'idle' }
  | { kind: 'saving' }
  | { kind: 'failed'; error: RefusalBody }
  | { kind: 'conflict'; other: StoredDraft }
  | { kind: 'sent'; submission: string };

export interface State {
  /** The admin user whose text this is. */
  owner: string | null;
  draft: Draft;
  /** What of it the server has; the same object as `draft`: all. */
  saved: Draft;
  kept: Kept | null;
  saving: Saving;
  sent: Sent | null;
}

const IDLE: Saving = { kind: 'idle' };

/**
 * What an editor has typed, outside of any page: going to the outbox and back loses nothing, and Undo brings it back.
 *
 * @param makeKey makes idempotency keys
 */
export const createDraftStore = (makeKey: () => string) => {
  const blank = (part: Partial<Draft> = {}): Pick<State, 'draft' | 'saved' | 'kept' | 'saving'> => {
    const draft = { ...emptyDraft(makeKey()), ...part };
    return { draft, saved: draft, kept: null, saving: IDLE };
  };
  const keptOf = ({ id, version, updatedAt }: StoredDraft): Kept => ({ id, version, savedAt: updatedAt });

  let state: State = { owner: null, ...blank(), sent: null };
  const listeners = new Set<() => void>();
  const set = (part: Partial<State>) => {
    state = { ...state, ...part };
    listeners.forEach((listener) => listener());
  };

  const know = (part: Partial<Draft>) => {
    const draft = { ...state.draft, ...part };
    set({ draft, ...(state.saved === state.draft ? { saved: draft } : {}) });
  };
  /** Nothing of what is in the form has to be kept any more. */
  const finish = () => set({ saved: state.draft });
  const startAnew = () => {
    const { tenant, from, replyTo } = state.draft;
    set(blank({ tenant, from, replyTo }));
  };
  const open = (stored: StoredDraft) => {
    const draft = draftOf(stored, makeKey());
    set({ draft, saved: draft, kept: keptOf(stored), saving: IDLE, sent: null });
  };

  return {
    get: (): State => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Somebody else may sign in without a reload: nobody finds another's text. */
    enter: (owner: string) => {
      if (state.owner !== owner) set({ owner, ...blank(), sent: null });
    },
    change: (part: Partial<Draft>) => set({ draft: { ...state.draft, ...part } }),
    /** What is known of files by now changes nothing that would have to be saved. */
    describe: (attachments: readonly Attached[]) => know({ attachments }),
    /** What the form shows without anybody having chosen it: another preselection later must not replace it. */
    pin: (shown: Pick<Draft, 'tenant' | 'from' | 'replyTo'>) => know(shown),
    /** The next request is another message, whatever became of the one before. */
    renewKey: () => know({ key: makeKey() }),

    /** An empty form, from the same addresses. */
    startAnew,
    /** As `startAnew`; what was in the form is thrown away. */
    discard: () => {
      finish();
      startAnew();
    },
    /** A stored draft takes the form's place. */
    open,
    /** As `open`; what was in the form is thrown away. */
    take: (stored: StoredDraft) => {
      finish();
      open(stored);
    },
    /** What a browser had not saved yet takes the form's place, as a change of what the server has. */
    recover: (draft: Draft, kept: Kept | null) =>
      set({ draft: { ...draft, key: makeKey() }, saved: emptyDraft(''), kept, saving: IDLE }),

    saving: (saving: Saving) => set({ saving }),
    /** @param draft what was sent to be saved: the form may be further by now */
    keep: (draft: Draft, stored: StoredDraft) => set({ saved: draft, kept: keptOf(stored), saving: IDLE }),
    /** What is in the form is not stored any more, or is to be stored as another draft. */
    detach: () => set({ kept: null, saved: emptyDraft(''), saving: IDLE }),
    /** What is in the form is to replace what another tab has stored. */
    overrule: (other: StoredDraft) => set({ kept: keptOf(other), saved: emptyDraft(''), saving: IDLE }),

    /**
     * Makes room for the next message.
     *
     * @param sent what was in the form when it was sent: another message, or another user's, can be there by now, which stays
     */
    accepted: (submission: Submission, undoUntil: number, sent: Pick<State, 'owner' | 'draft' | 'kept'>) => {
      const { owner, draft } = sent;
      if (state.owner !== owner) return;
      const { tenant, from, replyTo } = draft;
      const isShown = state.draft.key === draft.key;
      if (isShown) finish();
      set({
        ...(isShown ? blank({ tenant, from, replyTo }) : {}),
        sent: { submission, draft, kept: sent.kept?.id ?? null, undoUntil },
      });
    },
    /** Everything typed is in the form again, as another message that nobody has stored. */
    restore: (draft: Draft) =>
      set({ draft: { ...draft, key: makeKey() }, saved: emptyDraft(''), kept: null, saving: IDLE, sent: null }),
    dismiss: () => set({ sent: null }),
  };
};

export type DraftStore = ReturnType<typeof createDraftStore>;

export const draftStore = createDraftStore(newKey);

export const useDrafts = (): State => React.useSyncExternalStore(draftStore.subscribe, draftStore.get);
