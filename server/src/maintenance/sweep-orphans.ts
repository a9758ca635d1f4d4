import type { Core } from '@strapi/types';
import { UNFINISHED } from '../domain/submission';
import { SYSTEM_TRANSPORT } from '../domain/lane';
import type { Queries } from '../database/dialect';
import { CONTENT_TABLES, TABLES } from '../database/tables';
import { inTransaction } from '../database/transaction';

interface Column {
  table: string;
  column: string;
}

/** Returns values of `column` without a row in `to`. Selects first: deleting by a sub-query would lock all of `to`. */
const missing = async (queries: Queries, { table, column }: Column, to: Column): Promise<(string | number)[]> => {
  const rows: { id: string | number }[] = await queries(`${table} as a`)
    .leftJoin(`${to.table} as b`, `b.${to.column}`, `a.${column}`)
    .whereNull(`b.${to.column}`)
    .distinct({ id: `a.${column}` });
  return rows.map(({ id }) => id);
};

const missingMailboxes = async (queries: Queries, column: 'from_identity' | 'reply_identity'): Promise<string[]> => {
  const rows: { id: string }[] = await queries(`${TABLES.lastChoices} as a`)
    .leftJoin(`${CONTENT_TABLES.mailboxes} as b`, 'b.document_id', queries.raw('SUBSTR(??, 9)', [`a.${column}`]))
    .where(`a.${column}`, 'like', 'mailbox:%')
    .whereNull('b.document_id')
    .distinct({ id: `a.${column}` });
  return rows.map(({ id }) => id);
};

/** Delivery finds unfinished submissions by their transport's row; the decision then ends them with a reason. */
const withUnfinished = async (queries: Queries, ids: readonly (string | number)[]): Promise<Set<string>> => {
  const rows: { lane: string }[] = await queries(TABLES.submissions)
    .distinct('lane')
    .whereIn('lane', ids.map(String))
    .whereIn('state', [...UNFINISHED]);
  return new Set(rows.map(({ lane }) => lane));
};

/**
 * Deletes rows of the plugin's own tables whose mailbox, tenant or user was deleted: they have no foreign keys into
 * Strapi's tables. Keeps submissions, attempts and audit: they are history.
 */
export const sweepOrphans = (strapi: Core.Strapi): Promise<void> =>
  inTransaction(strapi, async (trx) => {
    const mailboxes = { table: CONTENT_TABLES.mailboxes, column: 'document_id' };
    const tenants = { table: CONTENT_TABLES.tenants, column: 'document_id' };
    const users = { table: 'admin_users', column: 'id' };
    const owned: [Column, Column][] = [
      [{ table: TABLES.secrets, column: 'mailbox' }, mailboxes],
      [{ table: TABLES.transports, column: 'id' }, mailboxes],
      [{ table: TABLES.lastChoices, column: 'tenant' }, tenants],
      [{ table: TABLES.lastChoices, column: 'user_id' }, users],
      [{ table: TABLES.drafts, column: 'tenant' }, tenants],
      [{ table: TABLES.drafts, column: 'user_id' }, users],
      [
        { table: TABLES.draftChunks, column: 'draft' },
        { table: TABLES.drafts, column: 'id' },
      ],
    ];
    for (const [owner, to] of owned) {
      const gone = (await missing(trx, owner, to)).filter((id) => id !== SYSTEM_TRANSPORT);
      const unfinished = owner.table === TABLES.transports ? await withUnfinished(trx, gone) : new Set();
      const ids = gone.filter((id) => !unfinished.has(id));
      if (ids.length > 0) await trx(owner.table).whereIn(owner.column, ids).delete();
    }
    const from = await missingMailboxes(trx, 'from_identity');
    if (from.length > 0) await trx(TABLES.lastChoices).whereIn('from_identity', from).delete();
    const replyTo = await missingMailboxes(trx, 'reply_identity');
    if (replyTo.length > 0)
      await trx(TABLES.lastChoices).whereIn('reply_identity', replyTo).update({ reply_identity: null });
  });
