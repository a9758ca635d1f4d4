import type { Mailbox } from '../../../server/src/contracts/answers';
import type { SmtpInput } from '../../../server/src/contracts/mailbox';
import type { MailboxBody } from './api';

/** The form's values: every field has one, so that inputs stay controlled. */
export interface MailboxForm {
  email: string;
  name: string;
  enabled: boolean;
  sender: boolean;
  reply: boolean;
  global: boolean;
  restricted: boolean;
  authenticated: boolean;
  host: string;
  port: number;
  encryption: SmtpInput['encryption'];
  auth: SmtpInput['auth'];
  username: string;
  password: string;
}

export const EMPTY_FORM: MailboxForm = {
  email: '',
  name: '',
  enabled: true,
  sender: true,
  reply: true,
  global: false,
  restricted: false,
  authenticated: false,
  host: '',
  port: 587,
  encryption: 'starttls',
  auth: 'password',
  username: '',
  password: '',
};

export const formOf = ({ smtp, ...mailbox }: Mailbox): MailboxForm => ({
  ...EMPTY_FORM,
  email: mailbox.email,
  name: mailbox.name,
  enabled: mailbox.enabled,
  sender: mailbox.sender,
  reply: mailbox.reply,
  global: mailbox.global,
  restricted: mailbox.restricted,
  authenticated: mailbox.authenticated,
  ...(smtp
    ? { host: smtp.host, port: smtp.port, encryption: smtp.encryption, auth: smtp.auth, username: smtp.username ?? '' }
    : {}),
});

export const smtpOf = ({ host, port, encryption, auth, username, password }: MailboxForm): SmtpInput => ({
  host: host.trim(),
  port,
  encryption,
  auth,
  ...(auth === 'password' && username.trim() !== '' ? { username: username.trim() } : {}),
  ...(auth === 'password' && password !== '' ? { password } : {}),
});

/** Does a change make the server forget the stored password (security 3)? */
export const forgetsPassword = (stored: Mailbox | null, form: MailboxForm): boolean =>
  Boolean(stored?.smtp?.hasPassword) &&
  form.password === '' &&
  (!form.authenticated ||
    form.auth !== stored?.smtp?.auth ||
    form.host.trim().toLowerCase() !== stored.smtp.host.toLowerCase() ||
    form.port !== stored.smtp.port ||
    form.encryption !== stored.smtp.encryption ||
    (form.username.trim() || form.email.trim()) !== (stored.smtp.username ?? ''));

/** Only what the person may set and has changed: `global` is the operator's alone. */
export const bodyOf = (form: MailboxForm, stored: Mailbox | null): MailboxBody => ({
  email: form.email.trim(),
  name: form.name.trim(),
  enabled: form.enabled,
  sender: form.sender,
  reply: form.reply,
  restricted: form.restricted,
  authenticated: form.authenticated,
  ...(form.global !== (stored?.global ?? false) ? { global: form.global } : {}),
  ...(form.authenticated ? { smtp: smtpOf(form) } : {}),
});

export interface Preset {
  name: string;
  host: string;
  port: number;
  encryption: SmtpInput['encryption'];
}

/** Submission servers of the usual providers, as they document them. */
export const PRESETS: readonly Preset[] = [
  { name: 'Google Workspace / Gmail', host: 'smtp.gmail.com', port: 465, encryption: 'tls' },
  { name: 'Microsoft 365', host: 'smtp.office365.com', port: 587, encryption: 'starttls' },
  {
    name: 'Amazon SES (eu-central-1)',
    host: 'email-smtp.eu-central-1.amazonaws.com',
    port: 587,
    encryption: 'starttls',
  },
  { name: 'Fastmail', host: 'smtp.fastmail.com', port: 465, encryption: 'tls' },
  { name: 'GMX', host: 'mail.gmx.net', port: 587, encryption: 'starttls' },
  { name: 'IONOS', host: 'smtp.ionos.de', port: 465, encryption: 'tls' },
  { name: 'Mailgun', host: 'smtp.mailgun.org', port: 587, encryption: 'starttls' },
  { name: 'Postmark', host: 'smtp.postmarkapp.com', port: 587, encryption: 'starttls' },
  { name: 'SendGrid', host: 'smtp.sendgrid.net', port: 587, encryption: 'starttls' },
  { name: 'web.de', host: 'smtp.web.de', port: 587, encryption: 'starttls' },
];
