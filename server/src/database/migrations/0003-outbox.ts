import { nowPlusMs } from '../dialect';
import { TABLES } from '../tables';
import {
  addColumn,
  addIndex,
  type ColumnBuilder,
  type Index,
  type Migration,
  type MigrationTools,
  type TableBuilder,
} from './migration';

const DAY_MS = 24 * 3_600_000;

/** Tables and columns for retries, pauses, limits and the undo window (delivery §1–§5). */
export const outbox: Migration = {
  name: '0003-outbox',
  up: async (tools) => {
    const { knex, on, key } = tools;
    const submissions = (column: string, build: (table: TableBuilder) => ColumnBuilder) =>
      addColumn(tools, TABLES.submissions, column, build);
    // Id of the transport: 'system' or a mailbox. Never null, for the index.
    await submissions('lane', (table) => table.string('lane', 64).notNullable().defaultTo('system'));
    await submissions('send_at', (table) => table.bigInteger('send_at').nullable());
    // Due time, from which the age is counted.
    await submissions('due_at', (table) => table.bigInteger('due_at').nullable());
    // Moved by every pause of its transport, which does not count towards the age.
    await submissions('expires_at', (table) => table.bigInteger('expires_at').nullable());
    await submissions('idempotency_actor', (table) => key(table, 'idempotency_actor', 300).nullable());
    await submissions('idempotency_key', (table) => key(table, 'idempotency_key', 255).nullable());
    await submissions('input_hash', (table) => table.string('input_hash', 64).nullable());
    await addColumn(tools, TABLES.attempts, 'late', (table) => table.boolean('late').notNullable().defaultTo(false));

    const transports = (column: string, build: (table: TableBuilder) => ColumnBuilder) =>
      addColumn(tools, TABLES.transports, column, build);
    await transports('circuit_until', (table) => table.bigInteger('circuit_until').nullable());
    // Consecutive failures; the third or fifth pauses the transport (delivery §4).
    for (const streak of ['unreachable', 'host_unknown', 'sender_rejected'])
      await transports(streak, (table) => table.integer(streak).notNullable().defaultTo(0));
    // The lane served longest ago comes first.
    await transports('served_at', (table) => table.bigInteger('served_at').notNullable().defaultTo(0));

    await createLimitTables(tools);

    await on(
      knex(TABLES.submissions)
        .whereNull('due_at')
        .update({
          lane: knex.raw("COALESCE(transport_mailbox, 'system')"),
          due_at: knex.ref('created_at') as unknown as number,
          expires_at: nowPlusMs(knex, DAY_MS),
        })
    );
    const lanes = (await on(
      knex(TABLES.submissions)
        .distinct({ id: 'lane' })
        .whereNotIn('lane', knex(TABLES.transports).select('id') as never)
    )) as { id: string }[];
    if (lanes.length > 0) await on(knex(TABLES.transports).insert(lanes.map(({ id }) => ({ id }))));

    for (const wanted of INDEXES) await addIndex(tools, TABLES.submissions, wanted);
  },
};

const createLimitTables = async ({ create, key }: MigrationTools): Promise<void> => {
  // Transmissions of each transport by second: the limit per minute applies to their sum.
  await create(TABLES.rates, (table) => {
    table.string('lane', 64).notNullable();
    table.bigInteger('slot').notNullable();
    table.integer('n').notNullable();
    table.primary(['lane', 'slot']);
  });
  // One row per user and tenant, locked while an hourly limit is counted.
  await create(TABLES.turns, (table) => {
    key(table, 'id', 255).notNullable().primary();
    table.bigInteger('n').notNullable();
  });
  await create(TABLES.processes, (table) => {
    table.string('id', 64).notNullable().primary();
    table.string('host', 255).notNullable();
    table.integer('pid').notNullable();
    table.bigInteger('seen_at').notNullable();
  });
};

const INDEXES: readonly Index[] = [
  { name: 'mailboxes_submissions_lane_index', columns: ['lane', 'state', 'next_attempt_at'] },
  { name: 'mailboxes_submissions_expiry_index', columns: ['state', 'expires_at'] },
  { name: 'mailboxes_submissions_hour_index', columns: ['actor_user', 'created_at'] },
  {
    name: 'mailboxes_submissions_idempotency_unique',
    columns: ['idempotency_actor', 'idempotency_key'],
    unique: true,
  },
];
