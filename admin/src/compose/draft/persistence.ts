import { draftsClient } from './client';
import { createAutosave, isSafe } from './autosave';
import { draftStore, type State } from './store';
import { createLocalCopies, type LocalCopy } from './local-backup';
import { openTabs, thisTab } from './open-tabs';

/** So long after a change the browser has it. */
const COPY_AFTER_MS = 200;

const schedule = (run: () => void, ms: number): (() => void) => {
  const timer = window.setTimeout(run, ms);
  return () => window.clearTimeout(timer);
};

export const autosave = createAutosave(draftStore, draftsClient, schedule);

const copies = createLocalCopies(window.localStorage);

const copy = (state: State): void => {
  const { owner, draft, kept } = state;
  if (owner === null) return;
  if (isSafe(state)) copies.remove(owner, draft.key);
  else copies.write(owner, { draft, kept, tab: thisTab, at: Date.now() });
};

let before = draftStore.get();
let copying: (() => void) | null = null;
/** The page goes: what comes now comes too late for a timer. */
let leaving = false;

draftStore.subscribe(() => {
  const state = draftStore.get();
  if (state.owner !== before.owner || state.draft.key !== before.draft.key) {
    copying?.();
    copying = null;
    // What made room for another message: as long as it is not stored, here is where it can be found again.
    copy(before);
  }
  before = state;
  if (isSafe(state) || leaving) copy(state);
  else
    copying ??= schedule(() => {
      copying = null;
      copy(draftStore.get());
    }, COPY_AFTER_MS);
  autosave.changed();
});

window.addEventListener('pagehide', () => {
  leaving = true;
  copy(draftStore.get());
});
window.addEventListener('pageshow', () => {
  leaving = false;
});
window.addEventListener('online', () => void autosave.flush());

/** What was typed and never reached the server, and is in no open form, the latest first. */
export const unsavedCopies = async (owner: string): Promise<LocalCopy[]> => {
  const found = copies.all(owner);
  const open = found.length > 0 ? await openTabs() : new Set();
  const { key } = draftStore.get().draft;
  // Of this page, what made room for another message.
  return found.filter(({ tab, draft }) => (tab === thisTab ? draft.key !== key : !open.has(tab)));
};

export const forgetCopy = (owner: string, key: string): void => copies.remove(owner, key);
