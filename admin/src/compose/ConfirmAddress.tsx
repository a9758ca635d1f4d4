import { Alert, Box, Button, Flex } from '@strapi/design-system';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { TextField } from '../mailboxes/fields';
import { useRefusalText } from '../lib/use-refusal';
import { useText } from '../lib/use-text';
import { useMailboxesConfirmMutation, useMailboxesRequestCodeMutation } from './api';

/** The own address counts only after the mailed code was entered (rules §5). */
export const ConfirmAddress = ({ email }: { email: string }) => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [request, requested] = useMailboxesRequestCodeMutation();
  const [confirm, confirming] = useMailboxesConfirmMutation();
  const [code, setCode] = React.useState('');

  const send = async () => {
    const answer = await request();
    if ('error' in answer) toggleNotification({ type: 'danger', message: refusal(answer.error) });
  };
  const verify = async () => {
    const answer = await confirm(code);
    if (!('error' in answer)) toggleNotification({ type: 'success', message: t('confirm.done') });
  };

  return (
    <Alert variant="default" title={t('confirm.title')} closeLabel="" onClose={undefined}>
      <Box>{t('confirm.text', { email })}</Box>
      <Flex gap={3} alignItems="flex-end" paddingTop={3} wrap="wrap">
        <Button variant="secondary" loading={requested.isLoading} onClick={() => void send()}>
          {t(requested.isSuccess ? 'confirm.again' : 'confirm.send')}
        </Button>
        {requested.isSuccess && (
          <>
            <TextField
              name="code"
              label="confirm.code"
              autoComplete="one-time-code"
              value={code}
              onChange={setCode}
              error={confirming.error === undefined ? undefined : refusal(confirming.error)}
            />
            <Button loading={confirming.isLoading} disabled={code.trim() === ''} onClick={() => void verify()}>
              {t('confirm.verify')}
            </Button>
          </>
        )}
      </Flex>
    </Alert>
  );
};
