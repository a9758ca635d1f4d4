import { Button, Dialog } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../i18n/use-text';
import { Question } from './Question';

interface Props {
  /** Button that opens the dialog. */
  trigger: React.ReactElement;
  title: string;
  text: string;
  back: TextKey;
  confirm: TextKey;
  loading?: boolean;
  onConfirm: (close: () => void) => void;
}

/** Button whose action needs a confirmation; the action closes the dialog. */
export const ConfirmedButton = ({ trigger, title, text, back, confirm, loading, onConfirm }: Props) => {
  const t = useText();
  const [open, setOpen] = React.useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger>{trigger}</Dialog.Trigger>
      <Question
        title={title}
        back={t(back)}
        action={
          <Button fullWidth variant="danger-light" loading={loading} onClick={() => onConfirm(() => setOpen(false))}>
            {t(confirm)}
          </Button>
        }
      >
        {text}
      </Question>
    </Dialog.Root>
  );
};
