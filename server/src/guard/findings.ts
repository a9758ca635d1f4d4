import { createHash } from 'node:crypto';
import type { Found, GuardFinding } from '../contracts/guard';
import type { RefusalCode } from '../domain/refusal';
import { iso } from '../contracts/instant';
import { contains, nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

type Row = Record<'id' | 'from_text' | 'address' | 'caller' | 'verdict' | 'count' | 'first_at' | 'last_at', unknown>;

/** Callers can invent any number of From addresses, so the oldest findings are deleted above this. */
const MAX_FINDINGS = 1000;

const idOf = ({ from, caller, verdict }: Found): string =>
  createHash('sha256')
    .update(JSON.stringify([caller, from, verdict]))
    .digest('hex');

const countUp = async (queries: Queries, id: string): Promise<boolean> =>
  Number(
    await queries(TABLES.guardFindings)
      .where({ id })
      .update({ count: queries.raw('?? + 1', ['count']), last_at: nowMs(queries) })
  ) > 0;

/** Counts a finding in a few short statements; concurrent calls count each. @returns the count */
export const countFinding = async (queries: Queries, found: Found): Promise<number> => {
  const id = idOf(found);
  if (!(await countUp(queries, id))) {
    await makeRoom(queries);
    const { from: from_text, address, caller, verdict } = found;
    const added = { id, from_text, address, caller, verdict, count: 0 };
    await queries(TABLES.guardFindings)
      .insert({ ...added, first_at: nowMs(queries), last_at: nowMs(queries) } as never)
      .onConflict('id')
      .ignore();
    await countUp(queries, id);
  }
  const [row]: { count: unknown }[] = await queries(TABLES.guardFindings).where({ id }).select('count');
  return Number(row?.count ?? 1);
};

const makeRoom = async (queries: Queries): Promise<void> => {
  const [row]: { n: unknown }[] = await queries(TABLES.guardFindings).count({ n: '*' });
  const tooMany = Number(row?.n) - MAX_FINDINGS + 1;
  if (tooMany <= 0) return;
  const oldest: { id: string }[] = await queries(TABLES.guardFindings).orderBy('last_at').limit(tooMany).select('id');
  await queries(TABLES.guardFindings)
    .whereIn(
      'id',
      oldest.map(({ id }) => id)
    )
    .delete();
};

const matching = (queries: Queries, q: string) => {
  const all = queries(TABLES.guardFindings);
  if (q === '') return all;
  return all.where((where) => {
    for (const column of ['from_text', 'caller']) where.orWhere(contains(queries, column, q));
  });
};

/** Returns a page of findings, the latest first. */
export const findFindings = async (
  queries: Queries,
  { q, offset, limit }: { q: string; offset: number; limit: number }
): Promise<{ rows: GuardFinding[]; total: number }> => {
  const [row]: { n: unknown }[] = await matching(queries, q).count({ n: '*' });
  const rows: Row[] = await matching(queries, q)
    .orderBy([{ column: 'last_at', order: 'desc' }, { column: 'id' }])
    .offset(offset)
    .limit(limit)
    .select('*');
  return {
    rows: rows.map(({ id, from_text, address, caller, verdict, count, first_at, last_at }) => ({
      id: String(id),
      from: String(from_text),
      address: address === null ? null : String(address),
      caller: String(caller),
      verdict: verdict as RefusalCode,
      count: Number(count),
      firstAt: iso(first_at),
      lastAt: iso(last_at),
    })),
    total: Number(row?.n),
  };
};

export const forgetFindings = async (queries: Queries): Promise<void> => {
  await queries(TABLES.guardFindings).delete();
};
