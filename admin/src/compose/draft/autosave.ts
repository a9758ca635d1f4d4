import type { Draft as StoredDraft } from '../../../../server/src/contracts/answers';
import type { RefusalBody } from '../../shared/refusals/refusal';
import { isUnwritten } from './draft';
import type { DraftStore, State } from './store';
import { contentOf, draftOf, type Content } from './mapping';

export type Answer = { data: StoredDraft } | { error: RefusalBody };

/** The server's drafts. Never rejects. */
export interface Drafts {
  create: (content: Content) => Promise<Answer>;
  update: (id: string, content: Content & { version: number }) => Promise<Answer>;
  get: (id: string) => Promise<Answer>;
}

/** So long after a change; further changes meanwhile do not make it later. */
const SAVE_AFTER_MS = 1000;
/** So long after one failure, two, and so on. */
const AGAIN_AFTER_MS = [2_000, 5_000, 15_000, 30_000];

export const isDirty = ({ draft, saved }: State): boolean => draft !== saved;
/** Has the server everything that matters? */
export const isSafe = (state: State): boolean => !isDirty(state) || (state.kept === null && isUnwritten(state.draft));

/** To compare by; the tenant is the server's choice where none was named. */
const wordsIn = ({ tenant: _, ...content }: Content): string => JSON.stringify(content);

/**
 * Keeps the form's text on the server: one request at a time, each with the version that it changes, so that of two
 * tabs one is told about the other.
 *
 * @param schedule calls back after so many milliseconds; gives what takes that back
 */
export const createAutosave = (
  store: DraftStore,
  drafts: Drafts,
  schedule: (run: () => void, ms: number) => () => void
) => {
  let running: Promise<void> | null = null;
  let planned: (() => void) | null = null;
  let failures = 0;
  /** What was sent last without an answer of ours: it may have arrived. */
  let unanswered: string | null = null;

  const unplan = () => {
    planned?.();
    planned = null;
  };
  const plan = (ms: number) => {
    planned ??= schedule(() => {
      planned = null;
      void flush();
    }, ms);
  };

  const refused = async (id: string | null, error: RefusalBody): Promise<'again' | 'stop'> => {
    const { code, submission, version } = error.details ?? {};
    if (id !== null && code === 'INVALID_STATE' && typeof submission === 'string') {
      store.saving({ kind: 'sent', submission });
      return 'stop';
    }
    // Deleted elsewhere: what is typed here is worth keeping all the same.
    if (id !== null && code === 'NOT_FOUND') {
      store.detach();
      return 'again';
    }
    if (id !== null && code === 'INVALID_STATE' && version !== undefined) {
      const other = await drafts.get(id);
      if ('data' in other && wordsIn(contentOf(draftOf(other.data, ''))) === unanswered) {
        store.overrule(other.data);
        return 'again';
      }
      if ('data' in other) {
        store.saving({ kind: 'conflict', other: other.data });
        return 'stop';
      }
      if (other.error.details?.code === 'NOT_FOUND') {
        store.detach();
        return 'again';
      }
    }
    store.saving({ kind: 'failed', error });
    plan(AGAIN_AFTER_MS[Math.min(failures, AGAIN_AFTER_MS.length - 1)] ?? SAVE_AFTER_MS);
    failures += 1;
    return 'stop';
  };

  const run = async (): Promise<void> => {
    for (;;) {
      const before = store.get();
      if (before.saving.kind === 'conflict' || before.saving.kind === 'sent') return;
      if (isSafe(before)) {
        if (before.saving.kind === 'failed') store.saving({ kind: 'idle' });
        return;
      }
      const { draft, kept } = before;
      const content = contentOf(draft);
      store.saving({ kind: 'saving' });
      const answer = await (kept
        ? drafts.update(kept.id, { ...content, version: kept.version })
        : drafts.create(content));
      // Another message is in the form by now: what was saved is in the list of drafts.
      if (store.get().draft.key !== draft.key || store.get().owner !== before.owner) continue;
      if ('data' in answer) {
        failures = 0;
        unanswered = null;
        store.keep(draft, answer.data);
      } else {
        const next = await refused(kept?.id ?? null, answer.error);
        if (answer.error.details?.code === undefined) unanswered = wordsIn(content);
        if (next === 'stop') return;
      }
    }
  };

  /** Saves what is there, now. Resolves when it is saved, or when it cannot be. */
  const flush = (): Promise<void> => {
    unplan();
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    flush,
    /** To be told of every change. */
    changed: () => {
      const state = store.get();
      if (!running && !isSafe(state) && state.saving.kind === 'idle') plan(SAVE_AFTER_MS);
    },
  };
};
