import { nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import type { Claim } from './protocol';

type Query = ReturnType<Queries>;

/** Narrows to rows still leased by exactly these claims: id and token have to match in pairs. */
export const heldBy = <Q extends Query>(query: Q, claims: readonly Claim[], id: 'id' | 'submission' = 'id'): Q => {
  const byToken = new Map<string, string[]>();
  for (const claim of claims) byToken.set(claim.leaseToken, [...(byToken.get(claim.leaseToken) ?? []), claim.id]);
  query
    .whereIn(
      id,
      claims.map((claim) => claim.id)
    )
    .andWhere((where) => {
      for (const [token, ids] of byToken)
        where.orWhere((pair) => {
          pair.where('lease_token', token).whereIn(id, ids);
        });
    });
  return query;
};

/** Extends the leases that these claims still have. */
export const renewLeases = async (queries: Queries, claims: readonly Claim[], leaseMs: number): Promise<void> => {
  await heldBy(queries(TABLES.submissions), claims)
    .andWhere('state', 'submitting')
    .update({ lease_until: nowPlusMs(queries, leaseMs) });
};

/** Returns whether a transmitting claim still has its lease. */
export const isLeased = async (queries: Queries, claim: Claim): Promise<boolean> => {
  const rows: unknown[] = await heldBy(queries(TABLES.submissions), [claim])
    .andWhere({ state: 'submitting', phase: 'transmitting' })
    .andWhere('lease_until', '>', nowMs(queries))
    .select('id');
  return rows.length === 1;
};

/** `CASE column WHEN … END`: another value for each row, in one statement. */
export const eachOf = (queries: Queries, column: string, values: ReadonlyMap<string, string | null>) =>
  queries.raw(`CASE ?? ${'WHEN ? THEN ? '.repeat(values.size)}END`, [column, ...[...values].flat()] as never);
