import { EVENT_NAMES, type EventName } from '../../../../server/src/contracts/events';

/** A webhook of Strapi 5 (`/admin/webhooks`). */
export interface Webhook {
  id: string;
  name: string;
  url: string;
  headers: Record<string, string> | null;
  events: string[];
  isEnabled: boolean;
}

/** Fields of a webhook that the form changes. */
export interface WebhookChange {
  name: string;
  url: string;
  isEnabled: boolean;
  events: readonly EventName[];
}

const OURS: readonly string[] = EVENT_NAMES;
const isOurs = (event: string): event is EventName => OURS.includes(event);
export const oursOf = ({ events }: Webhook): EventName[] => events.filter(isOurs);
export const foreignOf = ({ events }: Webhook): string[] => events.filter((event) => !isOurs(event));

/** Returns the whole webhook, which Strapi requires, with headers and events of Strapi unchanged. */
export const changed = (stored: Webhook, { events, ...change }: WebhookChange): Omit<Webhook, 'id'> => ({
  headers: stored.headers ?? {},
  events: [...foreignOf(stored), ...events],
  ...change,
});
