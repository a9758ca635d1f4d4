import type { TextKey } from '../../shared/i18n/use-text';
import type { MailboxForm } from './form';

type Way = { key: TextKey; values?: Record<string, string> };

/** Returns the text of the delivery route for the current form values. */
export const wayOf = (
  { authenticated, host, auth }: Pick<MailboxForm, 'authenticated' | 'host' | 'auth'>,
  systemEmail: string | null
): Way => {
  if (!authenticated)
    return systemEmail === null
      ? { key: 'preview.system-missing' }
      : { key: 'preview.system', values: { address: systemEmail } };
  const server = host.trim();
  if (server === '') return { key: 'preview.own-missing' };
  return { key: auth === 'none' ? 'preview.own-no-login' : 'preview.own', values: { host: server } };
};
