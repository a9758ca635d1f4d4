import { Button, EmptyStateLayout, Field, Flex, LinkButton, Textarea } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { Layouts, Page, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink, useNavigate } from 'react-router-dom';
import type { IdentityId, IdentityList } from '../../../server/src/contracts/answers';
import { refusalOf } from '../lib/api';
import { useRefusalText } from '../lib/use-refusal';
import { useText } from '../lib/use-text';
import { Section, SelectField, TextField } from '../mailboxes/fields';
import { useMailboxesIdentitiesQuery, useMailboxesMeQuery, useMailboxesSubmitMutation, type Me } from './api';
import { ConfirmAddress } from './ConfirmAddress';
import { IdentityField } from './IdentityField';
import { addressesIn } from './recipients';

const EMPTY = { to: '', cc: '', bcc: '', subject: '', text: '' };

/** Which field a refusal speaks of. */
const FIELD_OF: Partial<Record<string, string>> = {
  NO_RECIPIENTS: 'to',
  INVALID_RECIPIENTS: 'to',
  TOO_MANY_RECIPIENTS: 'to',
  INVALID_SUBJECT: 'subject',
  TOO_LARGE: 'text',
  FORBIDDEN_FROM: 'from',
  MAILBOX_DISABLED: 'from',
  OWN_ADDRESS_UNCONFIRMED: 'from',
  FORBIDDEN_REPLY_TO: 'replyTo',
};

const Form = ({ tenant, list, me }: { tenant: string | undefined; list: IdentityList; me: Me }) => {
  const t = useText();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [submit, { isLoading, error }] = useMailboxesSubmitMutation();
  const [from, setFrom] = React.useState<IdentityId | null>(list.preselected.from);
  const [replyTo, setReplyTo] = React.useState<IdentityId | null>(list.preselected.replyTo);
  const [draft, setDraft] = React.useState(EMPTY);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));

  const code = refusalOf(error).details?.code ?? '';
  const errorAt = (field: string): string | undefined => (FIELD_OF[code] === field ? refusal(error) : undefined);
  const unconfirmed = list.unavailable.some((entry) => entry.code === 'OWN_ADDRESS_UNCONFIRMED');

  const send = async (event: React.FormEvent) => {
    event.preventDefault();
    if (from === null) return;
    const answer = await submit({
      ...(tenant === undefined ? {} : { tenant }),
      from,
      ...(replyTo === null ? {} : { replyTo }),
      to: addressesIn(draft.to),
      cc: addressesIn(draft.cc),
      bcc: addressesIn(draft.bcc),
      subject: draft.subject,
      text: draft.text,
    });
    if ('error' in answer) return toggleNotification({ type: 'danger', message: refusal(answer.error) });
    toggleNotification({ type: 'success', message: t('compose.accepted') });
    navigate(`submissions/${answer.data.id}`);
  };

  return (
    <form onSubmit={(event) => void send(event)}>
      <Flex direction="column" alignItems="stretch" gap={6}>
        {unconfirmed && <ConfirmAddress email={me.ownAddress.email} />}
        <Section title="compose.section">
          <IdentityField
            name="from"
            label="compose.from"
            list={list}
            value={from}
            onChange={setFrom}
            error={errorAt('from')}
          />
          <IdentityField
            name="replyTo"
            label="compose.reply-to"
            list={list}
            value={replyTo}
            onChange={setReplyTo}
            error={errorAt('replyTo')}
          />
          <TextField
            name="to"
            label="compose.to"
            hint={t('compose.to.hint')}
            value={draft.to}
            onChange={(to) => change({ to })}
            error={errorAt('to')}
          />
          <TextField name="cc" label="compose.cc" value={draft.cc} onChange={(cc) => change({ cc })} />
          <TextField name="bcc" label="compose.bcc" value={draft.bcc} onChange={(bcc) => change({ bcc })} />
          <TextField
            name="subject"
            label="compose.subject"
            value={draft.subject}
            onChange={(subject) => change({ subject })}
            error={errorAt('subject')}
          />
          <Field.Root name="text" error={errorAt('text')}>
            <Field.Label>{t('compose.text')}</Field.Label>
            <Textarea
              name="text"
              rows={12}
              value={draft.text}
              onChange={({ target }: React.ChangeEvent<HTMLTextAreaElement>) => change({ text: target.value })}
            />
            <Field.Error />
          </Field.Root>
          <Flex>
            <Button type="submit" loading={isLoading} disabled={from === null}>
              {t('compose.send')}
            </Button>
          </Flex>
        </Section>
      </Flex>
    </form>
  );
};

/** Writes a notification; From and Reply-To offer what the server decided for this user. */
export const ComposePage = () => {
  const t = useText();
  const [tenant, setTenant] = React.useState<string>();
  const me = useMailboxesMeQuery();
  const chosen = tenant ?? me.data?.tenants.find((one) => one.default)?.id ?? me.data?.tenants[0]?.id;
  const identities = useMailboxesIdentitiesQuery(chosen, { skip: !me.isSuccess, refetchOnMountOrArgChange: true });
  const refusal = useRefusalText();

  if (me.isLoading || identities.isLoading) return <Page.Loading />;
  if (identities.isError)
    return (
      <Page.Main>
        <EmptyStateLayout icon={<Mail width="6rem" height="6rem" />} content={refusal(identities.error)} />
      </Page.Main>
    );
  if (!me.data || !identities.data) return <Page.Error />;

  return (
    <Page.Main>
      <Page.Title>{t('communication.title')}</Page.Title>
      <Layouts.Header
        title={t('communication.title')}
        subtitle={t('communication.subtitle')}
        primaryAction={
          <LinkButton tag={NavLink} to="submissions" variant="secondary">
            {t('communication.submissions')}
          </LinkButton>
        }
      />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
          {me.data.tenants.length > 1 && (
            <SelectField
              name="tenant"
              label="compose.tenant"
              value={chosen ?? ''}
              options={me.data.tenants.map(({ id, name }) => [id, name] as const)}
              onChange={setTenant}
            />
          )}
          <Form key={chosen} tenant={chosen} list={identities.data} me={me.data} />
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
};
