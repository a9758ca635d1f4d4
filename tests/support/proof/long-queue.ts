import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { dialectOf, type Dialect, type Queries } from '../../../server/src/database/dialect';
import { TABLES } from '../../../server/src/database/tables';
import type { TestDatabase } from '../database';
import { startMailServerProcess } from '../smtp/server-process';
import { shapeOf } from '../statements';
import { boot, type App } from '../strapi';
import { openLedger } from './ledger';
import { planOf, type Plan } from './plans';
import { proofConfig } from './site';

/** Count and mean duration of a statement. */
export interface Statement {
  text: string;
  perMail: number;
  ms: number;
}

export interface QueueRun {
  queued: number;
  delivered: number;
  statements: Statement[];
  statementsPerMail: number;
  databaseMsPerMail: number;
  /** Query plans of the statements of delivery. */
  plans: Plan[];
  /** Heap in use after a collection: at the start, and after each quarter of the deliveries. */
  heapMb: number[];
}

interface Query {
  sql: string;
  bindings?: readonly unknown[];
  __knexQueryUid: string;
}

type Row = Record<string, unknown>;

/** 1 to `count`, as a derived table with the column `n`; without recursion, which MariaDB ends at 1000. */
const series = (count: number): string => {
  const digits = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');
  const places = Array.from({ length: String(count).length }, (_, place) => place);
  const sum = places.map((place) => `p${place}.d * ${10 ** place}`).join(' + ');
  const from = places.map((place) => `(${digits}) p${place}`).join(' CROSS JOIN ');
  return `(SELECT n FROM (SELECT 1 + ${sum} AS n FROM ${from}) numbers WHERE n <= ${count}) series`;
};

const numbered = (dialect: Dialect, before: string, after = ''): string =>
  dialect === 'mysql' ? `CONCAT('${before}', n, '${after}')` : `'${before}' || n || '${after}'`;

/** Multiplies one accepted submission: as many queued ones, each with a message of its own to a recipient of its own. */
export const multiply = async (database: TestDatabase, id: string, count: number): Promise<void> => {
  const ledger = openLedger(database);
  const { db } = ledger;
  const dialect = dialectOf(db as unknown as Queries);
  const copy = async (table: string, key: string, of: string, columns: Record<string, string>): Promise<void> => {
    const template = (await db(table).where(key, of).first('*')) as Row;
    const names = Object.keys(template);
    const values = names.map((name) => columns[name] ?? db.ref(`t.${name}`).toQuery());
    const sql = `INSERT INTO ?? (${names.map(() => '??').join(', ')}) SELECT ${values.join(', ')} FROM ?? t CROSS JOIN ${series(count)} WHERE ?? = ?`;
    await db.raw(sql, [table, ...names, table, `t.${key}`, of]);
  };
  const { message } = (await db(TABLES.submissions).where({ id }).first('message')) as { message: string };
  const [ofSubmission, ofMessage] = [numbered(dialect, 'queued-'), numbered(dialect, 'message-')];
  const email = numbered(dialect, 'mail-', '@reader.example');
  await copy(TABLES.messages, 'id', message, { id: ofMessage, header_id: numbered(dialect, '<', '@site.example>') });
  await copy(TABLES.chunks, 'message', message, { message: ofMessage });
  await copy(TABLES.submissions, 'id', id, { id: ofSubmission, message: ofMessage });
  await copy(TABLES.recipients, 'submission', id, { submission: ofSubmission, email, email_key: email });
  // One earlier attempt each, because the attempts table grows with the queue as well.
  const tried = { claim: 0, lease_token: 'before', started_at: 1, transmitting_at: 2, ended_at: 3, result: 'deferred' };
  await db(TABLES.attempts).insert({ submission: id, reply: '450 4.2.0 Greylisted', ...tried });
  await copy(TABLES.attempts, 'submission', id, { submission: ofSubmission });
  if (dialect === 'mysql') await db.raw(`ANALYZE TABLE ${Object.values(TABLES).join(', ')}`);
  else await db.raw('ANALYZE');
  await ledger.close();
};

const collect = (): number => {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 102.4) / 10;
};

/** Counts and times the statements of a Strapi from now on. */
const watch = (app: App) => {
  const knex = app.strapi.db.connection as unknown as NodeJS.EventEmitter;
  const seen = new Map<string, { count: number; ms: number; last: Query }>();
  const begun = new Map<string, number>();
  knex.on('query', ({ __knexQueryUid }: Query) => begun.set(__knexQueryUid, performance.now()));
  knex.on('query-response', (_response: unknown, query: Query) => {
    const at = begun.get(query.__knexQueryUid);
    // Within a transaction knex emits the event twice.
    if (at === undefined || !begun.delete(query.__knexQueryUid)) return;
    const text = shapeOf(query.sql);
    const { count, ms } = seen.get(text) ?? { count: 0, ms: 0 };
    seen.set(text, { count: count + 1, ms: ms + performance.now() - at, last: query });
  });
  return seen;
};

/** Delivers some mails of a long queue and measures statements, plans and heap. */
export const longQueue = async (database: TestDatabase, queued: number, deliver: number): Promise<QueueRun> => {
  const server = await startMailServerProcess({ countsOnly: true });
  const accepting = await boot({ database, config: proofConfig(server.port, { role: 'accept' }) });
  const { id } = await accepting.service('submissions').submit({
    actor: { type: 'system', name: 'robot' },
    from: 'system',
    to: ['mail@reader.example'],
    subject: 'Hello',
    text: 'Hello',
  });
  await accepting.stop();
  await multiply(database, id, queued);

  const app = await boot({ database, config: proofConfig(server.port, { concurrency: 20 }) });
  try {
    const seen = watch(app);
    const first = server.acceptedCount;
    const heapMb = [collect()];
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      await server.waitForAccepted(first + Math.round((deliver * quarter) / 4), { timeoutMs: 600_000 });
      heapMb.push(collect());
    }
    const delivered = server.acceptedCount - first;
    const statements = [...seen].map(([text, { count, ms }]) => ({ text, perMail: count / delivered, ms: ms / count }));
    const asked = [...seen].map(([text, { last }]) => ({ text, sql: last.sql, bindings: last.bindings ?? [] }));
    const plans: Plan[] = [];
    for (const question of asked) {
      const plan = await planOf(app.strapi.db.connection, question);
      if (plan) plans.push(plan);
    }
    return {
      queued,
      delivered,
      statements: statements.sort((a, b) => b.perMail * b.ms - a.perMail * a.ms),
      statementsPerMail: statements.reduce((sum, { perMail }) => sum + perMail, 0),
      databaseMsPerMail: statements.reduce((sum, { perMail, ms }) => sum + perMail * ms, 0),
      plans,
      heapMb,
    };
  } finally {
    await app.stop();
    await server.stop();
  }
};
