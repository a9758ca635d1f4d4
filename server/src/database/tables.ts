/** The plugin's own tables (contract "Storage"): no content types, so that Strapi's query engine cannot query them. */
export const TABLES = {
  secrets: 'mailboxes_secrets',
  confirmations: 'mailboxes_confirmations',
  lastChoices: 'mailboxes_last_choices',
  /** Health of each transport; id: a mailbox's documentId, or 'system'. */
  transports: 'mailboxes_transports',
  messages: 'mailboxes_messages',
  chunks: 'mailboxes_message_chunks',
  submissions: 'mailboxes_submissions',
  recipients: 'mailboxes_recipients',
  /** Words by which submissions are found. */
  words: 'mailboxes_words',
  attempts: 'mailboxes_attempts',
  /** Transmissions of each transport, by second. */
  rates: 'mailboxes_rates',
  /** One row per user and tenant, locked while a limit is counted. */
  turns: 'mailboxes_turns',
  processes: 'mailboxes_processes',
  audit: 'mailboxes_audit',
  guardFindings: 'mailboxes_guard_findings',
  drafts: 'mailboxes_drafts',
  draftChunks: 'mailboxes_draft_chunks',
  migrations: 'mailboxes_migrations',
} as const;

/** Content types; `CONTENT_TABLES` are the tables that Strapi creates for them. */
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
