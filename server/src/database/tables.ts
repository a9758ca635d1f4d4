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
  /** Hand-overs of each transport, by the second. */
  rates: 'mailboxes_rates',
  /** Rows to lock: what is counted for a user or a tenant is counted one after the other. */
  turns: 'mailboxes_turns',
  processes: 'mailboxes_processes',
  audit: 'mailboxes_audit',
  guardFindings: 'mailboxes_guard_findings',
  drafts: 'mailboxes_drafts',
  draftChunks: 'mailboxes_draft_chunks',
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
