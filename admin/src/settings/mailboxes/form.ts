import type { Mailbox } from '../../../../server/src/contracts/answers';
import type { MailboxFlags, SmtpInput } from '../../../../server/src/contracts/mailbox';
import type { MailboxInput } from '../../../../server/src/contracts/services';
import { sameValue, typedNumber } from '../../shared/ui/typed-number';

/** Values of the form; never undefined, so that inputs stay controlled. */
export interface MailboxForm extends MailboxFlags {
  email: string;
  name: string;
  /** documentId; '': chosen by the server */
  tenant: string;
  host: string;
  /** As typed, like the other numbers; '': none. */
  port: string;
  encryption: SmtpInput['encryption'];
  auth: SmtpInput['auth'];
  username: string;
  password: string;
  signatureHtml: string;
  signatureText: string;
  perMinute: string;
  connections: string;
}

/** Request body of the API. */
export type MailboxBody = Partial<MailboxInput>;

export const EMPTY_FORM: MailboxForm = {
  email: '',
  name: '',
  tenant: '',
  enabled: true,
  sender: true,
  reply: true,
  global: false,
  restricted: false,
  authenticated: false,
  host: '',
  port: '587',
  encryption: 'starttls',
  auth: 'password',
  username: '',
  password: '',
  signatureHtml: '',
  signatureText: '',
  perMinute: '',
  connections: '',
};

const smtpFieldsOf = ({ smtp }: Pick<Mailbox, 'smtp'>): Partial<MailboxForm> =>
  smtp
    ? {
        host: smtp.host,
        port: String(smtp.port),
        encryption: smtp.encryption,
        auth: smtp.auth,
        username: smtp.username ?? '',
      }
    : {};

export const formOf = (mailbox: Mailbox): MailboxForm => ({
  ...EMPTY_FORM,
  email: mailbox.email,
  name: mailbox.name,
  tenant: mailbox.tenant,
  enabled: mailbox.enabled,
  sender: mailbox.sender,
  reply: mailbox.reply,
  global: mailbox.global,
  restricted: mailbox.restricted,
  authenticated: mailbox.authenticated,
  signatureHtml: mailbox.signature.html,
  signatureText: mailbox.signature.text,
  perMinute: String(mailbox.limits.perMinute),
  connections: String(mailbox.limits.connections),
  ...smtpFieldsOf(mailbox),
});

export const smtpOf = ({ host, port, encryption, auth, username, password }: MailboxForm): SmtpInput => ({
  host: host.trim(),
  port: typedNumber(port),
  encryption,
  auth,
  ...(auth === 'password' && username.trim() !== '' ? { username: username.trim() } : {}),
  ...(auth === 'password' && password !== '' ? { password } : {}),
});

/** Returns whether the SMTP settings are unchanged: a test then needs no password, and a passed one ends a pause. */
export const isStored = (form: MailboxForm, stored: Mailbox | null): boolean =>
  stored?.authenticated === true &&
  form.password === '' &&
  JSON.stringify(smtpOf(form)) === JSON.stringify(smtpOf({ ...form, ...smtpFieldsOf(stored) }));

/** Compares addresses like the server, except for the ASCII form of international domains. */
const sameAddress = (typed: string, stored: string): boolean =>
  typed.trim().normalize('NFC').toLowerCase() === stored.normalize('NFC').toLowerCase();

/** Returns whether saving deletes the stored password (security 3). */
export const forgetsPassword = (stored: Mailbox | null, form: MailboxForm): boolean =>
  Boolean(stored?.smtp?.hasPassword) &&
  form.password === '' &&
  (!form.authenticated ||
    !sameAddress(form.email, stored?.email ?? '') ||
    form.auth !== stored?.smtp?.auth ||
    form.host.trim().toLowerCase() !== stored.smtp.host.toLowerCase() ||
    typedNumber(form.port) !== stored.smtp.port ||
    form.encryption !== stored.smtp.encryption ||
    (form.username.trim() || form.email.trim()) !== (stored.smtp.username ?? ''));

/** Returns whether saving pauses the mailbox, because its password is missing. */
export const lacksPassword = (stored: Mailbox | null, form: MailboxForm): boolean =>
  form.authenticated &&
  form.auth === 'password' &&
  form.password === '' &&
  (forgetsPassword(stored, form) || !stored?.smtp?.hasPassword);

const wholeBodyOf = (form: MailboxForm): MailboxBody => ({
  email: form.email.trim(),
  name: form.name.trim(),
  ...(form.tenant === '' ? {} : { tenant: form.tenant }),
  enabled: form.enabled,
  sender: form.sender,
  reply: form.reply,
  global: form.global,
  restricted: form.restricted,
  authenticated: form.authenticated,
  ...(form.authenticated ? { smtp: smtpOf(form) } : {}),
  signature: { html: form.signatureHtml, text: form.signatureText },
  limits: {
    ...(form.perMinute.trim() === '' ? {} : { perMinute: typedNumber(form.perMinute) }),
    ...(form.connections.trim() === '' ? {} : { connections: typedNumber(form.connections) }),
  },
});

/**
 * Returns the changed fields only, so that a save does not undo concurrent changes. Compares a new mailbox with the
 * defaults.
 */
export const bodyOf = (form: MailboxForm, stored: Mailbox | null): MailboxBody => {
  const body = wholeBodyOf(form);
  const before: Partial<MailboxBody> = wholeBodyOf(stored ? formOf(stored) : EMPTY_FORM);
  const changed = Object.entries(body).filter(([key, value]) => !sameValue(value, before[key as keyof MailboxBody]));
  const needed: MailboxBody =
    stored === null ? { email: body.email, name: body.name, restricted: body.restricted } : {};
  return { ...needed, ...(Object.fromEntries(changed) as MailboxBody) };
};
