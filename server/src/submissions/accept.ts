import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import type { Identity } from '../domain/identity';
import type { Recipient } from '../domain/message';
import { refusal, type Refusal } from '../domain/refusal';
import { appendAudit } from '../audit/record';
import { coalesce } from '../database/coalesce';
import { isUniqueViolation, readNow, type Queries } from '../database/dialect';
import { linkDraft } from '../drafts/link-to-submission';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { MailboxesError } from '../strapi/error';
import type { ReplyAddress } from '../message/assemble';
import { findRepeated, keyOf } from './idempotency';
import { openBudget, refusalAhead, type HourlyLimits, type Subject } from './rate-limits';
import {
  insertSubmissions,
  rememberChoices,
  type Choice,
  type Idempotency,
  type NewSubmission,
} from '../outbox/insert';

/** A submission that is decided and built, ready to be written. */
export interface Prepared {
  actor: Actor;
  /** documentId */
  tenant: string;
  from: Identity;
  replyTo: ReplyAddress | null;
  recipients: readonly Recipient[];
  subject: string;
  messageId: string;
  bytes: Buffer;
  /** Milliseconds since the epoch */
  sendAt: number | null;
  sendZone: string | null;
  undoMs: number;
  idempotency: Idempotency | null;
  /** The author's draft that is submitted. */
  draft: string | null;
  /** The draft's version that the message was made from; null: any. */
  draftVersion: number | null;
  /** The submission that is sent again, and the actor who resends it. */
  resent?: NewSubmission['resent'];
  /** The choice of identities to remember. */
  choice: Choice | null;
  direct: (NewSubmission['direct'] & { id: string }) | null;
}

/** Has its id before it is written, so that a retry after a lost answer to COMMIT finds it. */
type Identified = Prepared & Pick<NewSubmission, 'id' | 'message'>;

export type Acceptance =
  | { kind: 'accepted'; submission: NewSubmission }
  /** The same request was accepted before, with the same idempotency key. */
  | { kind: 'repeated'; id: string }
  | { kind: 'refused'; refusal: Refusal };

export interface AcceptDependencies {
  strapi: Core.Strapi;
  limits: HourlyLimits;
  maxAgeMs: number;
  newId: () => string;
}

type Accepted = Extract<Acceptance, { kind: 'accepted' }>;

const isAccepted = (result: Acceptance | 'full' | undefined): result is Accepted =>
  typeof result === 'object' && result.kind === 'accepted';

/** Submissions per transaction at most. */
const MAX_BATCH = 50;
/** Another process may write the same key first; the next try finds its submission. */
const MAX_TRIES = 5;

/**
 * Writes prepared submissions (delivery §1), each in full or not at all. Submissions that arrive while a transaction
 * runs share the next one.
 */
export const createAcceptance = ({ strapi, limits, maxAgeMs, newId }: AcceptDependencies) => {
  const acceptBatched = coalesce(acceptBatch, { most: MAX_BATCH });

  /** Accepts in the caller's transaction; the savepoint keeps that usable if another one writes the same key first. */
  async function acceptWithin(trx: Queries, unsaved: Prepared): Promise<Acceptance> {
    const prepared = assignIds(unsaved);
    const once = async (queries: Queries): Promise<Acceptance> => {
      const [acceptance] = await acceptAll(queries, [prepared], false);
      if (!acceptance) throw new Error('[mailboxes] acceptAll() returned no acceptance');
      return acceptance;
    };
    if (prepared.idempotency === null) return once(trx);
    for (let tries = 1; ; tries += 1) {
      try {
        return await trx.transaction((savepoint) => once(savepoint as Queries));
      } catch (error) {
        if (!isUniqueViolation(error) || tries >= MAX_TRIES) throw error;
      }
    }
  }

  /**
   * Rejects a message at the limit before it is built. A repeated request is answered even at the limit.
   *
   * @throws RATE_LIMITED, TOO_LARGE
   */
  async function demandRoom(subject: Subject, idempotency: Idempotency | null): Promise<void> {
    const refused = await refusalAhead(connectionOf(strapi), limits, subject);
    if (refused !== null && !(await isRepeated(idempotency))) throw new MailboxesError(refused);
  }

  /** Was a submission accepted with this key before? */
  async function isRepeated(idempotency: Idempotency | null): Promise<boolean> {
    if (idempotency === null) return false;
    const fresh = !strapi.db.inTransaction();
    return (await findRepeated(connectionOf(strapi), [idempotency], fresh)).size > 0;
  }

  function assignIds(prepared: Prepared): Identified {
    return { ...prepared, id: prepared.direct?.id ?? newId(), message: newId() };
  }

  function submissionOf(prepared: Identified, now: number): NewSubmission {
    const { undoMs: _, choice: __, ...rest } = prepared;
    const dueAt = Math.max(prepared.sendAt ?? now, now + prepared.undoMs);
    return {
      ...rest,
      state: prepared.direct ? 'submitting' : dueAt > now ? 'held' : 'queued',
      createdAt: now,
      dueAt,
      expiresAt: dueAt + maxAgeMs,
    };
  }

  /** A draft can be submitted once. In a batch only the second submission is refused, not the batch. */
  async function takeDraft(trx: Queries, { actor, draft, draftVersion, id }: Identified): Promise<Refusal | null> {
    if (draft === null) return null;
    const user = actor.type === 'user' ? actor.id : null;
    const result =
      user === null ? 'unknown' : await linkDraft(trx, { draft, version: draftVersion, user, submission: id });
    if (result === 'linked') return null;
    return result === 'unknown' ? refusal('NOT_FOUND') : refusal('INVALID_STATE', result);
  }

  /**
   * Applies the limits before idempotency (rules §9). A repeated request is answered even at the limit.
   *
   * @param fresh nothing was read in this transaction yet
   */
  async function acceptAll(trx: Queries, all: readonly Identified[], fresh: boolean): Promise<Acceptance[]> {
    const budget = await openBudget(trx, limits, all, fresh);
    const keyed = all.flatMap(({ idempotency }) => idempotency ?? []);
    const repeated = await findRepeated(trx, keyed, fresh);
    const now = await readNow(trx);
    const acceptOne = async (prepared: Identified): Promise<Acceptance | 'full'> => {
      const { idempotency } = prepared;
      const known = idempotency ? repeated.get(keyOf(idempotency)) : undefined;
      if (known && known.hash === idempotency?.hash) return { kind: 'repeated', id: known.id };
      if (budget.isFull(prepared)) return 'full';
      if (known) return { kind: 'refused', refusal: refusal('IDEMPOTENCY_CONFLICT') };
      const refused = await takeDraft(trx, prepared);
      if (refused) return { kind: 'refused', refusal: refused };
      budget.take(prepared);
      const submission = submissionOf(prepared, now);
      if (idempotency) repeated.set(keyOf(idempotency), { id: submission.id, hash: idempotency.hash });
      return { kind: 'accepted', submission };
    };
    const results: (Acceptance | 'full')[] = [];
    for (const prepared of all) results.push(await acceptOne(prepared));
    const accepted = results.filter(isAccepted).map(({ submission }) => submission);
    if (accepted.length > 0) await insertSubmissions(trx, accepted);
    await recordResent(trx, now, accepted);
    await rememberChoices(
      trx,
      all.flatMap(({ choice }, index) => (choice && isAccepted(results[index]) ? [choice] : []))
    );
    const acceptances: Acceptance[] = [];
    for (const [index, result] of results.entries())
      acceptances.push(
        result === 'full' ? { kind: 'refused', refusal: await budget.refusal(trx, all[index] as Prepared) } : result
      );
    return acceptances;
  }

  async function recordResent(trx: Queries, now: number, accepted: readonly NewSubmission[]): Promise<void> {
    for (const { id, tenant, resent } of accepted)
      if (resent)
        await appendAudit(trx, now, {
          actor: resent.by,
          action: 'submission.resent',
          tenant,
          object: resent.from,
          details: { submission: id },
        });
  }

  /** Distinguishes a lost answer to COMMIT from another writer of the same key. */
  async function isWritten(id: string): Promise<boolean> {
    return (await strapi.db.connection(TABLES.submissions).where({ id }).select('id')).length === 1;
  }

  async function acceptBatch(all: readonly Identified[]): Promise<Acceptance[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await inTransaction(strapi, (trx) => acceptAll(trx, all, true));
      } catch (error) {
        const [only, ...others] = all;
        if (isUniqueViolation(error) && only && others.length === 0 && (await isWritten(only.id)))
          return [{ kind: 'repeated', id: only.id }];
        const raced = isUniqueViolation(error) && all.some(({ idempotency }) => idempotency !== null);
        if (!raced || tries >= MAX_TRIES) throw error;
      }
    }
  }

  return {
    demandRoom,
    isRepeated,
    /** Durable when it resolves; inside a caller's transaction, when that commits. */
    accept: (prepared: Prepared): Promise<Acceptance> =>
      strapi.db.inTransaction()
        ? inTransaction(strapi, (trx) => acceptWithin(trx, prepared))
        : acceptBatched(assignIds(prepared)),
    acceptWithin,
  };
};

/** @throws MailboxesError for a refusal */
export const acceptedOrThrow = (acceptance: Acceptance): Exclude<Acceptance, { kind: 'refused' }> => {
  if (acceptance.kind === 'refused') throw new MailboxesError(acceptance.refusal);
  return acceptance;
};

export type Acceptances = ReturnType<typeof createAcceptance>;
