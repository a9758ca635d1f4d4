import type { Core } from '@strapi/types';
import { ACTIONS, PLUGIN_ID } from './contracts/permissions';
import { compose } from './compose';
import { sweepOrphans } from './database/orphans';
import { UIDS } from './database/tables';

const EVENTS = {
  MAILBOXES_SUBMISSION_ACCEPTED: 'mailboxes.submission.accepted',
  MAILBOXES_SUBMISSION_SUBMITTED: 'mailboxes.submission.submitted',
  MAILBOXES_SUBMISSION_FAILED: 'mailboxes.submission.failed',
  MAILBOXES_SUBMISSION_UNCERTAIN: 'mailboxes.submission.uncertain',
  MAILBOXES_SUBMISSION_CANCELED: 'mailboxes.submission.canceled',
  MAILBOXES_MAILBOX_PAUSED: 'mailboxes.mailbox.paused',
  MAILBOXES_MAILBOX_RECOVERED: 'mailboxes.mailbox.recovered',
  MAILBOXES_GRANT_CREATED: 'mailboxes.grant.created',
  MAILBOXES_GRANT_DELETED: 'mailboxes.grant.deleted',
} as const;

interface ActionProvider {
  registerMany(actions: readonly object[]): Promise<void>;
}

interface WebhookStore {
  addAllowedEvent(name: string, event: string): void;
}

/** With the database there: the default tenant, the permissions, the listeners, and delivery. */
export default async ({ strapi }: { strapi: Core.Strapi }): Promise<void> => {
  const plugin = compose(strapi);
  const { tenants, grants, 'own-address': ownAddress } = plugin.services;

  const permission = strapi.service('admin::permission') as unknown as { actionProvider: ActionProvider };
  await permission.actionProvider.registerMany(
    ACTIONS.map((action) => ({ section: 'plugins', pluginName: PLUGIN_ID, ...action }))
  );
  const webhooks = strapi.get('webhookStore') as unknown as WebhookStore;
  for (const [name, event] of Object.entries(EVENTS)) webhooks.addAllowedEvent(name, event);

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
  /** After a user, role, mailbox or tenant was deleted, by whatever way, nothing is left that names it. */
  const sweep = async (): Promise<void> => {
    await grants.sweep();
    await ownAddress.forgetChanged();
    await sweepOrphans(strapi);
  };
  await sweep();
  await plugin.resumeSystemIfChanged();

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

  if ((await plugin.systemStatus()).email === null)
    strapi.log.warn(
      '[mailboxes] the system mailbox is not set up: set "system.from.email" of the plugin or "settings.defaultFrom" of the e-mail plugin'
    );
  const weak = plugin.weakProvider();
  if (weak !== null)
    strapi.log.warn(
      `[mailboxes] the system mailbox goes over the e-mail provider "${weak}", which gives no reply per recipient and can carry no other sender: set "system.transport" to SMTP settings`
    );
  await plugin.startDelivery();
};
