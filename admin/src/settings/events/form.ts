import { refusalOf } from '../../shared/refusals/refusal';
import type { TextKey } from '../../shared/i18n/use-text';
import { foreignOf, oursOf, type Webhook, type WebhookChange } from './webhook';

/** Values of the form. */
export type WebhookForm = WebhookChange;

export const formOf = (webhook: Webhook | null): WebhookForm => ({
  name: webhook?.name ?? '',
  url: webhook?.url ?? '',
  isEnabled: webhook?.isEnabled ?? true,
  events: webhook ? oursOf(webhook) : [],
});

/** Rules of Strapi's own page: it could not save a webhook that breaks them. */
const NAME = /^[A-Za-z][_0-9A-Za-z ]*$/;
const URL = /^https?:\/\/\S+$/;

/** @returns text key by field; empty if the form can be sent */
export const errorsOf = (
  { name, url, events }: WebhookForm,
  stored: Webhook | null
): Partial<Record<keyof WebhookForm, TextKey>> => ({
  ...(NAME.test(name) ? {} : { name: 'webhook.name.invalid' }),
  ...(URL.test(url) ? {} : { url: 'webhook.url.invalid' }),
  // A webhook with events of Strapi needs none of the plugin.
  ...(events.length > 0 || (stored && foreignOf(stored).length > 0) ? {} : { events: 'webhook.events.none' }),
});

const REFUSED: Partial<Record<string, TextKey>> = { name: 'webhook.name.invalid', url: 'webhook.url.refused' };

/**
 * Maps an error of Strapi to text keys by field. Strapi's URL rules are stricter, depend on the server and have English
 * messages.
 *
 * @returns null if an error concerns no field of the form
 */
export const refusedOf = (error: unknown): ReturnType<typeof errorsOf> | null => {
  const errors = refusalOf(error).details?.errors;
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const found = errors.map((one: { path?: unknown }) => {
    const field = Array.isArray(one.path) && one.path.length === 1 ? String(one.path[0]) : '';
    return [field, REFUSED[field]] as const;
  });
  return found.every(([, key]) => key !== undefined) ? Object.fromEntries(found) : null;
};
