import { Button, Dialog, Flex, Typography } from '@strapi/design-system';
import type { Warning } from '../../../server/src/contracts/answers';
import { Question } from '../shared/ui/Question';
import { useText } from '../shared/i18n/use-text';
import { useWarningText } from './use-warning-text';

/** Dialog to confirm warnings before a message is sent. */
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
      <Question
        title={t('ask.title')}
        back={t('ask.back')}
        action={
          <Dialog.Action>
            <Button fullWidth onClick={onSend}>
              {t('ask.send')}
            </Button>
          </Dialog.Action>
        }
      >
        <Flex direction="column" gap={2}>
          {warnings.map((warning) => (
            <Typography key={warning.code} textAlign="center">
              {text(warning)}
            </Typography>
          ))}
        </Flex>
      </Question>
    </Dialog.Root>
  );
};
