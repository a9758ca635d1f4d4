import * as React from 'react';
import type { Submission } from '../../../server/src/contracts/answers';
import { emptyDraft, type Draft } from './draft';

/** A message that was accepted a moment ago and can be taken back. */
export interface Sent {
  submission: Submission;
  draft: Draft;
  undoMs: number;
}

interface State {
  /** The admin user whose text this is. */
  owner: string | null;
  draft: Draft;
  sent: Sent | null;
  /** What was typed, by the id of the submission it became: the newest last. */
  typed: ReadonlyMap<string, Draft>;
}

/** So many messages are remembered, in memory and until the page is reloaded. */
const MAX_TYPED = 20;

/**
 * What an editor has typed, outside of any page: going to the outbox and back loses nothing, and Undo brings it back.
 *
 * @param newKey makes idempotency keys
 */
export const createDraftStore = (newKey: () => string) => {
  const fresh = (owner: string | null): State => ({
    owner,
    draft: emptyDraft(newKey()),
    sent: null,
    typed: new Map(),
  });
  let state = fresh(null);
  const listeners = new Set<() => void>();
  const set = (part: Partial<State>) => {
    state = { ...state, ...part };
    listeners.forEach((listener) => listener());
  };

  return {
    get: (): State => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Somebody else may sign in without a reload: nobody finds another's text. */
    enter: (owner: string) => {
      if (state.owner !== owner) set(fresh(owner));
    },
    change: (part: Partial<Draft>) => set({ draft: { ...state.draft, ...part } }),
    /** The next request is another message, whatever became of the one before. */
    renewKey: () => set({ draft: { ...state.draft, key: newKey() } }),
    accepted: (submission: Submission, undoMs: number) => {
      const { draft } = state;
      const typed = new Map([...state.typed, [submission.id, draft] as const].slice(-MAX_TYPED));
      const { tenant, from, replyTo } = draft;
      set({
        draft: { ...emptyDraft(newKey()), tenant, from, replyTo },
        sent: { submission, draft, undoMs },
        typed,
      });
    },
    /** Everything typed is in the form again, as another message. */
    restore: (draft: Draft) => set({ draft: { ...draft, key: newKey() }, sent: null }),
    dismiss: () => set({ sent: null }),
  };
};

/** `crypto.randomUUID` exists on secure pages only, and not every admin panel is one. */
const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const draftStore = createDraftStore(randomKey);

export const useDrafts = (): State => React.useSyncExternalStore(draftStore.subscribe, draftStore.get);
