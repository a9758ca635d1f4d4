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
import { iso } from '../contracts/instant';
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
import { settle as writeEnd, UNCERTAIN } from '../outbox/settle';
import { openBudget, type HourlyLimits } from './rate-limits';
import { acceptedAs } from '../outbox/begin-transmission';
import { sameActor, submissionsRepository as repository, type SubmissionRow } from '../outbox/repository';
import { ensureLanes } from '../outbox/insert';

export interface ActionsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'decide' | 'administratorOf'>;
  limits: HourlyLimits;
  maxAgeMs: number;
  newId: () => string;
  read: (id: string, viewer: Actor) => Promise<Submission>;
  /** Tells what is stored now. */
  announce: (id: string) => Promise<void>;
  /** Wakes delivery, in so many milliseconds. */
  wake: (inMs: number) => void;
  clock: () => number;
}

/** A transmission that broke off gives the submission back between our two looks at it. */
const MAX_LOOKS = 3;

const SETTLED_AS_FAILED = {
  code: UNCERTAIN.code,
  message: 'Nobody could know whether the mail server had it; a person settled that it did not arrive.',
} as const;

/**
 * What people do to a submission (delivery §2): each a compare-and-set in one transaction, so that of two at once one
 * wins and nothing is overwritten.
 */
export const createActions = (dependencies: ActionsDependencies) => {
  const { strapi, identities, limits, maxAgeMs, newId, read, announce, wake, clock } = dependencies;
  const db = (): Queries => connectionOf(strapi);

  /**
   * The author, or `log.manage` in the submission's tenant.
   *
   * @throws NOT_FOUND for what the actor may not even see, FORBIDDEN for what it may see only
   */
  const demandRight = async (id: string, actor: Actor): Promise<void> => {
    const row = await repository.find(db(), id);
    if (!row) return stop('NOT_FOUND');
    if (sameActor(row.actor, actor)) return;
    const admin = await identities.administratorOf(actor);
    const inTenant = administers(admin, row.tenant);
    if (inTenant && holds(admin, 'log.manage')) return;
    stop(inTenant && holds(admin, 'log.read') ? 'FORBIDDEN' : 'NOT_FOUND');
  };

  const keepWho = async (
    trx: Queries,
    actor: Actor,
    verb: 'retried' | 'settled' | 'rescheduled',
    { id, tenant }: SubmissionRow,
    details: Record<string, unknown>
  ): Promise<void> =>
    appendAudit(trx, await readNow(trx), { actor, action: `submission.${verb}`, tenant, object: id, details });

  const loaded = async (trx: Queries, id: string) => {
    const row = (await repository.find(trx, id, 'latest')) ?? stop('NOT_FOUND');
    const recipients = (await repository.recipientsOf(trx, [id], 'latest')).map(({ state }) => state);
    return { row, recipients };
  };

  /** @throws NOT_FOUND, FORBIDDEN; CANNOT_UNSEND from the point of no return on */
  const cancel = async (id: string, { actor }: By): Promise<Submission> => {
    await demandRight(id, actor);
    for (let looks = 1; ; looks += 1) {
      const canceled = await inTransaction(strapi, (trx) =>
        cancelSubmissions(trx, [id], { by: actor, leaseToken: newId() })
      );
      if (canceled.length > 0) {
        await afterCommit(strapi, () => void announce(id));
        return read(id, actor);
      }
      const { row, recipients } = await loaded(db(), id);
      if (wasCanceled(row.state, recipients)) return read(id, actor);
      if (!isCancelable(row.state, row.phase) || looks >= MAX_LOOKS) return stop('CANNOT_UNSEND', { state: row.state });
    }
  };

  /** What the author's rights say now: the same sender, reply address and transport, or the refusal. */
  const refusedNow = async (trx: Queries, row: SubmissionRow): Promise<Refusal | null> => {
    const [decision] = await identities.decide(trx, [
      { actor: row.actor, tenant: row.tenant, from: row.fromIdentity, replyTo: row.replyIdentity ?? undefined },
    ]);
    if (!decision) throw new Error('[mailboxes] a question was not answered');
    return decision.allowed
      ? senderChange(acceptedAs(row), acceptedOf(decision.from, decision.replyTo))
      : refusal(decision.code);
  };

  /**
   * Sends again what was rejected or expired, or what is uncertain. The age starts again; Message-ID and bytes stay. It
   * takes a place in the hour of the person who retries, and of the tenant.
   *
   * @throws NOT_FOUND, FORBIDDEN; INVALID_STATE where nothing can be sent again; every code of the decision,
   *   SENDER_CHANGED; RATE_LIMITED
   */
  const retry = async (id: string, { actor }: By): Promise<Submission> => {
    await demandRight(id, actor);
    await inTransaction(strapi, async (trx) => {
      const { row, recipients } = await loaded(trx, id);
      const again = retriedStates(row.state, recipients);
      if (again.length === 0) stop('INVALID_STATE', { state: row.state });
      if (row.direct || !(await repository.hasBytes(trx, row.message)))
        stop('INVALID_STATE', { state: row.state, reason: 'the text is not stored' });
      const refused = await refusedNow(trx, row);
      if (refused) throw new MailboxesError(refused);
      // Its bytes are in the database already.
      const subject = { actor, tenant: row.tenant, direct: null, bytes: { length: 0 } };
      const budget = await openBudget(trx, limits, [subject], false);
      if (!budget.take(subject)) throw new MailboxesError(await budget.refusal(trx, subject));
      const now = await readNow(trx);
      // The lease token stays: an answer that comes before the next attempt still says what became of the last one.
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
      await keepWho(trx, actor, 'retried', row, { from: row.state });
    });
    await afterCommit(strapi, () => wake(0));
    return read(id, actor);
  };

  /**
   * Moves what waits for its day to another one, or to now, and its draft with it. Its age starts there. The zone stays
   * unless another is named.
   *
   * @throws INVALID_INPUT, NOT_FOUND, FORBIDDEN; INVALID_STATE where it waits for no day, or no more; every code of the decision, SENDER_CHANGED
   */
  const reschedule = async (
    id: string,
    { actor, ...input }: By & { sendAt: string; sendZone?: string }
  ): Promise<Submission> => {
    const { sendAt, sendZone: named } = orThrow(parseReschedule(input, clock()));
    await demandRight(id, actor);
    const inMs = await inTransaction(strapi, async (trx) => {
      const row = (await repository.find(trx, id)) ?? stop('NOT_FOUND');
      if (!isReschedulable(row.state, row.sendAt)) stop('INVALID_STATE', { state: row.state });
      const refused = await refusedNow(trx, row);
      if (refused) throw new MailboxesError(refused);
      const now = await readNow(trx);
      const dueAt = Math.max(sendAt, now);
      const sendZone = named ?? row.sendZone;
      // Who puts it into the queue at the same moment asks for state and moment in one statement, as this does.
      const changed = await trx(TABLES.submissions)
        .where({ id, state: 'held', send_at: row.sendAt })
        .update({
          send_at: sendAt,
          send_zone: sendZone,
          due_at: dueAt,
          next_attempt_at: dueAt,
          expires_at: dueAt + maxAgeMs,
        });
      if (changed !== 1) stop('INVALID_STATE', { state: (await loaded(trx, id)).row.state });
      await moveSentDraft(trx, id, { sendAt: iso(sendAt), ...(sendZone && { sendZone }) });
      await keepWho(trx, actor, 'rescheduled', row, { from: iso(row.sendAt), to: iso(sendAt) });
      return dueAt - now;
    });
    await afterCommit(strapi, () => wake(inMs));
    return read(id, actor);
  };

  /**
   * Says what became of the recipients that nobody knew about. Deferred ones go on afterwards.
   *
   * @throws INVALID_INPUT, NOT_FOUND, FORBIDDEN; INVALID_STATE unless it is uncertain
   */
  const settle = async (id: string, { actor, as }: By & { as: SettledAs }): Promise<Submission> => {
    orThrow(parse(settleSchema, { as }));
    await demandRight(id, actor);
    const goesOn = await inTransaction(strapi, async (trx) => {
      const leaseToken = newId();
      const changed = await trx(TABLES.submissions)
        .where({ id, state: 'uncertain' })
        .update({ lease_token: leaseToken });
      const { row, recipients } = await loaded(trx, id);
      if (changed !== 1) return stop('INVALID_STATE', { state: row.state });
      const { to, state } = settledStates(as, recipients);
      await trx(TABLES.recipients).where({ submission: id, state: 'uncertain' }).update({ state: to });
      // Those that go on did not age while everybody waited for this word.
      const waitedMs = (await readNow(trx)) - (row.settledAt ?? row.createdAt);
      await writeEnd(trx, id, state === 'failed' ? SETTLED_AS_FAILED : null, {
        expires_at: trx.raw('?? + ?', ['expires_at', waitedMs]),
      });
      if (state === 'queued') await ensureLanes(trx, [row.lane]);
      await keepWho(trx, actor, 'settled', row, { as });
      return state === 'queued';
    });
    await afterCommit(strapi, () => {
      if (goesOn) wake(0);
      else void announce(id);
    });
    return read(id, actor);
  };

  return { demandRight, cancel, retry, reschedule, settle };
};
