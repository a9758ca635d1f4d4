import { Button, Flex, Table, Tbody, Td, Tr, Typography } from '@strapi/design-system';
import { ArrowClockwise, CheckCircle, Clock, Cross, CrossCircle, Question } from '@strapi/icons';
import * as React from 'react';
import type { RecipientState, Submission } from '../../../../server/src/contracts/answers';
import { StackedTable } from '../../shared/ui/StackedTable';
import { TableHead } from '../../shared/ui/TableHead';
import { written } from '../../shared/i18n/shown-address';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { byUrgency } from '../delivery-state';

const COLUMNS: readonly TextKey[] = ['submission.recipient', 'submission.result', 'submission.reply'];
const AT_ONCE = 50;

const STYLE = {
  pending: { colour: 'secondary600', Icon: Clock },
  accepted: { colour: 'success600', Icon: CheckCircle },
  rejected: { colour: 'danger600', Icon: CrossCircle },
  deferred: { colour: 'warning600', Icon: ArrowClockwise },
  uncertain: { colour: 'warning600', Icon: Question },
  canceled: { colour: 'neutral600', Icon: Cross },
  expired: { colour: 'danger600', Icon: CrossCircle },
} as const satisfies Record<RecipientState, unknown>;

const Result = ({ state }: { state: RecipientState }) => {
  const t = useText();
  const { colour, Icon } = STYLE[state];
  return (
    <Flex gap={2}>
      <Icon aria-hidden width="1.2rem" height="1.2rem" fill={colour} />
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
      <StackedTable>
        <Table colCount={COLUMNS.length} rowCount={Math.min(shown, recipients.length) + 1}>
          <TableHead columns={COLUMNS} />
          <Tbody>
            {recipients.slice(0, shown).map(({ email, name, field, state, reply }) => (
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
            ))}
          </Tbody>
        </Table>
      </StackedTable>
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
