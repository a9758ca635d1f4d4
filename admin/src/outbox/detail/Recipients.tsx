import { Button, Flex, Td, Tr, Typography } from '@strapi/design-system';
import * as React from 'react';
import type { RecipientState, Submission } from '../../../../server/src/contracts/answers';
import { RowTable } from '../../shared/ui/RowTable';
import { written } from '../../shared/i18n/shown-address';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { byUrgency } from '../delivery-state';
import { displayStateOfRecipient } from '../display-state';
import { StateIcon } from '../StateLabel';

const COLUMNS: readonly TextKey[] = ['submission.recipient', 'submission.result', 'submission.reply'];
const AT_ONCE = 50;

const Result = ({ state }: { state: RecipientState }) => {
  const t = useText();
  return (
    <Flex gap={2}>
      <StateIcon displayState={displayStateOfRecipient(state)} />
      <Typography fontWeight="semiBold">{t(`recipient.${state}`)}</Typography>
    </Flex>
  );
};

/** Recipients with the replies of the mail server, the most urgent first. */
export const Recipients = ({ submission }: { submission: Submission }) => {
  const t = useText();
  const [shown, setShown] = React.useState(AT_ONCE);
  const recipients = byUrgency(submission);
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <RowTable columns={COLUMNS} rows={recipients.slice(0, shown)}>
        {({ email, name, field, state, reply }) => (
          <Tr key={email}>
            <Td>
              <Typography>
                {t(`compose.${field}`)}: {written({ name, email })}
              </Typography>
            </Td>
            <Td>
              <Result state={state} />
            </Td>
            <Td>
              <Typography textColor="neutral600" style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
                {reply ?? t('submission.no-reply')}
              </Typography>
            </Td>
          </Tr>
        )}
      </RowTable>
      {recipients.length > shown && (
        <Flex justifyContent="center">
          <Button variant="tertiary" onClick={() => setShown((count) => count + AT_ONCE)}>
            {t('submission.more-recipients', { count: recipients.length - shown })}
          </Button>
        </Flex>
      )}
    </Flex>
  );
};
