import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Mailbox } from '../../../../server/src/contracts/answers';
import { useMailboxesGrantMutation, useMailboxesRevokeMutation } from '../grants/api';
import { difference, entryOf, sameSubject, type GrantEntry } from '../grants/entries';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { withoutErrorsOf } from '../../shared/ui/form-errors';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesSaveMutation } from './api';
import { ERROR_PATHS, fieldText, pathOf, problemsOf, serverProblem, type Errors } from './errors';
import { bodyOf, type MailboxForm } from './form';

export interface Saved {
  mailbox: Mailbox;
  /** Stored grants after the save. */
  grants: GrantEntry[];
  /** Grants that could not be added; they stay in the form. */
  failed: GrantEntry[];
  /** Grants that could not be revoked; they are still active. */
  kept: GrantEntry[];
}

interface Wanted {
  form: MailboxForm;
  stored: Mailbox | null;
  before: readonly GrantEntry[];
  entries: readonly GrantEntry[];
}

/** Saves a mailbox and its grants: first the mailbox, already restricted, then the grants. */
export const useSave = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [saveMailbox] = useMailboxesSaveMutation();
  const [grant] = useMailboxesGrantMutation();
  const [revoke] = useMailboxesRevokeMutation();
  const [errors, setErrors] = React.useState<Errors>({});
  const [saving, setSaving] = React.useState(false);

  const settleGrants = async (mailbox: string, before: readonly GrantEntry[], entries: readonly GrantEntry[]) => {
    const { granted, revoked } = difference(before, entries);
    const failed: GrantEntry[] = [];
    const kept: GrantEntry[] = [];
    let grants = [...before];
    for (const entry of revoked) {
      if (entry.id !== null && 'error' in (await revoke({ mailbox, grant: entry.id }))) kept.push(entry);
      else grants = grants.filter((other) => !sameSubject(other, entry));
    }
    for (const entry of granted) {
      const { kind, subject, expiresAt } = entry;
      const made = await grant({ mailbox, body: { [kind]: subject, expiresAt } });
      if ('error' in made) failed.push(entry);
      else grants = [...grants.filter((other) => !sameSubject(other, entry)), entryOf(made.data)];
    }
    return { grants, failed, kept };
  };

  const run = async ({ form, stored, before, entries }: Wanted): Promise<Saved | null> => {
    const body = bodyOf(form, stored);
    const wrong = problemsOf(body);
    const textOf = (problem: ReturnType<typeof serverProblem>, error?: unknown): string =>
      fieldText(problem, t) ?? refusal(error ?? problem);
    if (wrong.length > 0) {
      setErrors(Object.fromEntries(wrong.map((problem) => [pathOf(problem) ?? '', textOf(problem)])));
      return null;
    }
    let mailbox = stored;
    if (stored === null || Object.keys(body).length > 0) {
      const answer = await saveMailbox({ id: stored?.id ?? null, body });
      if ('error' in answer) {
        const problem = serverProblem(answer.error);
        const message = textOf(problem, answer.error);
        setErrors({ [pathOf(problem) ?? '']: message });
        toggleNotification({ type: 'danger', message });
        return null;
      }
      mailbox = answer.data;
    }
    if (mailbox === null) return null;
    const settled = form.restricted
      ? await settleGrants(mailbox.id, before, entries)
      : { grants: [...before], failed: [], kept: [] };
    toggleNotification(
      settled.failed.length + settled.kept.length > 0
        ? { type: 'warning', message: t('edit.saved-partly') }
        : { type: 'success', message: t('edit.saved') }
    );
    return { mailbox, ...settled };
  };

  const save = async (wanted: Wanted): Promise<Saved | null> => {
    setErrors({});
    setSaving(true);
    return run(wanted).finally(() => setSaving(false));
  };

  /** Removes the errors of changed fields. */
  const clearErrors = (changed: Partial<MailboxForm>): void =>
    setErrors((before) => withoutErrorsOf<MailboxForm>(before, changed, ERROR_PATHS));

  return { save, errors, saving, clearErrors };
};
