import type { Answer } from './draft/autosave';
import { isUnwritten } from './draft/draft';
import type { DraftStore } from './draft/store';

/**
 * Saves the draft when the form is left. Deletes it if it has no content: emptied again, or with a scheduled time
 * only.
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
  const { draft, stored, saving } = store.get();
  // After a failed save or a conflict the server may have content that this form lacks.
  if (stored === null || saving.kind !== 'idle' || !isUnwritten({ ...draft, later: null })) return;
  // Another tab may have changed the draft since the last save.
  const answer = await server.get(stored.id);
  if (!('data' in answer) || answer.data.version !== stored.version) return;
  await server.remove(stored.id);
  if (store.get().draft === draft) store.discard();
};
