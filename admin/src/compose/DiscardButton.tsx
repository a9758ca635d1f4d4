import { Button } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';
import { useMailboxesDeleteDraftMutation } from './draft/api';
import { refusalOf } from '../shared/refusals/refusal';
import { ConfirmedButton } from '../shared/ui/ConfirmedButton';
import { useText } from '../shared/i18n/use-text';
import { isUnwritten } from './draft/draft';
import { draftStore, useDrafts } from './draft/store';
import { autosave } from './draft/persistence';
import { useRefusalWithNext } from './use-sentences';

/**
 * Discards the form's content and deletes its stored draft, after a confirmation.
 *
 * @param onDiscarded called when the button is gone, to move the focus
 */
export const DiscardButton = ({ onDiscarded }: { onDiscarded: () => void }) => {
  const t = useText();
  const problem = useRefusalWithNext();
  const { toggleNotification } = useNotification();
  const { draft, stored } = useDrafts();
  const [remove, removing] = useMailboxesDeleteDraftMutation();
  if (stored === null && isUnwritten(draft)) return null;

  const discard = async (close: () => void) => {
    // A running save would store the draft again.
    await autosave.flush();
    const { stored: saved, saving } = draftStore.get();
    // Changed in another tab: the conflict dialog shows that version first.
    if (saving.kind === 'conflict' || saving.kind === 'sent') return close();
    const answer = saved ? await remove(saved.id) : {};
    close();
    if ('error' in answer && refusalOf(answer.error).details?.code !== 'NOT_FOUND')
      return toggleNotification({ type: 'warning', message: problem(answer.error) });
    draftStore.discard();
    onDiscarded();
  };
  return (
    <ConfirmedButton
      trigger={
        <Button variant="ghost" startIcon={<Trash />}>
          {t('draft.discard')}
        </Button>
      }
      title={t('draft.discard.title')}
      text={t('draft.discard.text')}
      back="drafts.delete.keep"
      confirm="draft.discard"
      loading={removing.isLoading}
      onConfirm={(close) => void discard(close)}
    />
  );
};
