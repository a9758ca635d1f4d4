import { Button, Dialog } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { Question } from '../../shared/ui/Question';
import { useText } from '../../shared/i18n/use-text';

/** Cancels a submission after a confirmation. */
export const CancelButton = ({ onCancel, loading }: { onCancel: () => void; loading: boolean }) => {
  const t = useText();
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button variant="danger-light" startIcon={<Cross />} loading={loading}>
          {t('action.cancel')}
        </Button>
      </Dialog.Trigger>
      <Question
        title={t('action.cancel.title')}
        back={t('action.cancel.keep')}
        action={
          <Dialog.Action>
            <Button fullWidth variant="danger-light" onClick={onCancel}>
              {t('action.cancel.confirm')}
            </Button>
          </Dialog.Action>
        }
      >
        {t('action.cancel.text')}
      </Question>
    </Dialog.Root>
  );
};
