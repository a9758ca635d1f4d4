import { Button, Dialog } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useMailboxesDeleteDraftMutation } from './draft/api';
import { refusalOf } from '../shared/refusals/refusal';
import { Question } from '../shared/ui/Question';
import { useText } from '../shared/i18n/use-text';
import { isUnwritten } from './draft/draft';
import { draftStore, useDrafts } from './draft/store';
import { autosave } from './draft/persistence';
import { useProblemText } from './use-sayings';

/**
 * Discards the form's content and deletes its stored draft, after a confirmation.
 *
 * @param onDiscarded called when the button is gone, to move the focus
 */
export const DiscardButton = ({ onDiscarded }: { onDiscarded: () => void }) => {
  const t = useText();
  const problem = useProblemText();
  const { toggleNotification } = useNotification();
  const { draft, stored } = useDrafts();
  const [remove, removing] = useMailboxesDeleteDraftMutation();
  const [open, setOpen] = React.useState(false);
  if (stored === null && isUnwritten(draft)) return null;

  const discard = async () => {
    // A running save would store the draft again.
    await autosave.flush();
    const { stored: saved, saving } = draftStore.get();
    // Changed in another tab: the conflict dialog shows that version first.
    if (saving.kind === 'conflict' || saving.kind === 'sent') return setOpen(false);
    const answer = saved ? await remove(saved.id) : {};
    setOpen(false);
    if ('error' in answer && refusalOf(answer.error).details?.code !== 'NOT_FOUND')
      return toggleNotification({ type: 'warning', message: problem(answer.error) });
    draftStore.discard();
    onDiscarded();
  };
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger>
        <Button variant="ghost" startIcon={<Trash />}>
          {t('draft.discard')}
        </Button>
      </Dialog.Trigger>
      <Question
        title={t('draft.discard.title')}
        back={t('drafts.delete.keep')}
        action={
          <Button fullWidth variant="danger-light" loading={removing.isLoading} onClick={() => void discard()}>
            {t('draft.discard')}
          </Button>
        }
      >
        {t('draft.discard.text')}
      </Question>
    </Dialog.Root>
  );
};
