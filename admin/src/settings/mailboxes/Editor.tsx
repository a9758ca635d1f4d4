import { Box, Button, Flex, Grid } from '@strapi/design-system';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import type { Mailbox } from '../../../../server/src/contracts/answers';
import { difference, keyOf, type GrantEntry } from '../grants/entries';
import { FormPage } from '../../shared/ui/FormPage';
import { Notice } from '../../shared/ui/Notice';
import { SETTINGS_PATH } from '../../shared/paths';
import { useFirstError, useFocusKept } from '../../shared/ui/use-first-error';
import { useText } from '../../shared/i18n/use-text';
import { AccessSection } from './AccessSection';
import type { MailboxList } from './api';
import { AuthenticationSection } from './AuthenticationSection';
import { DeleteButton } from './DeleteButton';
import type { Errors } from './errors';
import { bodyOf, EMPTY_FORM, formOf, type MailboxForm } from './form';
import { PAUSE_TEXTS } from './pause';
import { Preview } from './Preview';
import { isFull, QuotaNotice } from './Quota';
import {
  AddressSection,
  ForeignDomainWarning,
  GlobalSection,
  LimitsSection,
  OfferedSection,
  SignatureSection,
} from './Sections';
import type { Rights } from '../site/use-rights';
import { useSave, type Saved } from './use-save';
import { WhoMayUse } from './WhoMayUse';

interface Props {
  /** null: a new mailbox. */
  stored: Mailbox | null;
  storedGrants: readonly GrantEntry[];
  site: MailboxList['meta'];
  rights: Rights;
}

/** Notices above the form: read-only, paused, or refused by the last save. */
const Notices = ({ stored, readOnly, refused }: { stored: Mailbox | null; readOnly: boolean; refused?: string }) => {
  const t = useText();
  const pause = stored?.pausedBecause;
  return (
    <>
      {refused !== undefined && <Notice kind="danger" title={refused} />}
      {readOnly && (
        <Notice kind="info" title={t(stored?.global ? 'edit.read-only.global.title' : 'edit.read-only.title')}>
          {t(stored?.global ? 'edit.read-only.global.text' : 'edit.read-only.text')}
        </Notice>
      )}
      {pause && (
        <Notice kind="danger" title={`${t('edit.paused')}: ${t(PAUSE_TEXTS[pause.code].reason)}`}>
          <p>{t(PAUSE_TEXTS[pause.code].next)}</p>
          <p>{t('edit.paused.waits')}</p>
        </Notice>
      )}
    </>
  );
};

/** State of the form: stored and present values. */
const useEditor = ({ stored, storedGrants, site }: Props) => {
  const [base, setBase] = React.useState({ mailbox: stored, grants: storedGrants });
  const [form, setForm] = React.useState<MailboxForm>(() =>
    stored ? formOf(stored) : { ...EMPTY_FORM, tenant: site.tenants.length > 1 ? site.tenant : '' }
  );
  const [first] = React.useState(form);
  const [entries, setEntries] = React.useState(storedGrants);
  const [names, setNames] = React.useState<ReadonlyMap<string, string>>(new Map());

  const { granted, revoked } = difference(base.grants, entries);
  const changed =
    granted.length + revoked.length > 0 ||
    (base.mailbox === null
      ? JSON.stringify(form) !== JSON.stringify(first)
      : Object.keys(bodyOf(form, base.mailbox)).length > 0);

  return {
    base,
    form,
    entries,
    names,
    changed,
    setEntries,
    change: (part: Partial<MailboxForm>) => setForm((before) => ({ ...before, ...part })),
    setName: (entry: Pick<GrantEntry, 'kind' | 'subject'>, name: string) =>
      setNames((before) => new Map(before).set(keyOf(entry), name)),
    saved: ({ mailbox, grants }: Saved) => {
      setBase({ mailbox, grants });
      setForm(formOf(mailbox));
      setEntries(grants);
    },
    alreadyRevoked: (entry: GrantEntry) =>
      setBase((before) => ({ ...before, grants: before.grants.filter((other) => other !== entry) })),
  };
};

interface SectionsProps
  extends Props, Pick<ReturnType<typeof useEditor>, 'base' | 'form' | 'entries' | 'names' | 'setName'> {
  errors: Errors;
  readOnly: boolean;
  change: (part: Partial<MailboxForm>) => void;
  setEntries: (entries: readonly GrantEntry[]) => void;
}

const FormSections = (props: SectionsProps) => {
  const { stored, site, rights, base, form, errors, readOnly, change } = props;
  const several = site.tenants.length > 1;
  const shared = { form, errors, readOnly, change };
  return (
    <>
      {stored === null && form.tenant === (several ? site.tenant : '') && isFull(site.quota) && (
        <QuotaNotice
          quota={site.quota}
          rules={rights.operate ? `${SETTINGS_PATH}/rules${several ? `/${site.tenant}` : ''}` : null}
        />
      )}
      <Notices stored={stored} readOnly={readOnly} refused={errors['']} />
      <AddressSection {...shared} />
      <OfferedSection {...shared} />
      {(rights.operate || stored?.global) && (several || stored?.global) && (
        <GlobalSection {...shared} tenants={site.tenants} />
      )}
      <AuthenticationSection {...shared} stored={base.mailbox} />
      <ForeignDomainWarning form={form} systemEmail={site.system.email} />
      <AccessSection
        {...shared}
        mailbox={stored?.id ?? null}
        mayGrant={rights.grant && !readOnly}
        entries={props.entries}
        setEntries={props.setEntries}
        names={props.names}
        setName={props.setName}
      />
      <SignatureSection {...shared} />
      <LimitsSection {...shared} />
    </>
  );
};

/** Beside the form: the delivery route, and the users of the stored mailbox. */
const Aside = ({ stored, site, rights, form }: Props & { form: MailboxForm }) => (
  <Flex direction="column" alignItems="stretch" gap={6} position="sticky" top={4}>
    <Preview form={form} systemEmail={site.system.email} />
    {stored && <WhoMayUse mailbox={stored} tenants={site.tenants} mayGrant={rights.grant} />}
  </Flex>
);

/** Form of a mailbox; one Save for the mailbox and its grants. */
export const Editor = (props: Props) => {
  const { stored, site, rights } = props;
  const t = useText();
  const navigate = useNavigate();
  const editor = useEditor(props);
  const { base, form, entries, changed, change, saved, alreadyRevoked } = editor;
  const { save, errors, saving, clearErrors, clearGrantErrors } = useSave();
  const ref = useFirstError<HTMLFormElement>(errors);
  const saveButton = useFocusKept(saving);
  const leaving = React.useRef(false);
  const mayChange = stored === null ? rights.create : rights.update;
  const readOnly = !mayChange || (stored?.global === true && !rights.operate);

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const result = await save({ form, stored: base.mailbox, before: base.grants, entries, alreadyRevoked });
    if (!result) return;
    if (stored !== null) return saved(result);
    leaving.current = true;
    return navigate(`../${result.mailbox.id}`, { replace: true });
  };
  const changeField = (part: Partial<MailboxForm>) => {
    change(part);
    clearErrors(part);
  };
  const changeEntries = (next: readonly GrantEntry[]) => {
    editor.setEntries(next);
    clearGrantErrors(entries.filter((entry) => !next.includes(entry)));
  };
  const title = stored?.name ?? t('edit.new');
  const several = site.tenants.length > 1;

  return (
    <FormPage
      title={title}
      subtitle={stored?.email}
      back=".."
      formRef={ref}
      onSubmit={submit}
      changed={changed && !readOnly}
      mayLeave={() => leaving.current}
      actions={
        <Flex gap={2}>
          {stored && rights.delete && !readOnly && (
            <DeleteButton
              mailbox={stored}
              deleted={() => {
                leaving.current = true;
                navigate(several ? `..?tenant=${stored.tenant}` : '..', { replace: true });
              }}
            />
          )}
          {!readOnly && (
            <Button ref={saveButton} type="submit" loading={saving}>
              {t('edit.save')}
            </Button>
          )}
        </Flex>
      }
    >
      <Grid.Root gap={6}>
        <Grid.Item col={8} s={12} xs={12} direction="column" alignItems="stretch" gap={6}>
          <FormSections
            {...props}
            {...editor}
            errors={errors}
            readOnly={readOnly}
            change={changeField}
            setEntries={changeEntries}
          />
        </Grid.Item>
        <Grid.Item col={4} s={12} xs={12} direction="column" alignItems="stretch">
          <Aside {...props} form={form} />
        </Grid.Item>
      </Grid.Root>
      <Box paddingBottom={8} />
    </FormPage>
  );
};
