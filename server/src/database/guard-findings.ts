import { createHash } from 'node:crypto';
import type { GuardFinding } from '../contracts/guard';
import type { RefusalCode } from '../domain/refusal';
import { nowMs, type Queries } from './dialect';
import { TABLES } from './tables';

/** One From that was not, or would not be, let through. */
export interface Found {
  /** Printable and short. */
  from: string;
  /** Compared form (rules §7) */
  address: string | null;
  caller: string;
  verdict: RefusalCode;
}

type Row = Record<'id' | 'from_text' | 'address' | 'caller' | 'verdict' | 'count' | 'first_at' | 'last_at', unknown>;

/** Anybody who may call Strapi's e-mail service can invent another From: what is beyond is counted together. */
const MOST = 1000;

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

/** Counts what was found, in a few short statements; two at once count two. */
export const countFinding = async (queries: Queries, found: Found): Promise<void> => {
  if (await countUp(queries, idOf(found))) return;
  const [row]: { n: unknown }[] = await queries(TABLES.guardFindings).count({ n: '*' });
  const kept = Number(row?.n) < MOST ? found : { ...found, from: '', address: null, caller: '' };
  const id = idOf(kept);
  const added = { id, count: 0, first_at: nowMs(queries), last_at: nowMs(queries) };
  const { from: from_text, address, caller, verdict } = kept;
  await queries(TABLES.guardFindings)
    .insert({ ...added, from_text, address, caller, verdict } as never)
    .onConflict('id')
    .ignore();
  await countUp(queries, id);
};

const matching = (queries: Queries, q: string) => {
  const all = queries(TABLES.guardFindings);
  if (q === '') return all;
  const pattern = `%${q.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  return all.where((where) => {
    for (const column of ['from_text', 'caller']) where.orWhereRaw("LOWER(??) LIKE ? ESCAPE '!'", [column, pattern]);
  });
};

const iso = (ms: unknown): string => new Date(Number(ms)).toISOString();

/** The latest first. */
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
