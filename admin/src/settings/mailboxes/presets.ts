import type { SmtpInput } from '../../../../server/src/contracts/mailbox';
import type { MailboxForm } from './form';

export interface Preset {
  name: string;
  host: string;
  port: number;
  encryption: SmtpInput['encryption'];
}

/** Submission servers of common providers, from their documentation. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'Amazon SES (eu-central-1)',
    host: 'email-smtp.eu-central-1.amazonaws.com',
    port: 587,
    encryption: 'starttls',
  },
  { name: 'Fastmail', host: 'smtp.fastmail.com', port: 465, encryption: 'tls' },
  { name: 'Google Workspace / Gmail', host: 'smtp.gmail.com', port: 465, encryption: 'tls' },
  { name: 'GMX', host: 'mail.gmx.net', port: 587, encryption: 'starttls' },
  { name: 'Hetzner', host: 'mail.your-server.de', port: 465, encryption: 'tls' },
  { name: 'iCloud Mail', host: 'smtp.mail.me.com', port: 587, encryption: 'starttls' },
  { name: 'Infomaniak', host: 'mail.infomaniak.com', port: 465, encryption: 'tls' },
  { name: 'IONOS', host: 'smtp.ionos.de', port: 465, encryption: 'tls' },
  { name: 'mailbox.org', host: 'smtp.mailbox.org', port: 465, encryption: 'tls' },
  { name: 'Mailgun', host: 'smtp.mailgun.org', port: 587, encryption: 'starttls' },
  { name: 'Mailjet', host: 'in-v3.mailjet.com', port: 587, encryption: 'starttls' },
  { name: 'Microsoft 365', host: 'smtp.office365.com', port: 587, encryption: 'starttls' },
  { name: 'OVHcloud', host: 'ssl0.ovh.net', port: 465, encryption: 'tls' },
  { name: 'Postmark', host: 'smtp.postmarkapp.com', port: 587, encryption: 'starttls' },
  { name: 'SendGrid', host: 'smtp.sendgrid.net', port: 587, encryption: 'starttls' },
  { name: 'STRATO', host: 'smtp.strato.de', port: 465, encryption: 'tls' },
  { name: 'web.de', host: 'smtp.web.de', port: 587, encryption: 'starttls' },
  { name: 'Yahoo Mail', host: 'smtp.mail.yahoo.com', port: 465, encryption: 'tls' },
  { name: 'Zoho Mail', host: 'smtp.zoho.eu', port: 465, encryption: 'tls' },
];

export const presetOf = ({ host, port, encryption }: MailboxForm): Preset | undefined =>
  PRESETS.find(
    (preset) =>
      preset.host === host.trim().toLowerCase() && preset.port === Number(port) && preset.encryption === encryption
  );

export const settingsOf = ({ host, port, encryption }: Preset): Pick<MailboxForm, 'host' | 'port' | 'encryption'> => ({
  host,
  port: String(port),
  encryption,
});

const WANTS_APP_PASSWORD =
  /(?:^|\.)(?:gmail\.com|googlemail\.com|mail\.yahoo\.com|mail\.me\.com|fastmail\.com|zoho\.\w+)$/;

/** Returns the advice for providers that refuse the account's own password. */
export const adviceFor = (host: string): 'app-password' | 'microsoft' | null => {
  const name = host.trim().toLowerCase();
  if (/(?:^|\.)(?:office365|outlook)\.com$/.test(name)) return 'microsoft';
  return WANTS_APP_PASSWORD.test(name) ? 'app-password' : null;
};

/** Finds pairs that cannot work: 465 uses TLS from the start (RFC 8314 §3.3), 587 and 25 begin in plain text. */
export const pairProblem = ({
  port,
  encryption,
}: Pick<MailboxForm, 'port' | 'encryption'>): 'tls' | 'starttls' | null => {
  if (port === '465' && encryption !== 'tls') return 'tls';
  return (port === '587' || port === '25') && encryption === 'tls' ? 'starttls' : null;
};
