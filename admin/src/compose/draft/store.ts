import * as React from 'react';
import type { Draft as StoredDraft, Submission } from '../../../../server/src/contracts/answers';
import { newKey } from '../../shared/api/new-key';
import type { Attached } from '../attached';
import type { Draft } from './draft';
import { draftOf } from './mapping';
import { IDLE, NOTHING_CONFIRMED, blank, createState, versionOf } from './state';
import type { Saving, State, StoredVersion } from './state';

export type { Saving, Sent, State, StoredVersion } from './state';

type Container = ReturnType<typeof createState>;

/** Changes to the draft, confirmed or not. */
const contentActions = ({ get, set }: Container, makeKey: () => string) => {
  /** Changes the draft without making it dirty. */
  const amend = (part: Partial<Draft>) => {
    const { draft, confirmed } = get();
    const amended = { ...draft, ...part };
    set({ draft: amended, ...(confirmed === draft ? { confirmed: amended } : {}) });
  };
  return {
    change: (part: Partial<Draft>) => set({ draft: { ...get().draft, ...part } }),
    /** Adds names and sizes of attachments, which are not part of the stored content. */
    describeAttachments: (attachments: readonly Attached[]) => amend({ attachments }),
    /** Fixes the preselected tenant and identities, so that a later preselection does not replace them. */
    pinIdentities: (shown: Pick<Draft, 'tenant' | 'from' | 'replyTo'>) => amend(shown),
    /** Makes the next request a new submission. */
    renewKey: () => amend({ key: makeKey() }),
  };
};

/** Replacement of the whole draft in the form. */
const formActions = ({ get, set }: Container, makeKey: () => string) => {
  /** Nothing is dirty afterwards, so that a replaced draft is not backed up. */
  const giveUp = () => set({ confirmed: get().draft });
  const startAnew = () => {
    const { tenant, from, replyTo } = get().draft;
    set(blank(makeKey(), { tenant, from, replyTo }));
  };
  const open = (stored: StoredDraft) => {
    const draft = draftOf(stored, makeKey());
    set({ draft, confirmed: draft, stored: versionOf(stored), saving: IDLE, sent: null });
  };
  return {
    /** Clears the draft when another user signs in without a reload. */
    enter: (owner: string) => {
      if (get().owner !== owner) set({ owner, ...blank(makeKey()), sent: null });
    },
    /** Empties the form; tenant, From and Reply-To stay. */
    startAnew,
    /** As `startAnew`, without a backup of the present draft. */
    discard: () => {
      giveUp();
      startAnew();
    },
    /** Opens a stored draft. */
    open,
    /** As `open`, without a backup of the present draft. */
    takeOther: (stored: StoredDraft) => {
      giveUp();
      open(stored);
    },
    /** Opens a local backup; its content is dirty. */
    recover: (draft: Draft, stored: StoredVersion | null) =>
      set({ draft: { ...draft, key: makeKey() }, confirmed: NOTHING_CONFIRMED, stored, saving: IDLE }),

    /**
     * Empties the form after its draft was sent. A draft that has replaced it meanwhile, or another user's, stays.
     *
     * @param sent the state when the request was sent
     */
    accepted: (submission: Submission, undoUntil: number, sent: Pick<State, 'owner' | 'draft' | 'stored'>) => {
      const { owner, draft } = sent;
      if (get().owner !== owner) return;
      const { tenant, from, replyTo } = draft;
      const isInForm = get().draft.key === draft.key;
      if (isInForm) giveUp();
      set({
        ...(isInForm ? blank(makeKey(), { tenant, from, replyTo }) : {}),
        sent: { submission, draft, stored: sent.stored?.id ?? null, undoUntil },
      });
    },
    /** Opens a cancelled draft that was never stored; its content is dirty. */
    restore: (draft: Draft) =>
      set({
        draft: { ...draft, key: makeKey() },
        confirmed: NOTHING_CONFIRMED,
        stored: null,
        saving: IDLE,
        sent: null,
      }),
    /** Ends the offer of Undo. */
    dismiss: () => set({ sent: null }),
  };
};

const savingActions = ({ set }: Container) => ({
  setSaving: (saving: Saving) => set({ saving }),
  /** @param draft content of the request; the form may have changed since */
  confirm: (draft: Draft, stored: StoredDraft) => set({ confirmed: draft, stored: versionOf(stored), saving: IDLE }),
  /** Stores the form's content as a new draft. */
  detach: () => set({ stored: null, confirmed: NOTHING_CONFIRMED, saving: IDLE }),
  /** Overwrites the version of another tab with the form's content. */
  overwrite: (other: StoredDraft) => set({ stored: versionOf(other), confirmed: NOTHING_CONFIRMED, saving: IDLE }),
});

/**
 * Holds the draft outside of any page, so that it outlives navigation and Undo can restore it.
 *
 * @param makeKey makes idempotency keys
 */
export const createDraftStore = (makeKey: () => string) => {
  const state = createState({ owner: null, ...blank(makeKey()), sent: null });
  return {
    get: state.get,
    subscribe: state.subscribe,
    ...contentActions(state, makeKey),
    ...formActions(state, makeKey),
    ...savingActions(state),
  };
};

export type DraftStore = ReturnType<typeof createDraftStore>;

export const draftStore = createDraftStore(newKey);

export const useDrafts = (): State => React.useSyncExternalStore(draftStore.subscribe, draftStore.get);
