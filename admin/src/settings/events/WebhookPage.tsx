import { Button, Checkbox, Field, Flex, Link, Typography } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { Page, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink, useNavigate, useParams } from 'react-router-dom';
import { EVENT_NAMES, type EventName } from '../../../../server/src/contracts/events';
import { boundFields } from '../../shared/ui/bound-fields';
import { Columns, Section, TextField, ToggleField } from '../../shared/ui/fields';
import { FormPage } from '../../shared/ui/FormPage';
import { SETTINGS_PATH } from '../../shared/paths';
import { withoutErrorsOf } from '../../shared/ui/form-errors';
import { Notice } from '../../shared/ui/Notice';
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
  // The same object until an error changes: a new one would move the focus.
  const shown = React.useMemo(
    () => Object.fromEntries(Object.entries(errors).map(([field, key]) => [field, t(key)])),
    [errors, t]
  );
  const [create, creating] = useMailboxesCreateWebhookMutation();
  const [update, changing] = useMailboxesChangeWebhookMutation();

  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    const found = errorsOf(form, stored);
    setErrors(found);
    setRefused(undefined);
    if (Object.keys(found).length > 0) return;
    const answer = stored ? await update({ id: stored.id, change: (now) => changed(now, form) }) : await create(form);
    if ('error' in answer) {
      const byField = refusedOf(answer.error);
      return byField ? setErrors(byField) : setRefused(refusal(answer.error));
    }
    onSaved();
  };

  return {
    form,
    errors: shown,
    refused,
    saving: creating.isLoading || changing.isLoading,
    isChanged: JSON.stringify(form) !== JSON.stringify(first),
    change: (part: Partial<WebhookForm>) => {
      setForm((now) => ({ ...now, ...part }));
      setErrors((now) => withoutErrorsOf<WebhookForm>(now as Record<string, string>, part, {}) as typeof now);
    },
    save,
  };
};

interface ReceiverProps {
  form: WebhookForm;
  errors: Readonly<Record<string, string>>;
  readOnly: boolean;
  isNew: boolean;
  change: (part: Partial<WebhookForm>) => void;
}

const ReceiverSection = ({ isNew, ...props }: ReceiverProps) => {
  const field = boundFields(props);
  return (
    <Section title="webhook.receiver">
      <Columns>
        <TextField {...field('name')} label="webhook.name" required />
        <TextField {...field('url')} label="webhook.url" required />
      </Columns>
      {!isNew && <ToggleField {...field('isEnabled')} label="webhook.enabled" />}
    </Section>
  );
};

const Editor = ({ stored, readOnly }: { stored: Webhook | null; readOnly: boolean }) => {
  const t = useText();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const left = React.useRef(false);
  const { form, errors, refused, saving, isChanged, change, save } = useWebhookForm(stored, () => {
    toggleNotification({ type: 'success', message: t('edit.saved') });
    left.current = true;
    navigate(`${SETTINGS_PATH}/events`);
  });
  const fields = useFirstError<HTMLFormElement>(errors);
  const button = useFocusKept(saving);

  const title = stored?.name ?? t('webhook.add');
  return (
    <FormPage
      title={title}
      back="../events"
      formRef={fields}
      onSubmit={save}
      changed={isChanged}
      mayLeave={() => left.current}
      actions={
        !readOnly && (
          <Button ref={button} type="submit" startIcon={<Check />} loading={saving}>
            {t('edit.save')}
          </Button>
        )
      }
    >
      <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
        {refused !== undefined && <Notice kind="danger" title={refused} />}
        <ReceiverSection form={form} errors={errors} readOnly={readOnly} isNew={stored === null} change={change} />
        <Section title="events.all">
          <EventBoxes
            chosen={form.events}
            disabled={readOnly}
            error={errors.events}
            onChange={(events) => change({ events })}
          />
        </Section>
        {stored && <Kept stored={stored} />}
      </Flex>
    </FormPage>
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
