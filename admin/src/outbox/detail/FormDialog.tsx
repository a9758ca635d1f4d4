import { Button, Modal } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../../shared/i18n/use-text';

interface Props {
  title: TextKey;
  /** Label of the submit button. */
  submit: TextKey;
  loading: boolean;
  onSubmit: () => void;
  children: React.ReactNode;
}

/** Form inside a dialog; the cancel button comes first. */
export const DialogForm = React.forwardRef<HTMLFormElement, Props>(
  ({ title, submit, loading, onSubmit, children }, ref) => {
    const t = useText();
    return (
      <form
        ref={ref}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Modal.Header>
          <Modal.Title>{t(title)}</Modal.Title>
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
        <Modal.Footer>
          <Modal.Close>
            <Button variant="tertiary">{t('action.back')}</Button>
          </Modal.Close>
          <Button type="submit" loading={loading}>
            {t(submit)}
          </Button>
        </Modal.Footer>
      </form>
    );
  }
);
DialogForm.displayName = 'DialogForm';

/** Button with the dialog that it opens. */
export const FormDialog = ({
  open: label,
  icon,
  variant,
  children,
}: {
  open: TextKey;
  icon: React.ReactNode;
  variant: 'secondary' | 'tertiary';
  children: (close: () => void) => React.ReactNode;
}) => {
  const t = useText();
  const [open, setOpen] = React.useState(false);
  return (
    <Modal.Root open={open} onOpenChange={setOpen}>
      <Modal.Trigger>
        <Button variant={variant} startIcon={icon}>
          {t(label)}
        </Button>
      </Modal.Trigger>
      <Modal.Content aria-describedby={undefined}>{children(() => setOpen(false))}</Modal.Content>
    </Modal.Root>
  );
};
