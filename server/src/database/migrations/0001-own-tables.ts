import { TABLES } from '../tables';
import type { Migration, MigrationTools } from './migration';

/** Address columns have binary collation, independent of the database's default (rules §7). */
const ADDRESS_LENGTH = 320;
const ID_LENGTH = 64;

export const ownTables: Migration = {
  name: '0001-own-tables',
  up: async (tools) => {
    await createSettingsTables(tools);
    await createMessageTables(tools);
    await createSubmissionTable(tools);
    await createDeliveryTables(tools);
  },
};

const createSettingsTables = async ({ create, key }: MigrationTools): Promise<void> => {
  await create(TABLES.secrets, (table) => {
    table.string('mailbox', ID_LENGTH).notNullable();
    table.string('field', 64).notNullable();
    table.text('value').notNullable();
    table.string('key_id', 64).notNullable();
    table.bigInteger('set_at').notNullable();
    table.primary(['mailbox', 'field']);
    table.index(['key_id'], 'mailboxes_secrets_key_index');
  });
  await create(TABLES.confirmations, (table) => {
    table.integer('user_id').notNullable().primary();
    key(table, 'address_key', ADDRESS_LENGTH).nullable();
    table.bigInteger('confirmed_at').nullable();
    table.string('code_hash', 255).nullable();
    key(table, 'code_key', ADDRESS_LENGTH).nullable();
    table.bigInteger('code_expires_at').nullable();
    table.integer('code_tries').notNullable().defaultTo(0);
    // The last three requests, oldest first: one conditional update decides the hourly limit.
    table.bigInteger('requested_1_at').nullable();
    table.bigInteger('requested_2_at').nullable();
    table.bigInteger('requested_3_at').nullable();
  });
  await create(TABLES.lastChoices, (table) => {
    table.integer('user_id').notNullable();
    table.string('tenant', ID_LENGTH).notNullable();
    table.string('from_identity', 300).notNullable();
    table.string('reply_identity', 300).nullable();
    table.primary(['user_id', 'tenant']);
  });
  await create(TABLES.transports, (table) => {
    table.string('id', ID_LENGTH).notNullable().primary();
    table.string('paused_code', 64).nullable();
    table.text('paused_message').nullable();
    table.bigInteger('paused_at').nullable();
  });
};

const createMessageTables = async ({ create, blob }: MigrationTools): Promise<void> => {
  await create(TABLES.messages, (table) => {
    table.string('id', ID_LENGTH).notNullable().primary();
    table.string('header_id', ADDRESS_LENGTH).notNullable();
    table.text('subject').notNullable();
    table.bigInteger('size_bytes').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await create(TABLES.chunks, (table) => {
    table.string('message', ID_LENGTH).notNullable();
    table.integer('position').notNullable();
    blob(table, 'bytes').notNullable();
    table.primary(['message', 'position']);
  });
};

const createSubmissionTable = async ({ create, key }: MigrationTools): Promise<void> => {
  await create(TABLES.submissions, (table) => {
    table.string('id', ID_LENGTH).notNullable().primary();
    table.string('message', ID_LENGTH).notNullable();
    table.string('tenant', ID_LENGTH).notNullable();
    table.integer('actor_user').nullable();
    table.string('actor_system', 255).nullable();
    table.string('state', 16).notNullable();
    table.string('phase', 16).nullable();
    // A single attempt during the call; its body is not stored.
    table.boolean('direct').notNullable().defaultTo(false);
    table.string('from_identity', 300).notNullable();
    table.string('from_name', 255).nullable();
    table.string('from_email', ADDRESS_LENGTH).notNullable();
    key(table, 'from_key', ADDRESS_LENGTH).notNullable();
    table.string('reply_identity', 300).nullable();
    table.string('reply_name', 255).nullable();
    table.string('reply_email', ADDRESS_LENGTH).nullable();
    key(table, 'reply_key', ADDRESS_LENGTH).nullable();
    table.string('transport_kind', 16).notNullable();
    table.string('transport_mailbox', ID_LENGTH).nullable();
    table.string('transport_name', 255).nullable();
    table.string('transport_email', ADDRESS_LENGTH).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('settled_at').nullable();
    table.bigInteger('next_attempt_at').nullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.integer('claims').notNullable().defaultTo(0);
    table.string('lease_token', ID_LENGTH).nullable();
    table.bigInteger('lease_until').nullable();
    table.string('error_code', 64).nullable();
    table.text('error_message').nullable();
    table.text('error_details').nullable();
    table.index(['state', 'next_attempt_at'], 'mailboxes_submissions_due_index');
    table.index(['state', 'lease_until'], 'mailboxes_submissions_lease_index');
    table.index(['tenant', 'created_at'], 'mailboxes_submissions_tenant_index');
    table.index(['actor_user', 'tenant', 'created_at'], 'mailboxes_submissions_actor_index');
    table.index(['transport_mailbox', 'state'], 'mailboxes_submissions_transport_index');
    table.index(['from_identity', 'state'], 'mailboxes_submissions_from_index');
    table.index(['reply_identity', 'state'], 'mailboxes_submissions_reply_index');
  });
};

const createDeliveryTables = async ({ create, key }: MigrationTools): Promise<void> => {
  await create(TABLES.recipients, (table) => {
    table.string('submission', ID_LENGTH).notNullable();
    table.integer('position').notNullable();
    table.string('email', ADDRESS_LENGTH).notNullable();
    key(table, 'email_key', ADDRESS_LENGTH).notNullable();
    table.string('name', 255).nullable();
    table.string('field', 8).notNullable();
    table.string('state', 16).notNullable();
    table.text('reply').nullable();
    table.primary(['submission', 'position']);
  });
  await create(TABLES.attempts, (table) => {
    table.string('submission', ID_LENGTH).notNullable();
    table.integer('claim').notNullable();
    table.string('lease_token', ID_LENGTH).notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('transmitting_at').nullable();
    table.bigInteger('ended_at').nullable();
    table.string('result', 64).nullable();
    table.text('reply').nullable();
    table.primary(['submission', 'claim']);
  });
  await create(TABLES.audit, (table) => {
    table.increments('id');
    table.bigInteger('at').notNullable();
    table.integer('actor_user').nullable();
    table.string('actor_system', 255).nullable();
    table.string('action', 64).notNullable();
    table.string('tenant', ID_LENGTH).nullable();
    table.string('object', ID_LENGTH).nullable();
    table.text('details').nullable();
    table.index(['tenant', 'at'], 'mailboxes_audit_tenant_index');
  });
};
