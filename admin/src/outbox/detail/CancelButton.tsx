import { Button } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { ConfirmedButton } from '../../shared/ui/ConfirmedButton';
import { useText } from '../../shared/i18n/use-text';

/** Cancels a submission after a confirmation. */
export const CancelButton = ({ onCancel, loading }: { onCancel: () => void; loading: boolean }) => {
  const t = useText();
  return (
    <ConfirmedButton
      trigger={
        <Button variant="danger-light" startIcon={<Cross />} loading={loading}>
          {t('action.cancel')}
        </Button>
      }
      title={t('action.cancel.title')}
      text={t('action.cancel.text')}
      back="action.cancel.keep"
      confirm="action.cancel.confirm"
      onConfirm={(close) => {
        close();
        onCancel();
      }}
    />
  );
};
