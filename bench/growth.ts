/**
 * `npm run bench:growth`: milliseconds of lists, searches, health and an idle poll with many submissions of one tenant;
 * the median of five calls.
 *
 *   npm run bench:growth                            1,000,000 submissions on SQLite, PostgreSQL and MariaDB
 *   npm run bench:growth -- postgres --rows 100000
 */
import { performance } from 'node:perf_hooks';
import type { Queries } from '../server/src/database/dialect';
import { TABLES } from '../server/src/database/tables';
import { storeWords } from '../server/src/maintenance/store-words';
import { createEmptyDatabase, type DatabaseName } from '../tests/support/database';
import { bootForDelivery, submit } from '../tests/support/outbox';
import { actorOf, type App } from '../tests/support/strapi';
import { readArguments, runCommand } from './command';
import { plansOf } from './plans';

const { databases, rows } = readArguments(['sqlite', 'postgres', 'mariadb'], { rows: 1_000_000 });

/** Rows that the services write; the others are copies. */
const WRITTEN = 500;
const PAGE_SIZE = 20;
const CALLS = 5;
/** Submissions without words, as of the release before. */
const UPGRADED = 10_000;
/** Milliseconds between two submissions. */
const STEP_MS = 60_000;

type Change = Record<string, string>;

/** Inserts a changed copy of every row. @param change SQL of the changed columns, by name */
const copyAll = async (knex: Queries, table: string, change: Change): Promise<void> => {
  const [row]: Record<string, unknown>[] = await knex(table).limit(1);
  const columns = Object.keys(row ?? {});
  const selected = columns.map((column) => change[column] ?? knex.raw('??', [column]).toString());
  await knex.raw(`INSERT INTO ?? (${columns.map(() => '??').join(', ')}) SELECT ${selected.join(', ')} FROM ??`, [
    table,
    ...columns,
    table,
  ]);
};

/** Fills the outbox by doubling: unique ids and addresses, older with each copy, most of them submitted. */
const fill = async (app: App): Promise<number> => {
  const knex = app.strapi.db.connection as unknown as Queries;
  for (let count = 0; count < WRITTEN; count += 1)
    await submit(app, 'system', { subject: `News of week ${count}`, to: [`reader-${count}@reader.example`] });
  const ids: { id: string }[] = await knex(TABLES.submissions).select('id');
  for (const [index, { id }] of ids.entries())
    await knex(TABLES.submissions)
      .where({ id })
      .update({
        state: index % 100 === 0 ? 'failed' : 'submitted',
        next_attempt_at: null,
        created_at: knex.raw('created_at - ?', [index * STEP_MS]),
        settled_at: knex.raw('created_at - ?', [index * STEP_MS]),
      });
  let size = WRITTEN;
  for (let round = 0; size < rows; round += 1, size *= 2) {
    const letter = String.fromCharCode(97 + round);
    const renamed = (column: string): string =>
      app.database.name === 'mariadb' ? `CONCAT('${letter}', ${column})` : `'${letter}' || ${column}`;
    const readdressed = (column: string): string => `REPLACE(${column}, '@', '${letter}@')`;
    const older = `created_at - ${size * STEP_MS}`;
    await copyAll(knex, TABLES.messages, { id: renamed('id'), created_at: older });
    await copyAll(knex, TABLES.recipients, { submission: renamed('submission'), email: readdressed('email') });
    await copyAll(knex, TABLES.submissions, {
      id: renamed('id'),
      message: renamed('message'),
      created_at: older,
      settled_at: older,
      idempotency_key: 'NULL',
    });
    await copyAll(knex, TABLES.words, {
      submission: renamed('submission'),
      word: readdressed('word'),
      created_at: older,
    });
  }
  await knex.raw(
    app.database.name === 'mariadb' ? `ANALYZE TABLE ${TABLES.submissions}, ${TABLES.recipients}` : 'ANALYZE'
  );
  return size;
};

/** Stores the words of the newest submissions as after an upgrade, but without pauses. */
const storeNewestWords = async (app: App): Promise<void> => {
  const knex = app.strapi.db.connection as unknown as Queries;
  const newest: { id: string }[] = await knex(TABLES.submissions)
    .orderBy('created_at', 'desc')
    .limit(UPGRADED)
    .select('id');
  const ids = newest.map(({ id }) => id);
  await knex(TABLES.words).whereIn('submission', ids).delete();
  await knex(TABLES.submissions).whereIn('id', ids).update({ searchable: null });
  const startedAt = performance.now();
  while ((await storeWords(app.strapi)) > 0);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${app.database.name}: words of ${ids.length} submissions stored in ${seconds.toFixed(1)} s`);
};

const medianMs = async (work: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(CALLS / 2)] ?? NaN;
};

const run = async (name: DatabaseName): Promise<[string, number][]> => {
  const database = await createEmptyDatabase(name);
  const app = await bootForDelivery({
    database,
    systemPort: 25,
    config: { delivery: { role: 'accept' }, limits: { perTenantPerHour: 1_000_000 } },
  });
  try {
    const size = await fill(app);
    const reader = await app.person({ actions: ['communication.send', 'log.read'] });
    const { submissions, health } = { submissions: app.service('submissions'), health: app.service('health') };
    const list = (query: object) => () =>
      submissions.findPage({ actor: actorOf(reader), page: 1, pageSize: PAGE_SIZE, ...query });
    const far = `${Date.now() - Math.floor(size * 0.9) * STEP_MS}-0`;
    const calls: [string, () => Promise<unknown>][] = [
      ['list, first page', list({})],
      ['list, last page by its number', list({ page: Math.floor(size / PAGE_SIZE) })],
      ['list, far page by key', list({ after: far })],
      ['list of a rare state', list({ state: 'failed' })],
      ['search, a common word', list({ q: 'News' })],
      ['search, one address', list({ q: 'reader-77@reader.example' })],
      ['search, beginning of a word', list({ q: 'reader-7' })],
      ['search, two words', list({ q: 'week 77' })],
      ['search, a word of old ones', list({ q: '77d@reader' })],
      ['search, a common word in a state', list({ q: 'News', state: 'failed' })],
      ['search, nothing found', list({ q: 'unheard of' })],
      ['overview', () => submissions.overview({ actor: actorOf(reader) })],
      ['health', () => health.report()],
      ['idle poll', () => submissions.outbox.pending()],
    ];
    await storeNewestWords(app);
    const result: [string, number][] = [];
    for (const [title, call] of calls) {
      result.push([title, await medianMs(call)]);
      const { plans, statements } = await plansOf(app.strapi, name, call);
      console.log(`\n## ${name}: ${title}: ${result.at(-1)?.[1].toFixed(1)} ms, ${statements} statements\n`);
      for (const { sql, lines } of plans) console.log(`${sql}\n\n${lines.map((line) => `    ${line}`).join('\n')}\n`);
    }
    return result;
  } finally {
    await app.stop();
    await database.drop();
  }
};

const main = async (): Promise<void> => {
  const tables: [DatabaseName, [string, number][]][] = [];
  for (const name of databases) tables.push([name, await run(name)]);
  console.log(
    `\n| ms, ${rows} submissions | ${databases.join(' | ')} |\n| --- |${databases.map(() => ' --- |').join('')}`
  );
  for (const [index, [title]] of (tables[0]?.[1] ?? []).entries())
    console.log(`| ${title} | ${tables.map(([, found]) => (found[index]?.[1] ?? NaN).toFixed(1)).join(' | ')} |`);
};

runCommand(main);
