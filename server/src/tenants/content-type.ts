import { CONTENT_TABLES } from '../database/tables';
import { DUPLICATE_POLICIES, OWN_ADDRESS_RULES, SYSTEM_SENDER_RULES } from '../contracts/tenant';
import { contentType } from '../strapi/content-type';

/** A client of the installation (rules §6). */
export default contentType({
  table: CONTENT_TABLES.tenants,
  info: { singularName: 'tenant', pluralName: 'tenants', displayName: 'Tenant' },
  attributes: {
    name: { type: 'string', required: true },
    key: { type: 'string', required: true },
    everyone: { type: 'boolean', required: true, default: false },
    memberUsers: { type: 'relation', relation: 'manyToMany', target: 'admin::user' },
    memberRoles: { type: 'relation', relation: 'manyToMany', target: 'admin::role' },
    mailboxLimit: { type: 'integer' },
    /** Number of its mailboxes: the quota's counter, changed by conditional updates only. */
    mailboxCount: { type: 'integer', required: true, default: 0 },
    mailboxDomains: { type: 'json' },
    ownAddress: { type: 'string', required: true, default: OWN_ADDRESS_RULES[0] },
    ownAddressDomains: { type: 'json' },
    duplicatePolicy: { type: 'string', required: true, default: DUPLICATE_POLICIES[0] },
    systemSender: { type: 'string', required: true, default: SYSTEM_SENDER_RULES[0] },
    systemName: { type: 'string' },
    systemEmail: { type: 'string' },
  },
  shown: ['key', 'name'],
  indexes: [{ name: 'mailboxes_tenants_key_unique', columns: ['key'], type: 'unique' }],
});
