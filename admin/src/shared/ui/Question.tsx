import { Button, Dialog } from '@strapi/design-system';
import * as React from 'react';

/** Content of a confirmation dialog; the cancel button comes first. */
export const Question = ({
  title,
  back,
  action,
  children,
}: {
  title: string;
  back: string;
  action: React.ReactNode;
  children: React.ReactNode;
}) => (
  <Dialog.Content>
    <Dialog.Header>{title}</Dialog.Header>
    <Dialog.Body>{children}</Dialog.Body>
    <Dialog.Footer>
      <Dialog.Cancel>
        <Button fullWidth variant="tertiary">
          {back}
        </Button>
      </Dialog.Cancel>
      {action}
    </Dialog.Footer>
  </Dialog.Content>
);
