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

/** A submission that was decided and built, and waits to be written. */
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
  /** The author's draft that it is made of. */
  draft: string | null;
  /** The version of it that the message is; null: whichever. */
  draftVersion: number | null;
  /** The submission that it sends again, and who wanted that. */
  resent?: NewSubmission['resent'];
  /** The choice of identities to remember. */
  choice: Choice | null;
  direct: (NewSubmission['direct'] & { id: string }) | null;
}

/** Has its id before it is written: tried again after the answer to a COMMIT got lost, it is found. */
type Named = Prepared & Pick<NewSubmission, 'id' | 'message'>;

export type Acceptance =
  | { kind: 'accepted'; submission: NewSubmission }
  /** The same was asked for before, with the same key. */
  | { kind: 'repeated'; id: string }
  | { kind: 'refused'; refusal: Refusal };

export interface AcceptDependencies {
  strapi: Core.Strapi;
  limits: HourlyLimits;
  maxAgeMs: number;
  newId: () => string;
}

/** How many share one transaction at most. */
const MOST = 50;
/** Another process wrote the same key first: the next try finds it. */
const MAX_TRIES = 5;

/**
 * Writes what was prepared (delivery §1): each in full, or not at all. Whatever comes while one transaction runs shares
 * the next one.
 */
export const createAcceptance = ({ strapi, limits, maxAgeMs, newId }: AcceptDependencies) => {
  const named = (prepared: Prepared): Named => ({ ...prepared, id: prepared.direct?.id ?? newId(), message: newId() });

  const written = (prepared: Named, now: number): NewSubmission => {
    const { undoMs: _, choice: __, ...rest } = prepared;
    const dueAt = Math.max(prepared.sendAt ?? now, now + prepared.undoMs);
    return {
      ...rest,
      state: prepared.direct ? 'submitting' : dueAt > now ? 'held' : 'queued',
      createdAt: now,
      dueAt,
      expiresAt: dueAt + maxAgeMs,
    };
  };

  /** Of two that are made of one draft, the second is refused: alone, whatever it shares the transaction with. */
  const takeDraft = async (trx: Queries, { actor, draft, draftVersion, id }: Named): Promise<Refusal | null> => {
    if (draft === null) return null;
    const user = actor.type === 'user' ? actor.id : null;
    const taken =
      user === null ? 'unknown' : await linkDraft(trx, { draft, version: draftVersion, user, submission: id });
    if (taken === 'linked') return null;
    return taken === 'unknown' ? refusal('NOT_FOUND') : refusal('INVALID_STATE', taken);
  };

  /**
   * Limits first, then idempotency (rules §9); but what was accepted before is answered even at the limit.
   *
   * @param fresh nothing was read in this transaction yet
   */
  const acceptAll = async (trx: Queries, all: readonly Named[], fresh: boolean): Promise<Acceptance[]> => {
    const budget = await openBudget(trx, limits, all, fresh);
    const keyed = all.flatMap(({ idempotency }) => idempotency ?? []);
    const before = await findRepeated(trx, keyed, fresh);
    const now = await readNow(trx);
    const answerTo = async (prepared: Named): Promise<Acceptance | 'full'> => {
      const { idempotency } = prepared;
      const known = idempotency ? before.get(keyOf(idempotency)) : undefined;
      if (known && known.hash === idempotency?.hash) return { kind: 'repeated', id: known.id };
      if (budget.isFull(prepared)) return 'full';
      if (known) return { kind: 'refused', refusal: refusal('IDEMPOTENCY_CONFLICT') };
      const refused = await takeDraft(trx, prepared);
      if (refused) return { kind: 'refused', refusal: refused };
      budget.take(prepared);
      const submission = written(prepared, now);
      if (idempotency) before.set(keyOf(idempotency), { id: submission.id, hash: idempotency.hash });
      return { kind: 'accepted', submission };
    };
    const answers: (Acceptance | 'full')[] = [];
    for (const prepared of all) answers.push(await answerTo(prepared));
    const accepted = answers.flatMap((answer) =>
      answer !== 'full' && answer.kind === 'accepted' ? [answer.submission] : []
    );
    if (accepted.length > 0) await insertSubmissions(trx, accepted);
    for (const { id, tenant, resent } of accepted)
      if (resent)
        await appendAudit(trx, now, {
          actor: resent.by,
          action: 'submission.resent',
          tenant,
          object: resent.from,
          details: { submission: id },
        });
    await rememberChoices(
      trx,
      all.flatMap(({ choice }, index) => {
        const answer = answers[index];
        return choice && answer !== 'full' && answer?.kind === 'accepted' ? [choice] : [];
      })
    );
    const result: Acceptance[] = [];
    for (const [index, answer] of answers.entries())
      result.push(
        answer === 'full' ? { kind: 'refused', refusal: await budget.refusal(trx, all[index] as Prepared) } : answer
      );
    return result;
  };

  /** Was it written before, and only the answer to that got lost? */
  const isWritten = async (id: string): Promise<boolean> =>
    (await strapi.db.connection(TABLES.submissions).where({ id }).select('id')).length === 1;

  const acceptTogether = async (all: readonly Named[]): Promise<Acceptance[]> => {
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
  };

  /** In the caller's transaction, which must stay usable if another one writes the same key first. */
  const acceptWithin = async (trx: Queries, unnamed: Prepared): Promise<Acceptance> => {
    const prepared = named(unnamed);
    const once = async (queries: Queries): Promise<Acceptance> => {
      const [answer] = await acceptAll(queries, [prepared], false);
      if (!answer) throw new Error('[mailboxes] a submission was not answered');
      return answer;
    };
    if (prepared.idempotency === null) return once(trx);
    for (let tries = 1; ; tries += 1) {
      try {
        return await trx.transaction((savepoint) => once(savepoint as Queries));
      } catch (error) {
        if (!isUniqueViolation(error) || tries >= MAX_TRIES) throw error;
      }
    }
  };

  const combined = coalesce(acceptTogether, { most: MOST });

  /**
   * Refuses what would not be accepted now, before it is built. What was accepted before is answered even at the limit.
   *
   * @throws RATE_LIMITED, TOO_LARGE
   */
  const demandRoom = async (subject: Subject, idempotency: Idempotency | null): Promise<void> => {
    const queries = connectionOf(strapi);
    const refused = await refusalAhead(queries, limits, subject);
    if (refused === null) return;
    if (idempotency !== null && (await findRepeated(queries, [idempotency], true)).size > 0) return;
    throw new MailboxesError(refused);
  };

  return {
    demandRoom,
    /** Durable when it resolves; inside a transaction of the caller, when that commits. */
    accept: (prepared: Prepared): Promise<Acceptance> =>
      strapi.db.inTransaction()
        ? inTransaction(strapi, (trx) => acceptWithin(trx, prepared))
        : combined(named(prepared)),
    acceptWithin,
  };
};

export type Acceptances = ReturnType<typeof createAcceptance>;
