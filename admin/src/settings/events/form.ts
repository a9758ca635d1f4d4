import { refusalOf } from '../../shared/refusals/refusal';
import type { TextKey } from '../../shared/i18n/use-text';
import { foreignOf, oursOf, type Webhook, type WebhookChange } from './webhook';

/** What the form holds, and what it changes. */
export type WebhookForm = WebhookChange;

export const formOf = (webhook: Webhook | null): WebhookForm => ({
  name: webhook?.name ?? '',
  url: webhook?.url ?? '',
  isEnabled: webhook?.isEnabled ?? true,
  events: webhook ? oursOf(webhook) : [],
});

/** As Strapi's own page wants them: what it would refuse could not be changed there any more. */
const NAME = /^[A-Za-z][_0-9A-Za-z ]*$/;
const URL = /^https?:\/\/\S+$/;

/** @returns by field; without any, Strapi may be asked */
export const errorsOf = (
  { name, url, events }: WebhookForm,
  stored: Webhook | null
): Partial<Record<keyof WebhookForm, TextKey>> => ({
  ...(NAME.test(name) ? {} : { name: 'webhook.name.invalid' }),
  ...(URL.test(url) ? {} : { url: 'webhook.url.invalid' }),
  // One that listens to something else may be left to that.
  ...(events.length > 0 || (stored && foreignOf(stored).length > 0) ? {} : { events: 'webhook.events.none' }),
});

const REFUSED: Partial<Record<string, TextKey>> = { name: 'webhook.name.invalid', url: 'webhook.url.refused' };

/**
 * What Strapi refused, by field. Its rules for a URL are narrower than ours, depend on the server, and come in English.
 *
 * @returns null: something is not about a field of the form
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
