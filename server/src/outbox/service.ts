import type { LaneLimits } from '../domain/lane';
import type { Core } from '@strapi/types';
import type { Queries } from '../database/dialect';
import { connectionOf } from '../database/transaction';
import { createBeginTransmission, type Decide } from './begin-transmission';
import { createClaiming } from './claim';
import { createResults } from './finish';
import { isLeased, renewLeases } from './lease';
import type { Claim } from './protocol';
import { createReaper } from './reap';

export interface OutboxDependencies {
  strapi: Core.Strapi;
  decide: Decide;
  newId: () => string;
  /** Returns the limits by transport: 'system', or a mailbox's documentId. */
  limitsOf: (queries: Queries, lanes: readonly string[]) => Promise<Map<string, LaneLimits>>;
}

/**
 * Creates the steps of the delivery protocol (delivery §3), in their order. Every step is a compare-and-set that carries
 * the lease token, so that any number of processes may run it at once and a late write changes nothing.
 */
export const createOutbox = ({ strapi, decide, newId, limitsOf }: OutboxDependencies) => {
  const db = (): Queries => connectionOf(strapi);
  const claiming = createClaiming({ strapi, newId, limitsOf });
  const results = createResults(strapi);
  const reaper = createReaper(strapi, { ...results, ...claiming });

  return {
    // A submission handed over in the caller's time begins here, as claimed.
    takePlace: claiming.takePlace,
    beginAttempts: claiming.beginAttempts,

    claim: claiming.claim,
    load: claiming.load,
    beginTransmission: createBeginTransmission(strapi, decide),
    finish: results.finish,
    fail: results.fail,
    release: results.release,

    renew: (claims: readonly Claim[], leaseMs: number): Promise<void> => renewLeases(db(), claims, leaseMs),
    isOurs: (claim: Claim): Promise<boolean> => isLeased(db(), claim),

    pending: reaper.pending,
    reap: reaper.reap,
  };
};

export type Outbox = ReturnType<typeof createOutbox>;
