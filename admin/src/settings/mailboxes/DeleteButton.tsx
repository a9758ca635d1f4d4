import { Button, Dialog } from '@strapi/design-system';
import { ConfirmDialog, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Mailbox } from '../../../../server/src/contracts/answers';
import { refusalOf } from '../../shared/api/client';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesDeleteMutation } from './api';

/** Deletes a mailbox after a confirmation; a second one if unfinished messages would be canceled. */
export const DeleteButton = ({ mailbox, deleted }: { mailbox: Mailbox; deleted: () => void }) => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [remove] = useMailboxesDeleteMutation();
  const [asking, setAsking] = React.useState<'nothing' | 'whether' | number>('nothing');

  const run = async (cancelUnfinished: boolean) => {
    const answer = await remove({ id: mailbox.id, cancelUnfinished });
    if (!('error' in answer)) {
      setAsking('nothing');
      toggleNotification({ type: 'success', message: t('edit.deleted', { name: mailbox.name }) });
      return deleted();
    }
    const { code, submissions = 0, reason } = refusalOf(answer.error).details ?? {};
    if (code === 'MAILBOX_IN_USE' && !cancelUnfinished) return setAsking(Number(submissions));
    setAsking('nothing');
    const message =
      code === 'MAILBOX_IN_USE' && reason !== undefined
        ? t('edit.delete.moving', { count: Number(submissions) })
        : refusal(answer.error);
    return toggleNotification({ type: 'danger', message });
  };

  const inUse = typeof asking === 'number';
  return (
    <Dialog.Root open={asking !== 'nothing'} onOpenChange={(open) => setAsking(open ? 'whether' : 'nothing')}>
      <Dialog.Trigger>
        <Button type="button" variant="danger-light">
          {t('edit.delete')}
        </Button>
      </Dialog.Trigger>
      <ConfirmDialog
        key={inUse ? 'in-use' : 'whether'}
        title={t('edit.delete.title')}
        onConfirm={async (event) => {
          // Keeps the dialog open for the second confirmation.
          event?.preventDefault();
          await run(inUse);
        }}
        endAction={
          inUse ? (
            <Button fullWidth variant="danger-light" onClick={() => void run(true)}>
              {t('edit.delete.cancel-unfinished')}
            </Button>
          ) : undefined
        }
      >
        {inUse ? t('edit.delete.in-use', { count: asking }) : t('edit.delete.confirm', { name: mailbox.name })}
      </ConfirmDialog>
    </Dialog.Root>
  );
};
