import { CONTENT_TABLES, UIDS } from '../database/tables';
import { contentType } from '../strapi/content-type';

/** An address that site admins maintain (rules §1). `secrets/` stores its password. */
export default contentType({
  table: CONTENT_TABLES.mailboxes,
  info: { singularName: 'mailbox', pluralName: 'mailboxes', displayName: 'Mailbox' },
  attributes: {
    email: { type: 'string', required: true },
    /** Compared form (rules §7). */
    emailKey: { type: 'string', required: true },
    /** `emailKey` of a global mailbox, else null: one global mailbox per address. */
    globalKey: { type: 'string' },
    name: { type: 'string', required: true },
    tenant: { type: 'relation', relation: 'manyToOne', target: UIDS.tenant, useJoinTable: false },
    enabled: { type: 'boolean', required: true, default: true },
    sender: { type: 'boolean', required: true, default: true },
    reply: { type: 'boolean', required: true, default: true },
    global: { type: 'boolean', required: true, default: false },
    restricted: { type: 'boolean', required: true, default: false },
    authenticated: { type: 'boolean', required: true, default: false },
    smtpHost: { type: 'string' },
    smtpPort: { type: 'integer' },
    smtpEncryption: { type: 'string' },
    smtpAuth: { type: 'string' },
    smtpUsername: { type: 'string' },
    /** Changes with every change of the settings or the password: transports are kept per version. */
    settingsVersion: { type: 'string' },
    signatureHtml: { type: 'text' },
    signatureText: { type: 'text' },
    perMinute: { type: 'integer' },
    connections: { type: 'integer' },
  },
  shown: ['email', 'name'],
  indexes: [
    { name: 'mailboxes_mailboxes_address_unique', columns: ['tenant_id', 'email_key'], type: 'unique' },
    { name: 'mailboxes_mailboxes_global_unique', columns: ['global_key'], type: 'unique' },
  ],
});
