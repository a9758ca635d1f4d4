import { Button, Dialog, Flex, Typography } from '@strapi/design-system';
import type { Warning } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';
import { useWarningText } from './use-warning-text';

/** What is more often a slip than meant is asked about once. */
export const AskBeforeSending = ({
  warnings,
  onSend,
  onBack,
}: {
  warnings: readonly Warning[];
  onSend: () => void;
  onBack: () => void;
}) => {
  const t = useText();
  const text = useWarningText();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onBack()}>
      <Dialog.Content>
        <Dialog.Header>{t('ask.title')}</Dialog.Header>
        <Dialog.Body>
          <Flex direction="column" gap={2}>
            {warnings.map((warning) => (
              <Typography key={warning.code} textAlign="center">
                {text(warning)}
              </Typography>
            ))}
          </Flex>
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              {t('ask.back')}
            </Button>
          </Dialog.Cancel>
          <Dialog.Action>
            <Button fullWidth onClick={onSend}>
              {t('ask.send')}
            </Button>
          </Dialog.Action>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};
