import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Mailbox } from '../../../../server/src/contracts/answers';
import { afterSave, difference, grantsBody, keyOf, type GrantEntry } from '../grants/entries';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { withoutErrorsOf } from '../../shared/ui/form-errors';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesSaveMutation } from './api';
import { ERROR_PATHS, fieldText, grantAt, pathOf, problemsOf, serverProblem, type Errors } from './errors';
import { bodyOf, type MailboxForm } from './form';

export interface Saved {
  mailbox: Mailbox;
  /** Stored grants after the save. */
  grants: readonly GrantEntry[];
}

interface Wanted {
  form: MailboxForm;
  stored: Mailbox | null;
  before: readonly GrantEntry[];
  entries: readonly GrantEntry[];
  /** Called with a grant to revoke that no longer exists. */
  alreadyRevoked: (entry: GrantEntry) => void;
}

/** Saves a mailbox with its grants, in one request. Changed grants of an unrestricted mailbox are not saved. */
export const useSave = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [saveMailbox] = useMailboxesSaveMutation();
  const [errors, setErrors] = React.useState<Errors>({});
  const [saving, setSaving] = React.useState(false);

  const run = async ({ form, stored, before, entries, alreadyRevoked }: Wanted): Promise<Saved | null> => {
    const changes = difference(before, form.restricted ? entries : before);
    const { granted, revoked } = changes;
    const grants = grantsBody(changes);
    const body = { ...bodyOf(form, stored), ...(grants ? { grants } : {}) };
    const wrong = problemsOf(body);
    const textOf = (problem: ReturnType<typeof serverProblem>, error?: unknown): string =>
      fieldText(problem, t) ?? refusal(error ?? problem);
    if (wrong.length > 0) {
      setErrors(Object.fromEntries(wrong.map((problem) => [pathOf(problem, granted), textOf(problem)])));
      return null;
    }
    let saved: Saved | null = stored && { mailbox: stored, grants: before };
    if (stored === null || Object.keys(body).length > 0) {
      const answer = await saveMailbox({ id: stored?.id ?? null, body });
      if ('error' in answer) {
        const problem = serverProblem(answer.error);
        const at = grantAt(problem);
        const gone = at?.list === 'remove' ? revoked[at.index] : undefined;
        if (gone) alreadyRevoked(gone);
        const message = textOf(problem, answer.error);
        setErrors({ [pathOf(problem, granted)]: message });
        toggleNotification({ type: 'danger', message });
        return null;
      }
      const { grants: added = [], ...mailbox } = answer.data;
      saved = { mailbox, grants: afterSave(before, changes, added) };
    }
    if (saved) toggleNotification({ type: 'success', message: t('edit.saved') });
    return saved;
  };

  const save = async (wanted: Wanted): Promise<Saved | null> => {
    setErrors({});
    setSaving(true);
    return run(wanted).finally(() => setSaving(false));
  };

  /** Removes the errors of changed fields. */
  const clearErrors = (changed: Partial<MailboxForm>): void =>
    setErrors((before) => withoutErrorsOf<MailboxForm>(before, changed, ERROR_PATHS));

  /** Removes the errors of changed or removed grants. */
  const clearGrantErrors = (changed: readonly GrantEntry[]): void =>
    setErrors((before) =>
      withoutErrorsOf<Record<string, unknown>>(
        before,
        Object.fromEntries(changed.map((entry) => [keyOf(entry), entry])),
        {}
      )
    );

  return { save, errors, saving, clearErrors, clearGrantErrors };
};
