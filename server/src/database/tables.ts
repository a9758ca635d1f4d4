/** Tables of our own (contract "Storage"): no content types, so that Strapi's query engine never reaches them. */
export const TABLES = {
  secrets: 'mailboxes_secrets',
  confirmations: 'mailboxes_confirmations',
  lastChoices: 'mailboxes_last_choices',
  /** Health of each transport: a mailbox's documentId, or 'system'. */
  transports: 'mailboxes_transports',
  messages: 'mailboxes_messages',
  chunks: 'mailboxes_message_chunks',
  submissions: 'mailboxes_submissions',
  recipients: 'mailboxes_recipients',
  attempts: 'mailboxes_attempts',
  audit: 'mailboxes_audit',
  migrations: 'mailboxes_migrations',
} as const;

/** Content types and the tables that Strapi makes for them. */
export const UIDS = {
  tenant: 'plugin::mailboxes.tenant',
  mailbox: 'plugin::mailboxes.mailbox',
  grant: 'plugin::mailboxes.grant',
} as const;

export const CONTENT_TABLES = {
  tenants: 'mailboxes_tenants',
  mailboxes: 'mailboxes_mailboxes',
  grants: 'mailboxes_grants',
} as const;
