import type { Core } from '@strapi/types';
import { EVENT_NAMES } from './contracts/events';
import { ACTIONS, PLUGIN_ID } from './contracts/permissions';
import { pluginOf } from './container';
import { sweepOrphans } from './maintenance/sweep-orphans';
import { UIDS } from './database/tables';
import { closeContentManager } from './strapi/content-manager';

interface ActionProvider {
  registerMany(actions: readonly object[]): Promise<void>;
}

interface WebhookStore {
  addAllowedEvent(name: string, event: string): void;
}

/** Runs once the database is ready: registers permissions, webhook events and listeners, and starts delivery. */
export default async ({ strapi }: { strapi: Core.Strapi }): Promise<void> => {
  const plugin = pluginOf(strapi);
  const { tenants, grants, 'own-address': ownAddress } = plugin.services;

  await registerNames(strapi);
  closeContentManager(strapi, Object.values(UIDS));

  await plugin.rolePermissions.compare();
  const { remember } = plugin.rolePermissions;
  strapi.db.lifecycles.subscribe({
    models: ['admin::permission'],
    afterCreate: remember,
    afterCreateMany: remember,
    afterUpdate: remember,
    afterUpdateMany: remember,
    afterDelete: remember,
    afterDeleteMany: remember,
  });

  await tenants.ensureDefault();
  /** Deletes rows that refer to a deleted user, role, mailbox or tenant. */
  const sweep = async (): Promise<void> => {
    await grants.sweep();
    await ownAddress.forgetChanged();
    await sweepOrphans(strapi);
  };
  await sweep();
  await plugin.resumeMended();
  const unreadable = await plugin.checkSecrets();
  if (unreadable !== null) strapi.log.warn(`[mailboxes] ${unreadable}`);

  strapi.db.lifecycles.subscribe({
    models: ['admin::user'],
    afterUpdate: async ({ result, params }) => {
      if ((params.data as { email?: unknown } | undefined)?.email !== undefined)
        await ownAddress.forgetChanged(Number((result as { id: unknown }).id));
    },
    afterUpdateMany: async ({ params }) => {
      if ((params.data as { email?: unknown } | undefined)?.email !== undefined) await ownAddress.forgetChanged();
    },
  });
  strapi.db.lifecycles.subscribe({
    models: ['admin::user', 'admin::role', UIDS.mailbox, UIDS.tenant],
    afterDelete: sweep,
    afterDeleteMany: sweep,
  });

  await warnOfConfiguration(strapi, plugin);
  await plugin.loadLibraries();
  await plugin.startDelivery();
  await plugin.words.start();
};

async function registerNames(strapi: Core.Strapi): Promise<void> {
  const permission = strapi.service('admin::permission') as unknown as { actionProvider: ActionProvider };
  await permission.actionProvider.registerMany(
    ACTIONS.map((action) => ({ section: 'plugins', pluginName: PLUGIN_ID, ...action }))
  );
  const webhooks = strapi.get('webhookStore') as unknown as WebhookStore;
  for (const event of EVENT_NAMES) webhooks.addAllowedEvent(event.toUpperCase().replaceAll('.', '_'), event);
}

async function warnOfConfiguration(strapi: Core.Strapi, plugin: ReturnType<typeof pluginOf>): Promise<void> {
  if ((await plugin.system.status()).email === null)
    strapi.log.warn(
      '[mailboxes] the system mailbox is not set up: set "system.from.email" of the plugin or "settings.defaultFrom" of the e-mail plugin'
    );
  plugin.system.checkTransport((problem) => strapi.log.warn(`[mailboxes] ${problem}`));
  const weak = plugin.system.weakProvider();
  if (weak !== null)
    strapi.log.warn(
      `[mailboxes] the system mailbox goes over the e-mail provider "${weak}", which gives no reply per recipient and can carry no other sender: set "system.transport" to SMTP settings`
    );
  if (Object.keys(plugin.settings.contentApi.roles).length > 0 && !strapi.plugins['users-permissions'])
    strapi.log.warn('[mailboxes] config "contentApi.roles" binds nobody: the plugin users-permissions is not there');
  for (const problem of await plugin.missingNames()) strapi.log.warn(`[mailboxes] ${problem}`);
}
