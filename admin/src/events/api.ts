import { EVENT_NAMES, type EventName } from '../../../server/src/contracts/events';
import { api, dataOf } from '../lib/api';

/** A webhook as Strapi 5 keeps it (`/admin/webhooks`). */
export interface Webhook {
  id: string;
  name: string;
  url: string;
  headers: Record<string, string> | null;
  events: string[];
  isEnabled: boolean;
}

/** What our form changes of it. */
export interface WebhookChange {
  name: string;
  url: string;
  isEnabled: boolean;
  events: readonly EventName[];
}

export interface TriggerAnswer {
  statusCode: number;
  message?: string;
}

const OURS: readonly string[] = EVENT_NAMES;
export const isOurs = (event: string): event is EventName => OURS.includes(event);
export const oursOf = ({ events }: Webhook): EventName[] => events.filter(isOurs);
export const foreignOf = ({ events }: Webhook): string[] => events.filter((event) => !isOurs(event));

/** The whole webhook that Strapi wants, with everything that is not ours to change as it is. */
export const merged = (stored: Webhook, { events, ...change }: WebhookChange): Omit<Webhook, 'id'> => ({
  headers: stored.headers ?? {},
  events: [...foreignOf(stored), ...events],
  ...change,
});

// Strapi's own tags: its page of webhooks and ours show the same.
const withWebhooks = api.enhanceEndpoints({ addTagTypes: ['Webhook'] });
const LIST = { type: 'Webhook' as const, id: 'LIST' };

const eventsApi = withWebhooks.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesWebhooks: build.query<Webhook[], void>({
      query: () => '/admin/webhooks',
      transformResponse: dataOf<Webhook[]>,
      providesTags: (webhooks = []) => [LIST, ...webhooks.map(({ id }) => ({ type: 'Webhook' as const, id }))],
    }),
    mailboxesCreateWebhook: build.mutation<Webhook, WebhookChange>({
      // Strapi enables every new one.
      query: ({ isEnabled: _, ...data }) => ({
        url: '/admin/webhooks',
        method: 'POST',
        data: { ...data, headers: {} },
      }),
      transformResponse: dataOf<Webhook>,
      invalidatesTags: [LIST],
    }),
    mailboxesChangeWebhook: build.mutation<null, { id: string; change: (stored: Webhook) => Omit<Webhook, 'id'> }>({
      // Strapi replaces a webhook as a whole: what others changed of it meanwhile is read first, and kept.
      queryFn: async ({ id, change }, _api, _options, request) => {
        const stored = await request(`/admin/webhooks/${id}`);
        if (stored.error) return { error: stored.error };
        const data = change(dataOf(stored.data as { data: Webhook }));
        const saved = await request({ url: `/admin/webhooks/${id}`, method: 'PUT', data });
        return saved.error ? { error: saved.error } : { data: null };
      },
      invalidatesTags: (_result, _error, { id }) => [{ type: 'Webhook', id }],
    }),
    mailboxesDeleteWebhook: build.mutation<void, string>({
      query: (id) => ({ url: `/admin/webhooks/${id}`, method: 'DELETE' }),
      invalidatesTags: (_result, error, id) => (error ? [] : [LIST, { type: 'Webhook', id }]),
    }),
    mailboxesTriggerWebhook: build.mutation<TriggerAnswer, string>({
      query: (id) => ({ url: `/admin/webhooks/${id}/trigger`, method: 'POST' }),
      transformResponse: dataOf<TriggerAnswer>,
    }),
  }),
});

export const {
  useMailboxesWebhooksQuery,
  useMailboxesCreateWebhookMutation,
  useMailboxesChangeWebhookMutation,
  useMailboxesDeleteWebhookMutation,
  useMailboxesTriggerWebhookMutation,
} = eventsApi;
