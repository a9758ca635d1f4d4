import { Box, Button, Dialog, Flex, Switch, Typography } from '@strapi/design-system';
import { ConfirmDialog, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import {
  useMailboxesChangeWebhookMutation,
  useMailboxesDeleteWebhookMutation,
  useMailboxesTriggerWebhookMutation,
  type TriggerAnswer,
} from './api';
import { foreignOf, oursOf, type Webhook } from './webhook';
import type { WebhookRights } from './use-webhook-rights';

/** Notifies the user of the result of a request to Strapi. */
const useResultNotice = () => {
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  return (answer: { error?: unknown } | object, done?: string): void => {
    if ('error' in answer) toggleNotification({ type: 'danger', message: refusal(answer.error) });
    else if (done !== undefined) toggleNotification({ type: 'success', message: done });
  };
};

const TestButton = ({ webhook }: { webhook: Webhook }) => {
  const t = useText();
  const notify = useResultNotice();
  const [trigger, { isLoading }] = useMailboxesTriggerWebhookMutation();
  const [answer, setAnswer] = React.useState<TriggerAnswer | null>(null);
  const test = async () => {
    setAnswer(null);
    const result = await trigger(webhook.id);
    if ('data' in result) setAnswer(result.data);
    else notify(result);
  };
  const ok = answer !== null && answer.statusCode >= 200 && answer.statusCode < 300;
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <Button
        variant="tertiary"
        size="S"
        loading={isLoading}
        aria-label={t('webhook.test.of', { name: webhook.name })}
        onClick={() => void test()}
      >
        {t('webhook.test')}
      </Button>
      <Typography role="status" variant="pi" textColor={ok ? 'success700' : 'danger600'}>
        {answer &&
          (ok
            ? t('webhook.test.ok', { status: answer.statusCode })
            : t('webhook.test.failed', { status: answer.statusCode, message: (answer.message ?? '').slice(0, 200) }))}
      </Typography>
    </Flex>
  );
};

const DeleteButton = ({ webhook }: { webhook: Webhook }) => {
  const t = useText();
  const notify = useResultNotice();
  const [remove] = useMailboxesDeleteWebhookMutation();
  const [asking, setAsking] = React.useState(false);
  const others = foreignOf(webhook).length;
  return (
    <Dialog.Root open={asking} onOpenChange={setAsking}>
      <Dialog.Trigger>
        <Button variant="danger-light" size="S" aria-label={t('webhook.delete.of', { name: webhook.name })}>
          {t('webhook.delete')}
        </Button>
      </Dialog.Trigger>
      <ConfirmDialog
        title={t('webhook.delete.title')}
        onConfirm={async () => notify(await remove(webhook.id), t('webhook.deleted', { name: webhook.name }))}
      >
        {others > 0
          ? t('webhook.delete.with-others', { name: webhook.name, count: others })
          : t('webhook.delete.confirm', { name: webhook.name })}
      </ConfirmDialog>
    </Dialog.Root>
  );
};

const EnabledSwitch = ({ webhook, mayChange }: { webhook: Webhook; mayChange: boolean }) => {
  const t = useText();
  const notify = useResultNotice();
  const [change, { isLoading }] = useMailboxesChangeWebhookMutation();
  const enable = async (isEnabled: boolean) =>
    notify(
      await change({
        id: webhook.id,
        change: ({ id: _, headers, ...stored }) => ({ ...stored, headers: headers ?? {}, isEnabled }),
      })
    );
  return (
    <Switch
      aria-label={t('webhook.enabled.of', { name: webhook.name })}
      checked={webhook.isEnabled}
      disabled={!mayChange || isLoading}
      visibleLabels
      onLabel={t('webhook.on')}
      offLabel={t('webhook.off')}
      onCheckedChange={(isEnabled: boolean) => void enable(isEnabled)}
    />
  );
};

/** Webhooks that subscribe to an event of the plugin. Not a table: inside one, Tab does not reach the buttons. */
export const WebhookList = ({ webhooks, rights }: { webhooks: readonly Webhook[]; rights: WebhookRights }) => {
  const t = useText();
  return (
    <Flex tag="ul" direction="column" alignItems="stretch" gap={3} aria-label={t('events.webhooks')}>
      {webhooks.map((webhook) => (
        <Box tag="li" key={webhook.id} background="neutral0" hasRadius shadow="tableShadow" padding={4}>
          <Flex alignItems="flex-start" justifyContent="space-between" gap={4} wrap="wrap">
            <Box minWidth="20rem" flex="1" style={{ overflowWrap: 'anywhere' }}>
              <Typography tag={NavLink} to={webhook.id} textColor="primary600" fontWeight="semiBold">
                {webhook.name}
              </Typography>
              <Typography tag="p" variant="pi" textColor="neutral600">
                {webhook.url}
              </Typography>
            </Box>
            <Box minWidth="20rem" flex="1">
              {oursOf(webhook).map((event) => (
                <Typography key={event} tag="p" variant="pi">
                  {event.replace('mailboxes.', '')}
                </Typography>
              ))}
              {foreignOf(webhook).length > 0 && (
                <Typography tag="p" variant="pi" textColor="neutral600">
                  {t('webhook.others', { count: foreignOf(webhook).length })}
                </Typography>
              )}
            </Box>
            <Flex gap={4} alignItems="flex-start" wrap="wrap">
              <EnabledSwitch webhook={webhook} mayChange={rights.update} />
              {rights.update && <TestButton webhook={webhook} />}
              {rights.delete && <DeleteButton webhook={webhook} />}
            </Flex>
          </Flex>
        </Box>
      ))}
    </Flex>
  );
};
