import { Button, Field, Flex, TextInput, Typography } from '@strapi/design-system';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import type { OwnAddressStatus } from '../../../../server/src/contracts/answers';
import { useRefusalWithNext } from '../use-sentences';
import { Notice } from '../../shared/ui/Notice';
import { useText } from '../../shared/i18n/use-text';
import { useTime } from '../../shared/time/use-time';
import { useMailboxesConfirmMutation, useMailboxesRequestCodeMutation } from './api';

/** Validity of a mailed code (rules §5). */
const VALID_MS = 24 * 60 * 60_000;

const isWaiting = ({ requestedAt }: OwnAddressStatus): boolean =>
  requestedAt !== null && Date.now() - Date.parse(requestedAt) < VALID_MS;

interface CodeFieldProps {
  input: React.RefObject<HTMLInputElement>;
  code: string;
  error: string | undefined;
  isLoading: boolean;
  onChange: (code: string) => void;
  onVerify: () => void;
}

const CodeField = ({ input, code, error, isLoading, onChange, onVerify }: CodeFieldProps) => {
  const t = useText();
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // Otherwise Enter would submit the surrounding form.
    event.preventDefault();
    onVerify();
  };
  return (
    <>
      <Field.Root name="code" error={error} maxWidth="36rem">
        <Field.Label>{t('confirm.code')}</Field.Label>
        <TextInput
          ref={input}
          name="code"
          autoComplete="one-time-code"
          spellCheck={false}
          value={code}
          onKeyDown={onKeyDown}
          onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => onChange(target.value)}
        />
        <Field.Error />
      </Field.Root>
      <Button loading={isLoading} disabled={code.trim() === ''} onClick={onVerify}>
        {t('confirm.verify')}
      </Button>
    </>
  );
};

/** Requests and verifies the mailed code that makes the own address an identity (rules §5). Part of the compose form. */
export const ConfirmAddress = ({ own, onDone }: { own: OwnAddressStatus; onDone: () => void }) => {
  const t = useText();
  const time = useTime();
  const problem = useRefusalWithNext();
  const { toggleNotification } = useNotification();
  const [request, requested] = useMailboxesRequestCodeMutation();
  const [confirm, confirming] = useMailboxesConfirmMutation();
  const [code, setCode] = React.useState('');
  const input = React.useRef<HTMLInputElement>(null);
  const waiting = requested.isSuccess || isWaiting(own);

  const send = async () => {
    confirming.reset();
    const answer = await request();
    if (!('error' in answer)) input.current?.focus();
  };
  const verify = async () => {
    if (code.trim() === '' || confirming.isLoading) return;
    const answer = await confirm(code);
    if ('error' in answer) return input.current?.focus();
    toggleNotification({ type: 'success', message: t('confirm.done') });
    onDone();
  };

  return (
    <Notice kind="info" title={t('confirm.title')}>
      <Flex direction="column" alignItems="stretch" gap={3}>
        <Typography aria-live="polite">
          {waiting && own.requestedAt
            ? t('confirm.mailed', { email: own.email, time: time(own.requestedAt) })
            : t('confirm.text', { email: own.email })}
        </Typography>
        {requested.error !== undefined && (
          <Typography role="alert" textColor="danger600">
            {problem(requested.error)}
          </Typography>
        )}
        <Flex gap={3} alignItems="flex-end" wrap="wrap">
          {waiting && (
            <CodeField
              input={input}
              code={code}
              error={confirming.error === undefined ? undefined : problem(confirming.error)}
              isLoading={confirming.isLoading}
              onChange={setCode}
              onVerify={() => void verify()}
            />
          )}
          <Button
            variant={waiting ? 'tertiary' : 'secondary'}
            loading={requested.isLoading}
            onClick={() => void send()}
          >
            {t(waiting ? 'confirm.again' : 'confirm.send')}
          </Button>
        </Flex>
      </Flex>
    </Notice>
  );
};
