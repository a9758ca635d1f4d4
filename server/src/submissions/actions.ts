import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import { administers, holds } from '../domain/administration';
import { refusal, type Refusal } from '../domain/refusal';
import { acceptedOf, senderChange } from '../domain/submission';
import {
  isCancelable,
  isReschedulable,
  retriedStates,
  settledStates,
  wasCanceled,
  type SettledAs,
} from '../domain/submission-actions';
import type { Submission } from '../contracts/answers';
import { parse } from '../contracts/parse';
import { parseReschedule, settleSchema } from '../contracts/submission';
import { appendAudit } from '../audit/record';
import { readNow, type Queries } from '../database/dialect';
import { moveSentDraft } from '../drafts/link-to-submission';
import { TABLES } from '../database/tables';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { MailboxesError, orThrow, stop } from '../strapi/error';
import { cancelSubmissions } from '../outbox/cancel';
import type { Wakeup } from '../outbox/engines/engine';
import { settle as writeEnd, UNCERTAIN } from '../outbox/settle';
import { openBudget, type HourlyLimits } from './rate-limits';
import { acceptedAs } from '../outbox/begin-transmission';
import { sameActor, submissionsRepository as repository, type SubmissionRow } from '../outbox/repository';
import { ensureLanes } from '../outbox/insert';
import { iso } from '../contracts/instant';

export interface ActionsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'decide' | 'administratorOf'>;
  limits: HourlyLimits;
  maxAgeMs: number;
  newId: () => string;
  read: (id: string, viewer: Actor) => Promise<Submission>;
  /** Emits the event for the stored final state. */
  announce: (id: string) => Promise<void>;
  /** Wakes delivery after `inMs` milliseconds. */
  wake: (wakeup: Wakeup, inMs: number) => void;
  clock: () => number;
}

/** A failed attempt may requeue the submission between the update and the read that explains its result. */
const MAX_READS = 3;

const SETTLED_AS_FAILED = {
  code: UNCERTAIN.code,
  message: 'The mail server sent no final reply; a user recorded that the message did not arrive.',
} as const;

/**
 * Actions of users on a submission (delivery §2). Each is a compare-and-set in one transaction: of two concurrent
 * actions one succeeds, and nothing is overwritten.
 */
export const createActions = (dependencies: ActionsDependencies) => {
  const { strapi, identities, limits, maxAgeMs, newId, read, announce, wake, clock } = dependencies;

  /**
   * Demands the author, or `log.manage` in the submission's tenant.
   *
   * @throws NOT_FOUND for a submission that the actor may not see, FORBIDDEN for one that it may only see
   */
  async function demandRight(id: string, actor: Actor): Promise<void> {
    const row = await repository.find(db(), id);
    if (!row) return stop('NOT_FOUND');
    if (sameActor(row.actor, actor)) return;
    const admin = await identities.administratorOf(actor);
    const inTenant = administers(admin, row.tenant);
    if (inTenant && holds(admin, 'log.manage')) return;
    stop(inTenant && holds(admin, 'log.read') ? 'FORBIDDEN' : 'NOT_FOUND');
  }

  /** @throws NOT_FOUND, FORBIDDEN; CANNOT_UNSEND from the point of no return on */
  async function cancel(id: string, { actor }: By): Promise<Submission> {
    await demandRight(id, actor);
    for (let reads = 1; ; reads += 1) {
      const canceled = await inTransaction(strapi, (trx) =>
        cancelSubmissions(trx, [id], { by: actor, leaseToken: newId() })
      );
      if (canceled.length > 0) {
        await afterCommit(strapi, () => void announce(id));
        return read(id, actor);
      }
      const { row, recipients } = await load(db(), id);
      if (wasCanceled(row.state, recipients)) return read(id, actor);
      if (!isCancelable(row.state, row.phase) || reads >= MAX_READS) return stop('CANNOT_UNSEND', { state: row.state });
    }
  }

  /**
   * Requeues rejected, expired and uncertain recipients. The age restarts; Message-ID and bytes stay. Counts against the
   * hourly limits of the user who retries and of the tenant.
   *
   * @throws NOT_FOUND, FORBIDDEN; INVALID_STATE where no recipient can be retried; every code of the decision,
   *   SENDER_CHANGED; RATE_LIMITED
   */
  async function retry(id: string, { actor }: By): Promise<Submission> {
    await demandRight(id, actor);
    const attempt = await inTransaction(strapi, async (trx) => {
      const { row, recipients } = await load(trx, id);
      const again = retriedStates(row.state, recipients);
      if (again.length === 0) stop('INVALID_STATE', { state: row.state });
      if (row.direct || !(await repository.hasBytes(trx, row.message)))
        stop('INVALID_STATE', { state: row.state, reason: 'the text is not stored' });
      const refused = await refusalNow(trx, row);
      if (refused) throw new MailboxesError(refused);
      // Its bytes are in the database already.
      const subject = { actor, tenant: row.tenant, direct: null, bytes: { length: 0 } };
      const budget = await openBudget(trx, limits, [subject], false);
      if (!budget.take(subject)) throw new MailboxesError(await budget.refusal(trx, subject));
      const now = await readNow(trx);
      // The lease token stays, so that a late reply before the next attempt still corrects the last attempt's result.
      const changed = await trx(TABLES.submissions)
        .where({ id, state: row.state, claims: row.claims })
        .update({
          state: 'queued',
          settled_at: null,
          next_attempt_at: now,
          due_at: now,
          expires_at: now + maxAgeMs,
          error_code: null,
          error_message: null,
          error_details: null,
        });
      if (changed !== 1) stop('INVALID_STATE');
      await trx(TABLES.recipients)
        .where({ submission: id })
        .whereIn('state', again)
        .update({ state: 'pending', reply: null });
      await ensureLanes(trx, [row.lane]);
      await recordAction(trx, actor, 'retried', row, { from: row.state });
      return row.claims + 1;
    });
    await afterCommit(strapi, () => wake({ id, attempt }, 0));
    return read(id, actor);
  }

  /**
   * Moves a scheduled submission, and its draft, to another time or to now. Its age starts there. The zone stays unless
   * `sendZone` names another.
   *
   * @throws INVALID_INPUT, NOT_FOUND, FORBIDDEN; INVALID_STATE unless it is scheduled and still held; every code of the
   *   decision, SENDER_CHANGED
   */
  async function reschedule(
    id: string,
    { actor, ...input }: By & { sendAt: string; sendZone?: string }
  ): Promise<Submission> {
    const { sendAt, sendZone: newZone } = orThrow(parseReschedule(input, clock()));
    await demandRight(id, actor);
    const { inMs, attempt } = await inTransaction(strapi, async (trx) => {
      const row = (await repository.find(trx, id)) ?? stop('NOT_FOUND');
      if (!isReschedulable(row.state, row.sendAt)) stop('INVALID_STATE', { state: row.state });
      const refused = await refusalNow(trx, row);
      if (refused) throw new MailboxesError(refused);
      const now = await readNow(trx);
      const dueAt = Math.max(sendAt, now);
      const sendZone = newZone ?? row.sendZone;
      // The worker enqueues with the same condition on state and time, so only one of both updates succeeds.
      const changed = await trx(TABLES.submissions)
        .where({ id, state: 'held', send_at: row.sendAt })
        .update({
          send_at: sendAt,
          send_zone: sendZone,
          due_at: dueAt,
          next_attempt_at: dueAt,
          expires_at: dueAt + maxAgeMs,
        });
      if (changed !== 1) stop('INVALID_STATE', { state: (await load(trx, id)).row.state });
      await moveSentDraft(trx, id, { sendAt: new Date(sendAt).toISOString(), ...(sendZone && { sendZone }) });
      await recordAction(trx, actor, 'rescheduled', row, { from: iso(row.sendAt), to: iso(sendAt) });
      return { inMs: dueAt - now, attempt: row.claims + 1 };
    });
    await afterCommit(strapi, () => wake({ id, attempt, moved: true }, inMs));
    return read(id, actor);
  }

  /**
   * Sets the uncertain recipients to the result that a user reports. Deferred ones are retried afterwards.
   *
   * @throws INVALID_INPUT, NOT_FOUND, FORBIDDEN; INVALID_STATE unless it is uncertain
   */
  async function settle(id: string, { actor, as }: By & { as: SettledAs }): Promise<Submission> {
    orThrow(parse(settleSchema, { as }));
    await demandRight(id, actor);
    const attempt = await inTransaction(strapi, async (trx) => {
      const leaseToken = newId();
      const changed = await trx(TABLES.submissions)
        .where({ id, state: 'uncertain' })
        .update({ lease_token: leaseToken });
      const { row, recipients } = await load(trx, id);
      if (changed !== 1) return stop('INVALID_STATE', { state: row.state });
      const { to, state } = settledStates(as, recipients);
      await trx(TABLES.recipients).where({ submission: id, state: 'uncertain' }).update({ state: to });
      // Deferred recipients did not age while the submission was uncertain.
      const waitedMs = (await readNow(trx)) - (row.settledAt ?? row.createdAt);
      await writeEnd(trx, id, state === 'failed' ? SETTLED_AS_FAILED : null, {
        expires_at: trx.raw('?? + ?', ['expires_at', waitedMs]),
      });
      if (state === 'queued') await ensureLanes(trx, [row.lane]);
      await recordAction(trx, actor, 'settled', row, { as });
      return state === 'queued' ? row.claims + 1 : null;
    });
    await afterCommit(strapi, () => {
      if (attempt !== null) wake({ id, attempt }, 0);
      else void announce(id);
    });
    return read(id, actor);
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  async function recordAction(
    trx: Queries,
    actor: Actor,
    verb: 'retried' | 'settled' | 'rescheduled',
    { id, tenant }: SubmissionRow,
    details: Record<string, unknown>
  ): Promise<void> {
    return appendAudit(trx, await readNow(trx), { actor, action: `submission.${verb}`, tenant, object: id, details });
  }

  async function load(trx: Queries, id: string) {
    const row = (await repository.find(trx, id, 'latest')) ?? stop('NOT_FOUND');
    const recipients = (await repository.recipientsOf(trx, [id], 'latest')).map(({ state }) => state);
    return { row, recipients };
  }

  /**
   * Decides again with the author's current grants.
   *
   * @returns null where sender, reply address and transport are still the accepted ones
   */
  async function refusalNow(trx: Queries, row: SubmissionRow): Promise<Refusal | null> {
    const [decision] = await identities.decide(trx, [
      { actor: row.actor, tenant: row.tenant, from: row.fromIdentity, replyTo: row.replyIdentity ?? undefined },
    ]);
    if (!decision) throw new Error('[mailboxes] decide() returned fewer decisions than questions');
    return decision.allowed
      ? senderChange(acceptedAs(row), acceptedOf(decision.from, decision.replyTo))
      : refusal(decision.code);
  }

  return { demandRight, cancel, retry, reschedule, settle };
};
