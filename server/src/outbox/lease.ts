import type { Queries } from '../database/dialect';
import type { Claim } from './protocol';

type Query = ReturnType<Queries>;

/** Narrows to rows that are still held by exactly these claims: id and token have to match pair by pair. */
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

/** `CASE column WHEN … END`: another value for each row, in one statement. */
export const eachOf = (queries: Queries, column: string, values: ReadonlyMap<string, string | null>) =>
  queries.raw(`CASE ?? ${'WHEN ? THEN ? '.repeat(values.size)}END`, [column, ...[...values].flat()] as never);
