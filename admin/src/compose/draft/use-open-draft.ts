import * as React from 'react';
import { useSearchParams } from 'react-router-dom';
import { draftsClient } from './client';
import { isDirty } from './autosave';
import { isUnwritten } from './draft';
import { draftStore, useDrafts } from './store';
import { autosave, recoverableBackups, removeBackup } from './persistence';
import type { LocalBackup } from './local-backup';

export const DRAFT_PARAMETER = 'draft';

/** `gone`: sent or deleted meanwhile; `failed`: no answer of the server. */
export type Opening = 'opening' | 'ready' | 'gone' | 'failed';

/** Opens a local backup as a dirty draft. */
const recover = async ({ draft, kept: backedUp }: LocalBackup, owner: string): Promise<void> => {
  const answer = backedUp ? await draftsClient.get(backedUp.id) : null;
  const isGone = answer !== null && 'error' in answer && answer.error.details?.code === 'NOT_FOUND';
  // With the version of the backup: a newer one on the server is a conflict.
  draftStore.recover(draft, isGone ? null : backedUp);
  removeBackup(owner, draft.key);
  void autosave.flush();
};

/** @returns `restored`: a local backup was opened */
const open = async (wanted: string | null, owner: string): Promise<{ opening: Opening; restored: boolean }> => {
  if (isDirty(draftStore.get())) await autosave.flush();
  const backups = await recoverableBackups(owner);
  const backup = wanted === null ? backups[0] : backups.find(({ kept }) => kept?.id === wanted);
  if (backup) {
    await recover(backup, owner);
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

/** Keeps the form's draft and the URL parameter in step, in both directions. */
export const useOpenDraft = (owner: string): { opening: Opening; restored: boolean; retry: () => void } => {
  const [params, setParams] = useSearchParams();
  const wanted = params.get(DRAFT_PARAMETER);
  const { stored } = useDrafts();
  const id = stored?.id ?? null;
  const [state, setState] = React.useState<{ opening: Opening; restored: boolean }>({
    opening: wanted === id && !isUnwritten(draftStore.get().draft) ? 'ready' : 'opening',
    restored: false,
  });
  const [attempt, setAttempt] = React.useState(0);
  /** Last draft id that the URL and the form shared; undefined: none yet. */
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
    } else if (id === null && draftStore.get().sent?.stored === wanted) {
      // Sent: the form navigates away, and a change of the URL would cancel that.
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
