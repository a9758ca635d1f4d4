import { isUnwritten } from './draft';
import type { DraftStore } from './draft-store';

/**
 * Saves what is written when the form is left, and deletes the draft of a form that holds nothing to send: emptied
 * again, or with a date and no more.
 *
 * @param flush saves now
 * @param remove deletes a stored draft by its id
 */
export const leaveForm = async (
  store: DraftStore,
  flush: () => Promise<void>,
  remove: (id: string) => Promise<unknown>
): Promise<void> => {
  await flush();
  const { draft, kept, saving } = store.get();
  // Where saving failed, or another tab was at it, the server may have more than this form.
  if (kept === null || saving.kind !== 'idle' || !isUnwritten({ ...draft, later: null })) return;
  await remove(kept.id);
  if (store.get().draft === draft) store.discard();
};
