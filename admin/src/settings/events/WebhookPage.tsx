import { Button, Checkbox, Field, Flex, Link, Typography } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { Layouts, Page, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink, useNavigate, useParams } from 'react-router-dom';
import { EVENT_NAMES, type EventName } from '../../../../server/src/contracts/events';
import { Columns, Section, TextField, ToggleField } from '../../shared/ui/fields';
import { LeaveGuard } from '../../shared/ui/LeaveGuard';
import { SETTINGS_PATH } from '../../shared/paths';
import { withoutErrorsOf } from '../../shared/ui/form-errors';
import { Notice } from '../../shared/ui/Notice';
import { SettingsBack } from '../../shared/ui/SettingsBack';
import { useFirstError, useFocusKept } from '../../shared/ui/use-first-error';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesChangeWebhookMutation, useMailboxesCreateWebhookMutation, useMailboxesWebhooksQuery } from './api';
import { foreignOf, changed, type Webhook } from './webhook';
import { MEANINGS } from './EventList';
import { errorsOf, formOf, refusedOf, type WebhookForm } from './form';
import { useWebhookRights } from './use-webhook-rights';

const EventBoxes = ({
  chosen,
  disabled,
  error,
  onChange,
}: {
  chosen: readonly EventName[];
  disabled: boolean;
  error: string | undefined;
  onChange: (events: readonly EventName[]) => void;
}) => {
  const t = useText();
  return (
    <Field.Root name="events" error={error}>
      <Flex direction="column" alignItems="stretch" gap={4} role="group" aria-label={t('events.all')}>
        {EVENT_NAMES.map((event) => (
          <Flex key={event} direction="column" alignItems="stretch" gap={1}>
            <Checkbox
              name={event}
              checked={chosen.includes(event)}
              disabled={disabled}
              aria-invalid={error !== undefined || undefined}
              onCheckedChange={(checked) =>
                onChange(EVENT_NAMES.filter((other) => (other === event ? checked === true : chosen.includes(other))))
              }
            >
              {event}
            </Checkbox>
            <Typography variant="pi" textColor="neutral600">
              {t(MEANINGS[event])}
            </Typography>
          </Flex>
        ))}
      </Flex>
      <Field.Error />
    </Field.Root>
  );
};

/** Other events and headers of the webhook, which saving leaves unchanged. */
const Kept = ({ stored }: { stored: Webhook }) => {
  const t = useText();
  const events = foreignOf(stored);
  const headers = Object.keys(stored.headers ?? {});
  return (
    <Section title="webhook.kept">
      <Typography>
        {events.length > 0 ? t('webhook.kept.events', { list: events.join(', ') }) : t('webhook.kept.no-events')}
      </Typography>
      <Typography>
        {headers.length > 0 ? t('webhook.kept.headers', { list: headers.join(', ') }) : t('webhook.kept.no-headers')}
      </Typography>
      <Link tag={NavLink} to={`/settings/webhooks/${stored.id}`}>
        {t('webhook.kept.link')}
      </Link>
    </Section>
  );
};

/**
 * State of the form.
 *
 * @param onSaved called after a successful save
 */
const useWebhookForm = (stored: Webhook | null, onSaved: () => void) => {
  const t = useText();
  const refusal = useRefusalText();
  const [first] = React.useState(() => formOf(stored));
  const [form, setForm] = React.useState<WebhookForm>(first);
  const [errors, setErrors] = React.useState<ReturnType<typeof errorsOf>>({});
  const [refused, setRefused] = React.useState<string>();
  const [create, creating] = useMailboxesCreateWebhookMutation();
  const [change, changing] = useMailboxesChangeWebhookMutation();

  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    const found = errorsOf(form, stored);
    setErrors(found);
    setRefused(undefined);
    if (Object.keys(found).length > 0) return;
    const answer = stored ? await change({ id: stored.id, change: (now) => changed(now, form) }) : await create(form);
    if ('error' in answer) {
      const byField = refusedOf(answer.error);
      return byField ? setErrors(byField) : setRefused(refusal(answer.error));
    }
    onSaved();
  };

  return {
    form,
    errors,
    refused,
    saving: creating.isLoading || changing.isLoading,
    isChanged: JSON.stringify(form) !== JSON.stringify(first),
    set: (part: Partial<WebhookForm>) => {
      setForm((now) => ({ ...now, ...part }));
      setErrors((now) => withoutErrorsOf<WebhookForm>(now as Record<string, string>, part, {}) as typeof now);
    },
    errorOf: (field: keyof WebhookForm): string | undefined => {
      const key = errors[field];
      return key && t(key);
    },
    save,
  };
};

interface ReceiverProps {
  form: WebhookForm;
  isNew: boolean;
  readOnly: boolean;
  errorOf: (field: keyof WebhookForm) => string | undefined;
  set: (part: Partial<WebhookForm>) => void;
}

const ReceiverSection = ({ form, isNew, readOnly, errorOf, set }: ReceiverProps) => (
  <Section title="webhook.receiver">
    <Columns>
      <TextField
        name="name"
        label="webhook.name"
        value={form.name}
        error={errorOf('name')}
        disabled={readOnly}
        required
        onChange={(name) => set({ name })}
      />
      <TextField
        name="url"
        label="webhook.url"
        value={form.url}
        error={errorOf('url')}
        disabled={readOnly}
        required
        onChange={(url) => set({ url })}
      />
    </Columns>
    {!isNew && (
      <ToggleField
        name="isEnabled"
        label="webhook.enabled"
        value={form.isEnabled}
        disabled={readOnly}
        onChange={(isEnabled) => set({ isEnabled })}
      />
    )}
  </Section>
);

const Editor = ({ stored, readOnly }: { stored: Webhook | null; readOnly: boolean }) => {
  const t = useText();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const left = React.useRef(false);
  const { form, errors, refused, saving, isChanged, set, errorOf, save } = useWebhookForm(stored, () => {
    toggleNotification({ type: 'success', message: t('edit.saved') });
    left.current = true;
    navigate(`${SETTINGS_PATH}/events`);
  });
  const fields = useFirstError<HTMLFormElement>(errors as Record<string, string>);
  const button = useFocusKept(saving);

  const title = stored?.name ?? t('webhook.add');
  return (
    <Page.Main>
      <Page.Title>{title}</Page.Title>
      <LeaveGuard changed={isChanged} mayLeave={() => left.current} />
      <form ref={fields} noValidate onSubmit={(event) => void save(event)}>
        <Layouts.Header
          title={title}
          navigationAction={<SettingsBack fallback="../events" />}
          primaryAction={
            !readOnly && (
              <Button ref={button} type="submit" startIcon={<Check />} loading={saving}>
                {t('edit.save')}
              </Button>
            )
          }
        />
        <Layouts.Content>
          <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
            {refused !== undefined && <Notice kind="danger" title={refused} />}
            <ReceiverSection form={form} isNew={stored === null} readOnly={readOnly} errorOf={errorOf} set={set} />
            <Section title="events.all">
              <EventBoxes
                chosen={form.events}
                disabled={readOnly}
                error={errorOf('events')}
                onChange={(events) => set({ events })}
              />
            </Section>
            {stored && <Kept stored={stored} />}
          </Flex>
        </Layouts.Content>
      </form>
    </Page.Main>
  );
};

export const WebhookPage = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { webhook } = useParams();
  const rights = useWebhookRights();
  const { data, error, isLoading } = useMailboxesWebhooksQuery(undefined, { skip: !rights.read });
  if (rights.loading || isLoading) return <Page.Loading />;
  if (!rights.read || (webhook === undefined && !rights.create)) return <Page.NoPermissions />;
  if (!data) return <Page.Error content={refusal(error)} />;
  const stored = webhook === undefined ? null : data.find(({ id }) => String(id) === webhook);
  if (stored === undefined) return <Page.Error content={t('webhook.gone')} />;
  return <Editor key={webhook ?? ''} stored={stored} readOnly={stored !== null && !rights.update} />;
};
