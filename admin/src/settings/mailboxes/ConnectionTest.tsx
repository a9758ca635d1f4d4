import { Box, Button, Checkbox, Flex, Typography } from '@strapi/design-system';
import { CheckCircle, CrossCircle, Minus, WarningCircle } from '@strapi/icons';
import * as React from 'react';
import { useIntl } from 'react-intl';
import type { ConnectionTestResult, Mailbox, Step } from '../../../../server/src/contracts/answers';
import { PLUGIN_ID } from '../../shared/plugin-id';
import { useDate } from '../../shared/time/use-date';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesTestMutation } from './api';
import { isStored, smtpOf, type MailboxForm } from './form';
import { stateOf, STEP_TEXTS, type StepState } from './test-steps';

const ICONS: Record<StepState, React.ReactElement> = {
  passed: <CheckCircle fill="success600" aria-hidden />,
  failed: <CrossCircle fill="danger600" aria-hidden />,
  warned: <WarningCircle fill="warning600" aria-hidden />,
  skipped: <Minus fill="neutral500" aria-hidden />,
};

/** Returns the text of a step: of its problem in the administrator's language, else the message of the API. */
const useSentence = () => {
  const { messages, formatMessage } = useIntl();
  const t = useText();
  return ({ step, ok, message, problem }: Step): string => {
    const state = stateOf({ ok, problem });
    if (state === 'skipped') return t('test.skipped');
    if (state === 'passed') return t(STEP_TEXTS[step].passed);
    const id = `${PLUGIN_ID}.test.problem.${problem ?? ''}`;
    return messages[id] === undefined ? message : formatMessage({ id });
  };
};

const Certificate = ({ subject, issuer, validTo }: NonNullable<Step['certificate']>) => {
  const t = useText();
  const date = useDate();
  return (
    <Typography tag="p" variant="pi" textColor="neutral600">
      {t('test.certificate', { subject, issuer, date: validTo === '' ? '?' : date(validTo) })}
    </Typography>
  );
};

const StepRow = ({ step }: { step: Step }) => {
  const t = useText();
  const sentence = useSentence();
  const state = stateOf(step);
  return (
    <Flex tag="li" gap={3} alignItems="flex-start">
      <Box shrink={0} paddingTop={1}>
        {ICONS[state]}
      </Box>
      <Box flex="1" minWidth={0} style={{ overflowWrap: 'anywhere' }}>
        <Typography tag="p" fontWeight="semiBold">
          {t(STEP_TEXTS[step.step].title)}
        </Typography>
        <Typography tag="p" textColor={step.ok === false ? 'danger600' : 'neutral700'}>
          {sentence(step)}
        </Typography>
        {step.certificate && <Certificate {...step.certificate} />}
        {step.detail && !step.certificate && (
          <Typography tag="p" variant="pi" textColor="neutral600">
            {state === 'passed' ? step.detail : t('test.words', { words: step.detail })}
          </Typography>
        )}
      </Box>
    </Flex>
  );
};

/** Results of a test by step. A test of Strapi's provider has no steps, because its SMTP dialogue is not visible. */
export const Steps = ({ steps, mail }: ConnectionTestResult) => {
  const t = useText();
  return (
    <Flex tag="ol" direction="column" alignItems="stretch" gap={3}>
      {steps.map((step) => (
        <StepRow key={step.step} step={step} />
      ))}
      {mail && (
        <Flex tag="li" gap={3} alignItems="flex-start">
          <Box shrink={0} paddingTop={1}>
            {ICONS[mail.ok ? 'passed' : 'failed']}
          </Box>
          <Box flex="1" minWidth={0} style={{ overflowWrap: 'anywhere' }}>
            <Typography tag="p" fontWeight="semiBold">
              {t('test.mail')}
            </Typography>
            <Typography tag="p" textColor={mail.ok ? 'neutral700' : 'danger600'}>
              {mail.ok ? t('test.mail.passed') : mail.message}
            </Typography>
            {mail.detail && (
              <Typography tag="p" variant="pi" textColor="neutral600">
                {mail.ok ? mail.detail : t('test.words', { words: mail.detail })}
              </Typography>
            )}
          </Box>
        </Flex>
      )}
    </Flex>
  );
};

const Result = ({ steps, ok, mail }: ConnectionTestResult) => {
  const t = useText();
  const works = ok && mail?.ok !== false;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Typography fontWeight="bold" textColor={works ? 'success700' : 'danger700'}>
        {t(works ? 'test.ok' : 'test.failed')}
      </Typography>
      <Steps steps={steps} ok={ok} mail={mail} />
    </Flex>
  );
};

/** Tests the form values, saved or not. */
export const ConnectionTest = ({ form, stored }: { form: MailboxForm; stored: Mailbox | null }) => {
  const t = useText();
  const refusal = useRefusalText();
  const [sendToMe, setSendToMe] = React.useState(false);
  const [test, { data, error, isLoading }] = useMailboxesTestMutation();
  const [tested, setTested] = React.useState('');
  const current = JSON.stringify([smtpOf(form), form.email.trim()]);
  // A result is shown only with the settings that it was obtained with.
  const holds = tested === current;
  const needed = form.host.trim() === '' || form.email.trim() === '';

  const run = () => {
    setTested(current);
    void test({
      ...(stored ? { mailbox: stored.id } : {}),
      // Omitting unchanged settings tests the stored ones, which ends a pause.
      ...(isStored(form, stored) ? {} : { smtp: smtpOf(form) }),
      email: form.email.trim(),
      sendToMe,
    });
  };

  return (
    <Flex
      role="group"
      aria-label={t('test.title')}
      direction="column"
      alignItems="stretch"
      gap={4}
      padding={4}
      hasRadius
      background="neutral100"
    >
      <Flex gap={4} wrap="wrap">
        <Button type="button" variant="secondary" loading={isLoading} disabled={needed} onClick={run}>
          {t('test.run')}
        </Button>
        <Checkbox checked={sendToMe} onCheckedChange={(checked) => setSendToMe(checked === true)}>
          {t('test.send-to-me')}
        </Checkbox>
      </Flex>
      <Typography variant="pi" textColor="neutral600">
        {t(needed ? 'test.needed' : 'test.hint')}
      </Typography>
      <Box aria-live="polite">
        {holds && error !== undefined && <Typography textColor="danger600">{refusal(error)}</Typography>}
        {holds && data && error === undefined && <Result {...data} />}
      </Box>
    </Flex>
  );
};
