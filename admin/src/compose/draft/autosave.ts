import type { Draft as StoredDraft } from '../../../../server/src/contracts/answers';
import type { RefusalBody } from '../../shared/refusals/refusal';
import { isUnwritten } from './draft';
import { contentOf, draftOf, type Content } from './mapping';
import type { DraftStore, State } from './store';

export type Answer = { data: StoredDraft } | { error: RefusalBody };

/** Requests of drafts to the server. They never reject. */
export interface Drafts {
  create: (content: Content) => Promise<Answer>;
  update: (id: string, content: Content & { version: number }) => Promise<Answer>;
  get: (id: string) => Promise<Answer>;
}

/** Delay of the save after a change; further changes do not postpone it. */
const SAVE_DELAY_MS = 1000;
/** Delay of the retry after the first failure, the second and so on. */
const RETRY_DELAYS_MS = [2_000, 5_000, 15_000, 30_000];

/** Has the draft content that the server has not confirmed? An empty draft that was never stored has none. */
export const isDirty = ({ draft, confirmed, stored }: State): boolean =>
  draft !== confirmed && (stored !== null || !isUnwritten(draft));

/** Comparable form; without the tenant, which the server chooses where the draft names none. */
const fingerprintOf = ({ tenant: _, ...content }: Content): string => JSON.stringify(content);

/**
 * Resolves a refused update of a stored draft that was changed, sent or deleted in another tab.
 *
 * @param unanswered fingerprint of the last content without an answer: if the server has it, only the answer was lost
 */
const resolveRefusal = async (
  { store, drafts }: { store: DraftStore; drafts: Drafts },
  { id, error, unanswered }: { id: string | null; error: RefusalBody; unanswered: string | null }
): Promise<'save-again' | 'stop' | 'retry-later'> => {
  if (id === null) return 'retry-later';
  const { code, submission, version } = error.details ?? {};
  if (code === 'INVALID_STATE' && typeof submission === 'string') {
    store.setSaving({ kind: 'sent', submission });
    return 'stop';
  }
  if (code === 'NOT_FOUND') {
    store.detach();
    return 'save-again';
  }
  if (code !== 'INVALID_STATE' || version === undefined) return 'retry-later';
  const other = await drafts.get(id);
  if ('data' in other) {
    if (fingerprintOf(contentOf(draftOf(other.data, ''))) === unanswered) {
      store.overwrite(other.data);
      return 'save-again';
    }
    store.setSaving({ kind: 'conflict', other: other.data });
    return 'stop';
  }
  if (other.error.details?.code !== 'NOT_FOUND') return 'retry-later';
  store.detach();
  return 'save-again';
};

/**
 * Saves the draft on the server: one request at a time, each with the version that it changes, so that the server detects
 * a conflict between two tabs.
 *
 * @param schedule like `setTimeout`; returns a cancel function
 */
export const createAutosave = (
  store: DraftStore,
  drafts: Drafts,
  schedule: (run: () => void, ms: number) => () => void
) => {
  let running: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let failures = 0;
  let unanswered: string | null = null;

  const startTimer = (ms: number) => {
    cancelTimer ??= schedule(() => {
      cancelTimer = null;
      void flush();
    }, ms);
  };

  const run = async (): Promise<void> => {
    for (;;) {
      const before = store.get();
      if (before.saving.kind === 'conflict' || before.saving.kind === 'sent') return;
      if (!isDirty(before)) {
        if (before.saving.kind === 'failed') store.setSaving({ kind: 'idle' });
        return;
      }
      const { draft, stored } = before;
      const content = contentOf(draft);
      store.setSaving({ kind: 'saving' });
      const answer = await (stored
        ? drafts.update(stored.id, { ...content, version: stored.version })
        : drafts.create(content));
      // The form holds another draft now.
      if (store.get().draft.key !== draft.key || store.get().owner !== before.owner) continue;
      if ('data' in answer) {
        failures = 0;
        unanswered = null;
        store.confirm(draft, answer.data);
        continue;
      }
      const { error } = answer;
      const next = await resolveRefusal({ store, drafts }, { id: stored?.id ?? null, error, unanswered });
      if (next === 'retry-later') {
        store.setSaving({ kind: 'failed', error });
        startTimer(RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)] ?? SAVE_DELAY_MS);
        failures += 1;
      }
      // No answer of this plugin: the server may have stored the content.
      if (error.details?.code === undefined) unanswered = fingerprintOf(content);
      if (next !== 'save-again') return;
    }
  };

  /** Saves now. Resolves when nothing is dirty, or when saving has failed. */
  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = null;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    flush,
    /** Call it after every change of the store. */
    changed: () => {
      const state = store.get();
      if (!running && isDirty(state) && state.saving.kind === 'idle') startTimer(SAVE_DELAY_MS);
    },
  };
};
