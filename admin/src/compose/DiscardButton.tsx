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
 * Throws away what is in the form, and where it is stored.
 *
 * @param onDiscarded the button is gone then, and the focus with it
 */
export const DiscardButton = ({ onDiscarded }: { onDiscarded: () => void }) => {
  const t = useText();
  const problem = useProblemText();
  const { toggleNotification } = useNotification();
  const { draft, kept } = useDrafts();
  const [remove, removing] = useMailboxesDeleteDraftMutation();
  const [open, setOpen] = React.useState(false);
  if (kept === null && isUnwritten(draft)) return null;

  const discard = async () => {
    // A request that is under way would store it again.
    await autosave.flush();
    const { kept: stored, saving } = draftStore.get();
    // Another tab was at it: what is there is shown before it can be thrown away.
    if (saving.kind === 'conflict' || saving.kind === 'sent') return setOpen(false);
    const answer = stored ? await remove(stored.id) : {};
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
