import { Box, Button, Checkbox, Flex, Typography } from '@strapi/design-system';
import { Check, Cross, Minus } from '@strapi/icons';
import * as React from 'react';
import { useIntl } from 'react-intl';
import type { ConnectionTestResult, Mailbox, Step } from '../../../server/src/contracts/answers';
import { PLUGIN_ID } from '../lib/plugin-id';
import { useRefusalText } from '../lib/use-refusal';
import { useText, type TextKey } from '../lib/use-text';
import { useMailboxesTestMutation } from './api';
import { smtpOf, type MailboxForm } from './form';

const STEP_TEXT: Record<Step['step'], TextKey> = {
  dns: 'test.dns',
  connect: 'test.connect',
  tls: 'test.tls',
  auth: 'test.auth',
  'mail-from': 'test.mail-from',
  'rcpt-to': 'test.rcpt-to',
};

const icon = (ok: boolean | null) =>
  ok === null ? (
    <Minus fill="neutral500" aria-hidden />
  ) : ok ? (
    <Check fill="success600" aria-hidden />
  ) : (
    <Cross fill="danger600" aria-hidden />
  );

/** The plain sentence about a step: by its problem in the administrator's language, else as the server of the site says it. */
const useSentence = () => {
  const { messages, formatMessage } = useIntl();
  const t = useText();
  return ({ ok, message, problem }: Step): string => {
    if (ok === null) return t('test.skipped');
    if (ok) return t('test.passed');
    const id = `${PLUGIN_ID}.test.problem.${problem ?? ''}`;
    return messages[id] === undefined ? message : formatMessage({ id });
  };
};

const Steps = ({ steps, mail }: ConnectionTestResult) => {
  const t = useText();
  const sentence = useSentence();
  return (
    <Flex tag="ol" direction="column" alignItems="stretch" gap={3}>
      {steps.map((step) => (
        <Flex tag="li" key={step.step} gap={3} alignItems="flex-start">
          {icon(step.ok)}
          <Box>
            <Typography fontWeight="semiBold">{t(STEP_TEXT[step.step])}</Typography>
            <Typography tag="p" textColor={step.ok === false ? 'danger600' : 'neutral700'}>
              {sentence(step)}
            </Typography>
            {step.detail && (
              <Typography tag="p" variant="pi" textColor="neutral600">
                {step.detail}
              </Typography>
            )}
          </Box>
        </Flex>
      ))}
      {mail && (
        <Typography tag="li" textColor={mail.ok ? 'success600' : 'danger600'}>
          {mail.message} {mail.detail}
        </Typography>
      )}
    </Flex>
  );
};

/** Tries the settings as they stand in the form, saved or not. */
export const ConnectionTest = ({ form, stored }: { form: MailboxForm; stored: Mailbox | null }) => {
  const t = useText();
  const refusal = useRefusalText();
  const [sendToMe, setSendToMe] = React.useState(false);
  const [test, { data, error, isLoading }] = useMailboxesTestMutation();
  const saved =
    stored?.authenticated === true &&
    JSON.stringify(smtpOf(form)) === JSON.stringify(smtpOf({ ...form, ...storedSmtp(stored), password: '' }));

  const run = () =>
    void test({
      ...(stored ? { mailbox: stored.id } : {}),
      // A test of exactly what is stored also ends a pause.
      ...(saved ? {} : { smtp: smtpOf(form) }),
      ...(form.email.trim() === '' ? {} : { email: form.email.trim() }),
      sendToMe,
    });

  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Flex gap={4} wrap="wrap">
        <Button variant="secondary" loading={isLoading} disabled={form.host.trim() === ''} onClick={run}>
          {t('test.run')}
        </Button>
        <Checkbox checked={sendToMe} onCheckedChange={(checked) => setSendToMe(checked === true)}>
          {t('test.send-to-me')}
        </Checkbox>
      </Flex>
      <Box aria-live="polite">
        {error !== undefined && <Typography textColor="danger600">{refusal(error)}</Typography>}
        {data && error === undefined && <Steps {...data} />}
      </Box>
    </Flex>
  );
};

const storedSmtp = ({ smtp }: Mailbox): Partial<MailboxForm> =>
  smtp
    ? { host: smtp.host, port: smtp.port, encryption: smtp.encryption, auth: smtp.auth, username: smtp.username ?? '' }
    : {};
