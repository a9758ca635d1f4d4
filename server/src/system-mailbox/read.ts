import type { Core } from '@strapi/types';
import { parseMailbox, type Mailbox } from '../domain/address';
import { isFactoryAddress } from '../domain/guard';
import type { SystemFacts } from '../domain/identity';
import { nameProblem } from '../domain/text';

/** The only providers that accept a raw message with an explicit envelope (delivery §3a). */
const RAW_PROVIDERS = ['nodemailer', '@strapi/provider-email-nodemailer'];

export interface SystemMailboxSettings {
  from: { name: string | null; email: string } | null;
  /** Uses the plugin's SMTP settings instead of Strapi's provider. */
  overSmtp: boolean;
}

export interface EmailConfig {
  provider?: string;
  settings?: { defaultFrom?: unknown; defaultReplyTo?: unknown };
}

export const emailConfigOf = (strapi: Core.Strapi): EmailConfig => strapi.config.get<EmailConfig>('plugin::email', {});

export const takesRaw = (provider: string | undefined): boolean =>
  RAW_PROVIDERS.includes((provider ?? '').toLowerCase());

/** Reads the system mailbox: each field from the plugin's configuration, else from the e-mail plugin's `defaultFrom` (rules §3). */
export const readSystemMailbox = (settings: SystemMailboxSettings, email: EmailConfig): Omit<SystemFacts, 'paused'> => {
  const named = parseMailbox(email.settings?.defaultFrom);
  // Strapi's default `Strapi <no-reply@strapi.io>` is not configured by an operator: ignores its address and its name.
  const chosen = named && !isFactoryAddress(named.email) ? named : null;
  const chosenName = chosen?.name && nameProblem(chosen.name) === null ? chosen.name : null;
  const address = settings.from?.email ?? chosen?.email ?? null;
  return {
    name: settings.from?.name ?? chosenName,
    email: address !== null && isFactoryAddress(address) ? null : address,
    carries: settings.overSmtp || takesRaw(email.provider) ? 'any' : 'system-address-only',
  };
};

/** Returns the Reply-To configured for Strapi's own mail; null for a missing or an invalid one. */
export const readDefaultReplyTo = (email: EmailConfig): Mailbox | null => {
  const mailbox = parseMailbox(email.settings?.defaultReplyTo);
  return mailbox && !isFactoryAddress(mailbox.email) ? mailbox : null;
};
