import { api, dataOf } from '../../shared/api/client';
import type { Webhook, WebhookChange } from './webhook';

export interface TriggerAnswer {
  statusCode: number;
  message?: string;
}

// Strapi's own cache tag, so that its page of webhooks is refetched too.
const withWebhooks = api.enhanceEndpoints({ addTagTypes: ['Webhook'] });
const LIST = { type: 'Webhook' as const, id: 'LIST' };

const eventsApi = withWebhooks.injectEndpoints({
  endpoints: (build) => ({
    mailboxesWebhooks: build.query<Webhook[], void>({
      query: () => '/admin/webhooks',
      transformResponse: dataOf<Webhook[]>,
      providesTags: (webhooks = []) => [LIST, ...webhooks.map(({ id }) => ({ type: 'Webhook' as const, id }))],
    }),
    mailboxesCreateWebhook: build.mutation<Webhook, WebhookChange>({
      // Strapi enables every new webhook.
      query: ({ isEnabled: _, ...data }) => ({
        url: '/admin/webhooks',
        method: 'POST',
        data: { ...data, headers: {} },
      }),
      transformResponse: dataOf<Webhook>,
      invalidatesTags: [LIST],
    }),
    mailboxesChangeWebhook: build.mutation<null, { id: string; change: (stored: Webhook) => Omit<Webhook, 'id'> }>({
      // Strapi replaces the whole webhook: read it first, so that concurrent changes of other fields are kept.
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
