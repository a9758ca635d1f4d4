import { Box, Button, Flex, Grid } from '@strapi/design-system';
import { BackButton, ConfirmDialog, Layouts, Page, useNotification, useRBAC } from '@strapi/strapi/admin';
import { Dialog } from '@strapi/design-system';
import * as React from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import type { Mailbox } from '../../../server/src/contracts/answers';
import { permission } from '../lib/permissions';
import { useRefusalText } from '../lib/use-refusal';
import { useText } from '../lib/use-text';
import { AccessSection } from './AccessSection';
import { useMailboxesDeleteMutation, useMailboxesGrantsQuery, useMailboxesOneQuery } from './api';
import { AuthenticationSection } from './AuthenticationSection';
import { Section, TextField, ToggleField } from './fields';
import { EMPTY_FORM, formOf, type MailboxForm } from './form';
import { entryOf, type GrantEntry } from './grants';
import { Preview, WhoMayUse } from './Preview';
import { useSave } from './use-save';

const DeleteButton = ({ mailbox }: { mailbox: Mailbox }) => {
  const t = useText();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [remove] = useMailboxesDeleteMutation();
  const confirm = async () => {
    const answer = await remove({ id: mailbox.id, cancelUnfinished: false });
    if ('error' in answer) toggleNotification({ type: 'danger', message: refusal(answer.error) });
    else navigate('..');
  };
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button variant="danger-light">{t('edit.delete')}</Button>
      </Dialog.Trigger>
      <ConfirmDialog onConfirm={() => void confirm()}>{t('edit.delete.confirm', { name: mailbox.name })}</ConfirmDialog>
    </Dialog.Root>
  );
};

const Editor = ({ stored, storedGrants }: { stored: Mailbox | null; storedGrants: readonly GrantEntry[] }) => {
  const t = useText();
  const navigate = useNavigate();
  const [form, setForm] = React.useState<MailboxForm>(() => (stored ? formOf(stored) : EMPTY_FORM));
  const [entries, setEntries] = React.useState<GrantEntry[]>([...storedGrants]);
  const [failed, setFailed] = React.useState<GrantEntry[]>([]);
  const { save, errors, saving } = useSave();
  const { allowedActions: mayManage } = useRBAC(permission('tenants.manage'));
  const { allowedActions: mayDelete } = useRBAC(permission('mailboxes.delete'));
  const change = (part: Partial<MailboxForm>) => setForm((before) => ({ ...before, ...part }));

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const saved = await save(form, stored, storedGrants, entries);
    if (!saved) return;
    change({ password: '' });
    setFailed(saved.failed);
    if (stored === null) navigate(`../${saved.mailbox.id}`, { replace: true });
  };

  return (
    <Page.Main>
      <Page.Title>{stored?.name ?? t('edit.new')}</Page.Title>
      <form onSubmit={(event) => void submit(event)}>
        <Layouts.Header
          title={stored?.name ?? t('edit.new')}
          subtitle={stored?.email}
          navigationAction={<BackButton fallback=".." />}
          primaryAction={
            <Flex gap={2}>
              {stored && mayDelete.canDelete && <DeleteButton mailbox={stored} />}
              <Button type="submit" loading={saving}>
                {t('edit.save')}
              </Button>
            </Flex>
          }
        />
        <Layouts.Content>
          <Grid.Root gap={6}>
            <Grid.Item col={8} s={12} xs={12} direction="column" alignItems="stretch" gap={6}>
              <Section title="section.address">
                <TextField
                  name="email"
                  label="field.email"
                  type="email"
                  required
                  value={form.email}
                  error={errors.email}
                  onChange={(email) => change({ email })}
                />
                <TextField
                  name="name"
                  label="field.name"
                  required
                  hint={t('field.name.hint')}
                  value={form.name}
                  error={errors.name}
                  onChange={(name) => change({ name })}
                />
                <ToggleField
                  name="enabled"
                  label="field.enabled"
                  checked={form.enabled}
                  onChange={(enabled) => change({ enabled })}
                />
              </Section>
              <Section title="section.offered">
                <ToggleField
                  name="sender"
                  label="field.sender"
                  hint={t('field.sender.hint')}
                  checked={form.sender}
                  onChange={(sender) => change({ sender })}
                />
                <ToggleField
                  name="reply"
                  label="field.reply"
                  hint={t('field.reply.hint')}
                  checked={form.reply}
                  onChange={(reply) => change({ reply })}
                />
              </Section>
              {mayManage.canManage && (
                <Section title="section.global">
                  <ToggleField
                    name="global"
                    label="field.global"
                    hint={t('field.global.hint')}
                    error={errors.global}
                    checked={form.global}
                    onChange={(global) => change({ global })}
                  />
                </Section>
              )}
              <AuthenticationSection form={form} stored={stored} errors={errors} change={change} />
              <AccessSection form={form} change={change} entries={entries} setEntries={setEntries} failed={failed} />
            </Grid.Item>
            <Grid.Item col={4} s={12} xs={12} direction="column" alignItems="stretch" gap={6}>
              <Preview form={form} />
              {stored && <WhoMayUse mailbox={stored.id} />}
            </Grid.Item>
          </Grid.Root>
          <Box paddingBottom={8} />
        </Layouts.Content>
      </form>
    </Page.Main>
  );
};

const Existing = ({ id }: { id: string }) => {
  const mailbox = useMailboxesOneQuery(id);
  const grants = useMailboxesGrantsQuery(id);
  if (mailbox.isLoading || grants.isLoading) return <Page.Loading />;
  if (!mailbox.data) return <Page.Error />;
  const entries = (grants.data ?? []).map(entryOf);
  return (
    <Editor key={`${id} ${entries.map((entry) => entry.id).join(' ')}`} stored={mailbox.data} storedGrants={entries} />
  );
};

/** A mailbox's whole form; one Save for the mailbox and for who may use it. */
export const EditPage = () => {
  const { id } = useParams();
  return id === undefined ? <Editor stored={null} storedGrants={[]} /> : <Existing id={id} />;
};
