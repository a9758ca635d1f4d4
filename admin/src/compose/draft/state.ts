import type { Draft as StoredDraft, Submission } from '../../../../server/src/contracts/answers';
import type { RefusalBody } from '../../shared/refusals/refusal';
import { emptyDraft, type Draft } from './draft';

/** A submission that was accepted a moment ago and can still be cancelled. */
export interface Sent {
  submission: Submission;
  draft: Draft;
  /** Id of its stored draft; null: the draft was never stored. */
  stored: string | null;
  /** End of the undo window: milliseconds since the epoch, by this browser. */
  undoUntil: number;
}

/** The stored draft that the form's content belongs to. */
export interface StoredVersion {
  id: string;
  version: number;
  /** ISO 8601, by the server's clock. */
  savedAt: string;
}

/** Saving of the form's content. `conflict`: another tab or browser has changed the draft; `sent`: it was sent there. */
export type Saving =
  | { kind: 'idle' }
  | { kind: 'saving' }
  | { kind: 'failed'; error: RefusalBody }
  | { kind: 'conflict'; other: StoredDraft }
  | { kind: 'sent'; submission: string };

export interface State {
  /** Id of the admin user who writes the draft. */
  owner: string | null;
  draft: Draft;
  /** Last content the server confirmed; the same object as `draft` when there is nothing to save. */
  confirmed: Draft;
  /** null: the form's content was never stored */
  stored: StoredVersion | null;
  saving: Saving;
  sent: Sent | null;
}

export const IDLE: Saving = { kind: 'idle' };

/** Equals no draft: marks the whole content as not yet confirmed. */
export const NOTHING_CONFIRMED: Draft = emptyDraft('');

export const versionOf = ({ id, version, updatedAt }: StoredDraft): StoredVersion => ({
  id,
  version,
  savedAt: updatedAt,
});

/** The state of an empty form. */
export const blank = (
  key: string,
  part: Partial<Draft> = {}
): Pick<State, 'draft' | 'confirmed' | 'stored' | 'saving'> => {
  const draft = { ...emptyDraft(key), ...part };
  return { draft, confirmed: draft, stored: null, saving: IDLE };
};

/** Holds a state and calls listeners after every change. */
export const createState = (initial: State) => {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: (): State => state,
    set: (part: Partial<State>): void => {
      state = { ...state, ...part };
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
