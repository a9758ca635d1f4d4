import type { Answer } from './draft/autosave';
import { isUnwritten } from './draft/draft';
import type { DraftStore } from './draft/store';

/**
 * Saves what is written when the form is left, and deletes the draft of a form that holds nothing to send: emptied
 * again, or with a date and no more.
 *
 * @param server.flush saves now
 * @param server.get reads a stored draft by its id
 * @param server.remove deletes a stored draft by its id
 */
export const leaveForm = async (
  store: DraftStore,
  server: {
    flush: () => Promise<void>;
    get: (id: string) => Promise<Answer>;
    remove: (id: string) => Promise<unknown>;
  }
): Promise<void> => {
  await server.flush();
  const { draft, kept, saving } = store.get();
  // Where saving failed, or another tab was at it, the server may have more than this form.
  if (kept === null || saving.kind !== 'idle' || !isUnwritten({ ...draft, later: null })) return;
  // Another tab may have written into the draft since: this form learns of it only when it saves.
  const stored = await server.get(kept.id);
  if (!('data' in stored) || stored.data.version !== kept.version) return;
  await server.remove(kept.id);
  if (store.get().draft === draft) store.discard();
};
