import { Alert, Box, Flex, Table, Tbody, Td, Tr, Typography } from '@strapi/design-system';
import { BackButton, Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { useIntl } from 'react-intl';
import { useParams } from 'react-router-dom';
import type { Submission } from '../../../server/src/contracts/answers';
import { useMailboxesSubmissionQuery } from '../compose/api';
import { PLUGIN_ID } from '../lib/plugin-id';
import { TableHead } from '../lib/TableHead';
import { useText, type TextKey } from '../lib/use-text';
import { Section } from '../mailboxes/fields';
import { StateLabel } from './StateLabel';

const REFRESH_MS = 1000;
const COLUMNS: readonly TextKey[] = ['submission.recipient', 'submission.result', 'submission.reply'];

const written = ({ name, email }: { name: string | null; email: string }): string =>
  name ? `${name} <${email}>` : email;

const Fact = ({ label, children }: { label: TextKey; children: React.ReactNode }) => {
  const t = useText();
  return (
    <Box>
      <Typography variant="sigma" textColor="neutral600">
        {t(label)}
      </Typography>
      <Typography tag="p">{children}</Typography>
    </Box>
  );
};

const Why = ({ error, state }: Submission) => {
  const t = useText();
  const { messages, formatMessage } = useIntl();
  if (!error) return null;
  const id = `${PLUGIN_ID}.refusal.${error.code}`;
  const title = messages[id] === undefined ? error.code : formatMessage({ id });
  return (
    <Alert variant={state === 'failed' ? 'danger' : 'warning'} title={title} closeLabel="" onClose={undefined}>
      {error.message} {state === 'uncertain' && t('submission.uncertain.text')}
    </Alert>
  );
};

/** One submission: its state in words, and each recipient with the server's reply. */
export const DetailPage = () => {
  const t = useText();
  const { id = '' } = useParams();
  const [moving, setMoving] = React.useState(true);
  const { data, isLoading } = useMailboxesSubmissionQuery(id, {
    pollingInterval: moving ? REFRESH_MS : 0,
    refetchOnMountOrArgChange: true,
  });
  React.useEffect(() => setMoving(data?.settledAt == null), [data]);

  if (isLoading) return <Page.Loading />;
  if (!data) return <Page.Error />;
  return (
    <Page.Main>
      <Page.Title>{data.subject || t('submissions.no-subject')}</Page.Title>
      <Layouts.Header
        title={data.subject || t('submissions.no-subject')}
        navigationAction={<BackButton fallback=".." />}
        primaryAction={<StateLabel state={data.state} />}
      />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={6} paddingBottom={8} aria-live="polite">
          <Why {...data} />
          <Section title="submission.facts">
            <Fact label="compose.from">{written(data.from)}</Fact>
            {data.replyTo && <Fact label="compose.reply-to">{written(data.replyTo)}</Fact>}
            <Fact label="submission.transport">
              {data.transport.kind === 'mailbox'
                ? t('identity.through', { name: data.transport.name })
                : t('identity.through-system')}
            </Fact>
            <Fact label="submissions.created">{new Date(data.createdAt).toLocaleString()}</Fact>
            {data.settledAt && <Fact label="submission.settled">{new Date(data.settledAt).toLocaleString()}</Fact>}
          </Section>
          <Table colCount={COLUMNS.length} rowCount={data.recipients.length + 1}>
            <TableHead columns={COLUMNS} />
            <Tbody>
              {data.recipients.map(({ email, name, field, state, reply }) => (
                <Tr key={email}>
                  <Td>
                    <Typography>
                      {t(`compose.${field}`)}: {written({ name: name ?? null, email })}
                    </Typography>
                  </Td>
                  <Td>
                    <Typography>{t(`recipient.${state}`)}</Typography>
                  </Td>
                  <Td>
                    <Typography textColor="neutral600">{reply ?? '–'}</Typography>
                  </Td>
                </Tr>
              ))}
            </Tbody>
          </Table>
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
};
