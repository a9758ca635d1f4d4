import type { LaneLimits } from '../domain/lane';
import type { Core } from '@strapi/types';
import { nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { connectionOf } from '../database/transaction';
import { createClaiming } from './claim';
import { heldBy } from './lease';
import { createPassage, type Decide } from './begin-transmission';
import { createReaper } from './reap';
import { createResults } from './finish';
import type { Claim } from './protocol';

export interface OutboxDependencies {
  strapi: Core.Strapi;
  decide: Decide;
  newId: () => string;
  /** By transport: 'system', or a mailbox's documentId. */
  limitsOf: (queries: Queries, lanes: readonly string[]) => Promise<Map<string, LaneLimits>>;
}

/**
 * The outbox as delivery works on it (delivery §3). Every step is a compare-and-set that carries the lease token, so
 * that any number of processes may run it at once and a late writer changes nothing.
 */
export const createOutbox = ({ strapi, decide, newId, limitsOf }: OutboxDependencies) => {
  const db = (): Queries => connectionOf(strapi);
  const { claim, load, beginAttempts, takePlace, forgetRates } = createClaiming({ strapi, newId, limitsOf });
  const { finish, fail, release, requeue, renew } = createResults(strapi);
  const { reap } = createReaper(strapi, { requeue });

  return {
    claim,
    load,
    beginAttempts,
    takePlace,
    pass: createPassage(strapi, decide),
    finish,
    fail,
    release,

    renew: (claims: readonly Claim[], leaseMs: number): Promise<void> => renew(db(), claims, leaseMs),

    isOurs: async (held: Claim): Promise<boolean> => {
      const rows: unknown[] = await heldBy(db()(TABLES.submissions), [held])
        .andWhere({ state: 'submitting', phase: 'transmitting' })
        .andWhere('lease_until', '>', nowMs(db()))
        .select('id');
      return rows.length === 1;
    },

    reap: async (): Promise<string[]> => {
      await forgetRates();
      return reap();
    },
  };
};

export type Outbox = ReturnType<typeof createOutbox>;
