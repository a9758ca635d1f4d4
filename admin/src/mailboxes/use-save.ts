import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Mailbox } from '../../../server/src/contracts/answers';
import { refusalOf } from '../lib/api';
import { useRefusalText } from '../lib/use-refusal';
import { useText } from '../lib/use-text';
import { useMailboxesGrantMutation, useMailboxesRevokeMutation, useMailboxesSaveMutation } from './api';
import { bodyOf, type MailboxForm } from './form';
import { difference, type GrantEntry } from './grants';

interface Saved {
  mailbox: Mailbox;
  failed: GrantEntry[];
}

/** One Save for mailbox and grants: the mailbox first, restricted from the start; then who may use it. */
export const useSave = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [saveMailbox, { isLoading }] = useMailboxesSaveMutation();
  const [grant] = useMailboxesGrantMutation();
  const [revoke] = useMailboxesRevokeMutation();
  const [errors, setErrors] = React.useState<Record<string, string>>({});

  const save = async (
    form: MailboxForm,
    stored: Mailbox | null,
    before: readonly GrantEntry[],
    wanted: readonly GrantEntry[]
  ): Promise<Saved | null> => {
    setErrors({});
    const answer = await saveMailbox({ id: stored?.id ?? null, body: bodyOf(form, stored) });
    if ('error' in answer) {
      const path = refusalOf(answer.error).details?.path ?? pathOf(refusalOf(answer.error).details?.code);
      const message = refusal(answer.error);
      setErrors(path ? { [path]: message } : {});
      toggleNotification({ type: 'danger', message });
      return null;
    }
    const mailbox = answer.data;
    const failed: GrantEntry[] = [];
    const { granted, revoked } = form.restricted ? difference(before, wanted) : { granted: [], revoked: [] };
    for (const { id } of revoked) if (id !== null) await revoke({ mailbox: mailbox.id, grant: id });
    for (const entry of granted) {
      const { kind, subject, expiresAt } = entry;
      const made = await grant({ mailbox: mailbox.id, body: { [kind]: subject, expiresAt } });
      if ('error' in made) failed.push(entry);
    }
    toggleNotification(
      failed.length > 0
        ? { type: 'warning', message: t('edit.saved-partly') }
        : { type: 'success', message: t('edit.saved') }
    );
    return { mailbox, failed };
  };

  return { save, errors, saving: isLoading };
};

/** Refusals that speak of a field without naming its path. */
const pathOf = (code: string | undefined): string | undefined =>
  code === 'MAILBOX_ADDRESS_TAKEN' || code === 'MAILBOX_IN_USE' ? 'email' : undefined;
