import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { laneOf } from '../domain/lane';
import type { Submission } from '../contracts/answers';
import { parseSubmit, type SubmitLimits, type SubmitRequest } from '../contracts/submission';
import { afterCommit, inTransaction } from '../database/transaction';
import { orThrow, stop } from '../strapi/error';
import type { createOutbox } from '../outbox/service';
import { acceptedOrThrow, type Acceptances } from './accept';
import type { EmitSubmission } from './events';
import type { Handed, Preparation } from './prepare';

export interface HandOverDependencies {
  strapi: Core.Strapi;
  limits: SubmitLimits;
  leaseMs: number;
  prepare: Preparation['prepare'];
  acceptWithin: Acceptances['acceptWithin'];
  outbox: Pick<ReturnType<typeof createOutbox>, 'takePlace' | 'beginAttempts'>;
  /** Attempts a claimed submission now. */
  deliverNow: (claim: { id: string; leaseToken: string; claim: number }, bytes: Buffer) => Promise<void>;
  emit: EmitSubmission;
  readLatest: (id: string, viewer: Actor) => Promise<Submission>;
  clock: () => number;
  newId: () => string;
}

/**
 * Sends messages in the caller's time: one attempt, without storing the body. For mail whose text must not be in the
 * database, such as codes.
 */
export const createHandOver = (dependencies: HandOverDependencies) => {
  const { strapi, limits, leaseMs, prepare, acceptWithin, outbox, deliverNow, emit, readLatest, clock, newId } =
    dependencies;

  /** @returns the submission in its final state */
  async function submitDirect(actor: Actor, input: unknown): Promise<Submission> {
    return handOver(actor, orThrow(parseSubmit(input, limits, clock())));
  }

  /** As `submitDirect`, for a parsed request. */
  async function handOver(actor: Actor, request: SubmitRequest, handed: Partial<Handed> = {}): Promise<Submission> {
    const claim = { id: newId(), leaseToken: newId(), claim: 1 };
    const direct = { id: claim.id, leaseToken: claim.leaseToken, leaseMs };
    const prepared = await prepare(actor, request, { remember: false, direct, ...handed });
    const accepted = await inTransaction(strapi, async (trx) => {
      const acceptance = acceptedOrThrow(await acceptWithin(trx, prepared));
      // Unlike the queue, a caller cannot wait for the next minute; mail of system actors is not counted.
      if (actor.type === 'user' && !(await outbox.takePlace(trx, laneOf(prepared.from.transport))))
        stop('RATE_LIMITED', { retryAfterSeconds: 60 });
      await outbox.beginAttempts(trx, [claim]);
      return acceptance;
    });
    if (accepted.kind === 'accepted')
      await afterCommit(strapi, () => emit('accepted', { ...accepted.submission, error: null }));
    await deliverNow(claim, prepared.bytes);
    return readLatest(claim.id, actor);
  }

  return { submitDirect, handOver };
};
