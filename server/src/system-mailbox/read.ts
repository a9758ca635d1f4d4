import type { Core } from '@strapi/types';
import { parseMailbox, type Mailbox } from '../domain/address';
import { isFactoryAddress } from '../domain/guard';
import type { SystemFacts } from '../domain/identity';
import { nameProblem } from '../domain/text';

/** The only providers that take our bytes with an explicit envelope (delivery §3a). */
const RAW_PROVIDERS = ['nodemailer', '@strapi/provider-email-nodemailer'];

export interface SystemMailboxSettings {
  from: { name: string | null; email: string } | null;
  /** Goes over SMTP settings of our own, not over Strapi's provider. */
  overSmtp: boolean;
}

export interface EmailConfig {
  provider?: string;
  settings?: { defaultFrom?: unknown; defaultReplyTo?: unknown };
}

export const emailConfigOf = (strapi: Core.Strapi): EmailConfig => strapi.config.get<EmailConfig>('plugin::email', {});

export const takesRaw = (provider: string | undefined): boolean =>
  RAW_PROVIDERS.includes((provider ?? '').toLowerCase());

/** The system mailbox, field by field from our configuration, else from the e-mail plugin's `defaultFrom` (rules §3). */
export const readSystemMailbox = (settings: SystemMailboxSettings, email: EmailConfig): Omit<SystemFacts, 'paused'> => {
  const named = parseMailbox(email.settings?.defaultFrom);
  // Strapi's own `Strapi <no-reply@strapi.io>` is no setting of anybody: neither its address nor its name.
  const chosen = named && !isFactoryAddress(named.email) ? named : null;
  const chosenName = chosen?.name && nameProblem(chosen.name) === null ? chosen.name : null;
  const address = settings.from?.email ?? chosen?.email ?? null;
  return {
    name: settings.from?.name ?? chosenName,
    email: address !== null && isFactoryAddress(address) ? null : address,
    carries: settings.overSmtp || takesRaw(email.provider) ? 'any' : 'system-address-only',
  };
};

/** The Reply-To that the operator configured for Strapi's own mail; null: none, or none that a mail could carry. */
export const readDefaultReplyTo = (email: EmailConfig): Mailbox | null => {
  const mailbox = parseMailbox(email.settings?.defaultReplyTo);
  return mailbox && !isFactoryAddress(mailbox.email) ? mailbox : null;
};
