import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { administers, holds } from '../domain/administration';
import { domainOf, headerAddress } from '../domain/address';
import { envelopeOf } from '../domain/envelope';
import type { Identity, IdentityId } from '../domain/identity';
import type { MessageParts, Recipient } from '../domain/message';
import { isSettled, SUBMISSION_STATES, type RecipientField } from '../domain/submission';
import type { Submission } from '../contracts/answers';
import { isPlainObject } from '../contracts/parse';
import type { Page } from '../contracts/query';
import { parseSubmit, type SubmitLimits, type SubmitRequest } from '../contracts/submission';
import type { Queries } from '../database/dialect';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { MailboxesError, orThrow, stop } from '../strapi/error';
import type { AttachmentReader } from './attachments';
import { createOutbox, type OutboxDependencies } from './outbox';
import { submissionsRepository as repository, type RecipientRow, type SubmissionRow } from './repository';

export interface SubmitInput {
  actor: Actor;
  /** documentId or key */
  tenant?: string;
  from: IdentityId;
  replyTo?: IdentityId;
  to?: EmailAddress[];
  cc?: EmailAddress[];
  bcc?: EmailAddress[];
  subject: string;
  text?: string;
  html?: string;
  attachments?: { file: number; name?: string }[];
  headers?: Record<string, string>;
  /** Cannot be used yet. */
  sendAt?: string;
  /** Nothing but 0 can be used yet. */
  undoSeconds?: number;
  /** Cannot be used yet. */
  idempotencyKey?: string;
}

export type EmailAddress = { email: string; name?: string } | string;

export interface SubmissionsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'decide' | 'administratorOf' | 'tenantOf'>;
  limits: SubmitLimits;
  build: (parts: MessageParts) => Promise<Buffer>;
  attachments: AttachmentReader;
  /** Wakes delivery, after the commit. */
  wake: (id: string, dueAt: number) => void;
  /** Delivers one that is claimed already, now. */
  deliverNow: (claim: { id: string; leaseToken: string; claim: number }, bytes: Buffer) => Promise<void>;
  emit: (event: string, payload: Record<string, unknown>) => void;
  leaseMs: number;
  clock: () => number;
  newId: () => string;
  limitsOf: OutboxDependencies['limitsOf'];
}

export interface By {
  actor: Actor;
}

const DEFAULT_SETTLE_TIMEOUT_MS = 60_000;
/** Another process may be the one that delivers: its end is seen by looking. */
const SETTLE_POLL_MS = 250;

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const present = (row: SubmissionRow, recipients: readonly RecipientRow[]): Submission => ({
  id: row.id,
  state: row.state,
  actor: row.actor,
  tenant: row.tenant,
  from: { name: row.from.name, email: row.from.email },
  replyTo: row.replyTo ? { name: row.replyTo.name, email: row.replyTo.email } : null,
  transport: row.transport,
  messageId: row.messageId,
  subject: row.subject,
  createdAt: new Date(row.createdAt).toISOString(),
  sendAt: null,
  settledAt: iso(row.settledAt),
  attempts: row.attempts,
  nextAttemptAt: iso(row.nextAttemptAt),
  error: row.error,
  recipients: recipients
    .filter(({ submission }) => submission === row.id)
    .map(({ email, name, field, state, reply }) => ({
      email,
      ...(name === null ? {} : { name }),
      field,
      state,
      reply,
    })),
});

const sameActor = (a: Actor, b: Actor): boolean =>
  a.type === 'user' ? b.type === 'user' && a.id === b.id : b.type === 'system' && a.name === b.name;

const inField = (recipients: readonly Recipient[], field: RecipientField) =>
  recipients
    .filter((recipient) => recipient.field === field)
    .map(({ name, email }) => ({ name, email: onWire(email) }));

/** Local part as typed, domain as A-label (rules §4). */
const onWire = (email: string): string => headerAddress(email) ?? email;

export const createSubmissionsService = (dependencies: SubmissionsDependencies) => {
  const { strapi, identities, limits, build, attachments, wake, deliverNow, emit, leaseMs, clock, newId, limitsOf } =
    dependencies;
  const db = (): Queries => connectionOf(strapi);
  const outbox = createOutbox({ strapi, decide: identities.decide, newId, limitsOf });
  const ended = new EventEmitter().setMaxListeners(0);

  const announce = async (id: string, event: 'accepted' | 'canceled' | 'settled'): Promise<void> => {
    const row = await repository.find(db(), id);
    if (!row) return;
    const name = event === 'settled' ? row.state : event;
    if (event !== 'settled' || isSettled(row.state))
      emit(`mailboxes.submission.${name}`, { id, tenant: row.tenant, state: row.state, code: row.error?.code ?? null });
    ended.emit(id);
  };

  const actorOf = (input: unknown): { actor: Actor; rest: unknown } => {
    if (!isPlainObject(input)) return stop('INVALID_INPUT', { path: '' });
    const { actor, ...rest } = input;
    const known =
      isPlainObject(actor) &&
      ((actor.type === 'user' && Number.isSafeInteger(actor.id)) ||
        (actor.type === 'system' && typeof actor.name === 'string'));
    return known ? { actor: actor as unknown as Actor, rest } : stop('INVALID_INPUT', { path: 'actor' });
  };

  /** From what was asked for to what is stored: decided, built, within the limits. */
  const prepare = async (actor: Actor, request: SubmitRequest) => {
    const [decision] = await identities.decide(db(), [
      { actor, tenant: request.tenant, from: request.from, replyTo: request.replyTo ?? undefined },
    ]);
    if (!decision) throw new Error('[mailboxes] a question was not answered');
    if (!decision.allowed || decision.tenant === null)
      return stop(decision.allowed ? 'TENANT_MISMATCH' : decision.code);
    const { from, replyTo, tenant } = decision;
    const read = await attachments(request.attachments, actor, limits.messageBytes);
    if (!read.ok) throw new MailboxesError(read.refusal);
    const messageId = `<${randomUUID()}@${domainOf(from.email)}>`;
    const bytes = await build({
      from: { name: from.name, email: onWire(from.email) },
      sender: senderOf(from),
      replyTo: replyTo ? { name: replyTo.name, email: onWire(replyTo.email) } : null,
      to: inField(request.recipients, 'to'),
      cc: inField(request.recipients, 'cc'),
      subject: request.subject,
      text: request.text,
      html: request.html,
      headers: request.headers,
      attachments: read.attachments,
      messageId,
      date: clock(),
    });
    if (bytes.length > limits.messageBytes) stop('TOO_LARGE', { limit: limits.messageBytes, size: bytes.length });
    return { actor, tenant, from, replyTo, recipients: request.recipients, subject: request.subject, messageId, bytes };
  };

  const accept = async (input: unknown, remember: boolean): Promise<Submission> => {
    const { actor, rest } = actorOf(input);
    const request = orThrow(parseSubmit(rest, limits));
    const prepared = await prepare(actor, request);
    const id = newId();
    await inTransaction(strapi, async (trx) => {
      await repository.insert(trx, { ...prepared, id, message: newId(), direct: null });
      if (remember && actor.type === 'user')
        await repository.rememberChoice(trx, actor.id, prepared.tenant, request.from, request.replyTo);
    });
    const submission = await read(id);
    await afterCommit(strapi, () => {
      void announce(id, 'accepted');
      wake(id, clock());
    });
    return submission;
  };

  const read = async (id: string): Promise<Submission> => {
    const row = await repository.find(db(), id);
    return row ? present(row, await repository.recipientsOf(db(), [id])) : stop('NOT_FOUND');
  };

  /** The author, `log.read` in its tenant, or the operator; to everybody else there is no such submission. */
  const get = async (id: string, { actor }: By): Promise<Submission> => {
    const row = await repository.find(db(), id);
    if (!row) return stop('NOT_FOUND');
    if (!sameActor(row.actor, actor)) {
      const admin = await identities.administratorOf(actor);
      if (!holds(admin, 'log.read') || !administers(admin, row.tenant)) stop('NOT_FOUND');
    }
    return present(row, await repository.recipientsOf(db(), [id]));
  };

  /**
   * The author's own in a tenant, or, with `log.read`, all of it.
   *
   * @throws INVALID_INPUT, TENANT_MISMATCH, NOT_FOUND (a tenant that is not the asker's)
   */
  const findPage = async ({
    actor,
    tenant: named,
    state,
    q,
    ...page
  }: By & { tenant?: string; state?: string; q?: string } & Page) => {
    if (state !== undefined && !(SUBMISSION_STATES as readonly string[]).includes(state))
      stop('INVALID_INPUT', { path: 'state' });
    const tenant = await identities.tenantOf(actor, named);
    if (tenant === null) return stop(named === undefined ? 'TENANT_MISMATCH' : 'NOT_FOUND');
    const admin = await identities.administratorOf(actor);
    const all = holds(admin, 'log.read') && administers(admin, tenant);
    const own = actor.type === 'user' ? { user: actor.id } : { system: actor.name };
    const { rows, total } = await repository.page(db(), { tenant, state, q, ...(all ? {} : own) }, page);
    const recipients = await repository.recipientsOf(
      db(),
      rows.map(({ id }) => id)
    );
    return { rows: rows.map((row) => present(row, recipients)), total };
  };

  /**
   * Resolves at submitted, failed, canceled or uncertain; at the timeout with the current state.
   *
   * @throws NOT_FOUND as `get`
   */
  const whenSettled = async (
    id: string,
    { actor, timeoutMs = DEFAULT_SETTLE_TIMEOUT_MS }: By & { timeoutMs?: number }
  ): Promise<Submission> => {
    const until = clock() + timeoutMs;
    for (;;) {
      let woken = (): void => undefined;
      const settled = new Promise<void>((resolve) => (woken = resolve));
      ended.once(id, woken);
      try {
        const submission = await get(id, { actor });
        const left = until - clock();
        if (isSettled(submission.state) || left <= 0) return submission;
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          settled,
          new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(SETTLE_POLL_MS, left)))),
        ]);
        clearTimeout(timer);
      } finally {
        ended.off(id, woken);
      }
    }
  };

  /**
   * Hands a message over in the caller's time: one attempt, and no body in the database. For mail whose text must not
   * lie there, such as codes.
   *
   * @returns the submission at its end
   */
  const submitDirect = async (actor: Actor, input: unknown): Promise<Submission> => {
    const request = orThrow(parseSubmit(input, limits));
    const prepared = await prepare(actor, request);
    const claim = { id: newId(), leaseToken: newId(), claim: 1 };
    await inTransaction(strapi, async (trx) => {
      await repository.insert(trx, {
        ...prepared,
        id: claim.id,
        message: newId(),
        direct: { leaseToken: claim.leaseToken, leaseMs },
      });
      await outbox.beginAttempts(trx, [claim]);
    });
    await deliverNow(claim, prepared.bytes);
    return read(claim.id);
  };

  return {
    /** Durable when it resolves. @throws MailboxesError by rules §9 */
    submit: (input: SubmitInput): Promise<Submission> => accept(input, false),
    /** As `submit`, over the admin API: the choice of identities is remembered. */
    submitFromPage: (input: unknown): Promise<Submission> => accept(input, true),
    submitDirect,
    get,
    findPage,
    whenSettled,
    outbox,
    /** After every end of an attempt. */
    settled: (id: string) => announce(id, 'settled'),
    announceCanceled: async (ids: readonly string[]): Promise<void> => {
      for (const id of ids) await announce(id, 'canceled');
    },
  };
};

const senderOf = (from: Identity): string | null => {
  const { sender } = envelopeOf(from);
  return sender === null ? null : onWire(sender);
};

export type { Submission };
export type { SubmissionsOfMailboxes } from './unfinished';
export type SubmissionsService = ReturnType<typeof createSubmissionsService>;
