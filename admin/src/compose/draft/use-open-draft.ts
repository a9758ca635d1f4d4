import * as React from 'react';
import { useSearchParams } from 'react-router-dom';
import { draftsClient } from './client';
import { isSafe } from './autosave';
import { isUnwritten } from './draft';
import { draftStore, useDrafts } from './store';
import { autosave, forgetCopy, unsavedCopies } from './persistence';
import type { LocalCopy } from './local-backup';

export const DRAFT_PARAMETER = 'draft';

/** `gone`: sent or deleted meanwhile; `failed`: the server does not answer. */
export type Opening = 'opening' | 'ready' | 'gone' | 'failed';

/** Text that a page could not save any more comes back as a change of what the server has. */
const recover = async ({ draft, kept }: LocalCopy, owner: string): Promise<void> => {
  const stored = kept ? await draftsClient.get(kept.id) : null;
  const isGone = stored !== null && 'error' in stored && stored.error.details?.code === 'NOT_FOUND';
  // With the version that was changed: where the server has another by now, both are shown.
  draftStore.recover(draft, isGone ? null : kept);
  forgetCopy(owner, draft.key);
  void autosave.flush();
};

/** @returns the draft's opening; true where something was recovered */
const open = async (wanted: string | null, owner: string): Promise<{ opening: Opening; restored: boolean }> => {
  if (!isSafe(draftStore.get())) await autosave.flush();
  const copies = await unsavedCopies(owner);
  const copy = wanted === null ? copies[0] : copies.find(({ kept }) => kept?.id === wanted);
  if (copy) {
    await recover(copy, owner);
    return { opening: 'ready', restored: true };
  }
  if (wanted === null) return { opening: 'ready', restored: false };
  const answer = await draftsClient.get(wanted);
  if ('data' in answer) {
    draftStore.open(answer.data);
    return { opening: 'ready', restored: false };
  }
  return { opening: answer.error.details?.code === 'NOT_FOUND' ? 'gone' : 'failed', restored: false };
};

/** Puts the draft that the address names into the form, and the form's draft into the address. */
export const useOpenDraft = (owner: string): { opening: Opening; restored: boolean; retry: () => void } => {
  const [params, setParams] = useSearchParams();
  const wanted = params.get(DRAFT_PARAMETER);
  const { kept } = useDrafts();
  const id = kept?.id ?? null;
  const [state, setState] = React.useState<{ opening: Opening; restored: boolean }>({
    opening: wanted === id && !isUnwritten(draftStore.get().draft) ? 'ready' : 'opening',
    restored: false,
  });
  const [attempt, setAttempt] = React.useState(0);
  /** What address and form agreed on last; undefined: nothing yet. */
  const agreed = React.useRef<string | null | undefined>(undefined);
  const latest = React.useRef<object | null>(null);

  React.useEffect(() => {
    const first = agreed.current === undefined;
    const isEmpty = id === null && isUnwritten(draftStore.get().draft);
    if (wanted === id && !(first && isEmpty)) {
      agreed.current = id;
      setState((before) => (before.opening === 'ready' ? before : { ...before, opening: 'ready' }));
    } else if ((wanted !== null && wanted !== agreed.current) || (first && isEmpty)) {
      agreed.current = wanted;
      const ours = (latest.current = {});
      setState({ opening: 'opening', restored: false });
      void open(wanted, owner).then((result) => {
        if (latest.current === ours) setState(result);
      });
    } else if (id === null && draftStore.get().sent?.kept === wanted) {
      // It was sent: the page is about to be left, and another address would keep one here.
      agreed.current = wanted;
    } else {
      agreed.current = id;
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (id === null) next.delete(DRAFT_PARAMETER);
          else next.set(DRAFT_PARAMETER, id);
          return next;
        },
        { replace: true }
      );
    }
  }, [wanted, id, owner, attempt, setParams]);

  const retry = () => {
    agreed.current = undefined;
    setAttempt((count) => count + 1);
  };
  return { ...state, retry };
};
