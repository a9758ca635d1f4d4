import { CONTENT_TABLES, UIDS } from '../database/tables';
import { contentType } from '../strapi/content-type';

/** Permission of one user or one role to use one restricted mailbox (rules §1). */
export default contentType({
  table: CONTENT_TABLES.grants,
  info: { singularName: 'grant', pluralName: 'grants', displayName: 'Grant' },
  attributes: {
    mailbox: { type: 'relation', relation: 'manyToOne', target: UIDS.mailbox, useJoinTable: false },
    user: { type: 'relation', relation: 'manyToOne', target: 'admin::user', useJoinTable: false },
    role: { type: 'relation', relation: 'manyToOne', target: 'admin::role', useJoinTable: false },
    /** Milliseconds since the epoch, as in the plugin's own tables: independent of the driver's time zone. */
    expiresAt: { type: 'biginteger' },
    grantedAt: { type: 'biginteger', required: true },
  },
  shown: [],
  indexes: [
    { name: 'mailboxes_grants_user_unique', columns: ['mailbox_id', 'user_id'], type: 'unique' },
    { name: 'mailboxes_grants_role_unique', columns: ['mailbox_id', 'role_id'], type: 'unique' },
  ],
});
