import { Button, Dialog } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { useText } from '../lib/use-text';

/** Asks before a message is stopped. */
export const CancelButton = ({ onCancel, loading }: { onCancel: () => void; loading: boolean }) => {
  const t = useText();
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button variant="danger-light" startIcon={<Cross />} loading={loading}>
          {t('action.cancel')}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content>
        <Dialog.Header>{t('action.cancel.title')}</Dialog.Header>
        <Dialog.Body>{t('action.cancel.text')}</Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              {t('action.cancel.keep')}
            </Button>
          </Dialog.Cancel>
          <Dialog.Action>
            <Button fullWidth variant="danger-light" onClick={onCancel}>
              {t('action.cancel.confirm')}
            </Button>
          </Dialog.Action>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};
