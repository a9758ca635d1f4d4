import type { TextKey } from '../lib/use-text';
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
