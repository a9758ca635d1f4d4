import { createAutosave, isDirty } from './autosave';
import { draftsClient } from './client';
import { createLocalBackups, type LocalBackup } from './local-backup';
import { openTabs, thisTab } from './open-tabs';
import { draftStore, type State } from './store';

/** Debounce of the local backup. */
const BACKUP_DELAY_MS = 200;

const schedule = (run: () => void, ms: number): (() => void) => {
  const timer = window.setTimeout(run, ms);
  return () => window.clearTimeout(timer);
};

export const autosave = createAutosave(draftStore, draftsClient, schedule);

const backups = createLocalBackups(window.localStorage);

const backUp = (state: State): void => {
  const { owner, draft, stored } = state;
  if (owner === null) return;
  if (isDirty(state)) backups.write(owner, { draft, kept: stored, tab: thisTab, at: Date.now() });
  else backups.remove(owner, draft.key);
};

let before = draftStore.get();
let cancelBackup: (() => void) | null = null;
/** Set on `pagehide`: timers no longer fire, so write synchronously. */
let isLeaving = false;

draftStore.subscribe(() => {
  const state = draftStore.get();
  if (state.owner !== before.owner || state.draft.key !== before.draft.key) {
    cancelBackup?.();
    cancelBackup = null;
    // A replaced draft that is dirty can be recovered from its backup only.
    backUp(before);
  }
  before = state;
  if (!isDirty(state) || isLeaving) backUp(state);
  else
    cancelBackup ??= schedule(() => {
      cancelBackup = null;
      backUp(draftStore.get());
    }, BACKUP_DELAY_MS);
  autosave.changed();
});

window.addEventListener('pagehide', () => {
  isLeaving = true;
  backUp(draftStore.get());
});
window.addEventListener('pageshow', () => {
  isLeaving = false;
});
window.addEventListener('online', () => void autosave.flush());

/** Returns the backups of this user that no open form holds, the latest first. */
export const recoverableBackups = async (owner: string): Promise<LocalBackup[]> => {
  const found = backups.all(owner);
  const open = found.length > 0 ? await openTabs() : new Set();
  const { key } = draftStore.get().draft;
  // Backups of this tab include drafts that were replaced in the form.
  return found.filter(({ tab, draft }) => (tab === thisTab ? draft.key !== key : !open.has(tab)));
};

export const removeBackup = (owner: string, key: string): void => backups.remove(owner, key);
