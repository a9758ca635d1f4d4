import { EventEmitter } from 'node:events';
import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import { administers, holds } from '../domain/administration';
import type { Attachment, MeasuredFile, MessageParts } from '../domain/message';
import { isSettled } from '../domain/submission';
import { laneOf } from '../domain/lane';
import type { Submission } from '../contracts/answers';
import type { Emit } from '../contracts/events';
import { isPlainObject } from '../contracts/parse';
import type { SubmitInput } from '../contracts/services';
import { parseSubmit, type SubmitLimits, type SubmitRequest } from '../contracts/submission';
import type { Queries } from '../database/dialect';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { MailboxesError, orThrow, stop } from '../strapi/error';
import { createAcceptance, type Acceptance, type Prepared } from './accept';
import type { AttachmentReader } from '../message/attachments';
import type { HourlyLimits } from './rate-limits';
import { createDailyCounts } from './queries/daily-counts';
import { createList } from './queries/list';
import { createOutbox, type OutboxDependencies } from '../outbox/service';
import { createOverview } from './queries/overview';
import { authorNamesOf } from './author-names';
import { createPreparation, type Handed } from './prepare';
import { present, presentNew } from './present';
import { createPreview } from './preview';
import { sameActor, submissionsRepository as repository, type SubmissionRow } from '../outbox/repository';
import { createResend } from './resend';
import { createSuggestions } from './queries/recipient-suggestions';
import { createTimeline } from './queries/timeline';
import { createUnfinished } from '../outbox/of-mailboxes';
import { createActions } from './actions';
import { type NewSubmission } from '../outbox/insert';

export interface SubmissionsDependencies {
  strapi: Core.Strapi;
  identities: Pick<
    IdentitiesService,
    'decide' | 'administratorOf' | 'tenantOf' | 'membershipOf' | 'writerOf' | 'listFor' | 'userOf'
  >;
  limits: SubmitLimits & HourlyLimits;
  /** The undo window of a user who does not say otherwise. */
  undoSeconds: number;
  maxAgeMs: number;
  build: (parts: MessageParts) => Promise<Buffer>;
  measure: (parts: MessageParts<Attachment | MeasuredFile>) => Promise<number>;
  attachments: AttachmentReader;
  /** Runs what has files in memory, a few at once. */
  fewAtOnce: <T>(work: () => Promise<T>) => Promise<T>;
  /** Wakes delivery, after the commit. */
  wake: (dueAt: number) => void;
  /** Delivers one that is claimed already, now. */
  deliverNow: (claim: { id: string; leaseToken: string; claim: number }, bytes: Buffer) => Promise<void>;
  emit: Emit;
  leaseMs: number;
  clock: () => number;
  newId: () => string;
  limitsOf: OutboxDependencies['limitsOf'];
}

const DEFAULT_SETTLE_TIMEOUT_MS = 60_000;
/** Another process may be the one that delivers: its end is seen by looking. */
const SETTLE_POLL_MS = 250;

export const createSubmissionsService = (dependencies: SubmissionsDependencies) => {
  const { strapi, identities, limits, build, measure, attachments, wake, deliverNow, leaseMs, clock, newId } =
    dependencies;
  const { limitsOf } = dependencies;
  const { maxAgeMs, undoSeconds } = dependencies;
  const db = (): Queries => connectionOf(strapi);
  const outbox = createOutbox({ strapi, decide: identities.decide, newId, limitsOf });
  const { accept, acceptWithin, demandRoom } = createAcceptance({ strapi, limits, maxAgeMs, newId });
  const { messageBytes } = limits;
  const decide = identities.decide;
  const { prepare, measured } = createPreparation({
    strapi,
    decide,
    messageBytes,
    undoSeconds,
    build,
    measure,
    attachments,
    demandRoom,
    clock,
  });
  const ended = new EventEmitter().setMaxListeners(0);

  const emit = (
    event: 'accepted' | 'submitted' | 'failed' | 'canceled' | 'uncertain',
    { id, tenant, state, error }: Pick<SubmissionRow, 'id' | 'tenant' | 'state' | 'error'>
  ): void => dependencies.emit(`mailboxes.submission.${event}`, { id, tenant, state, code: error?.code ?? null });

  /** After every end: of an attempt, or by a person. */
  const announceEnd = async (id: string): Promise<void> => {
    const row = await repository.find(db(), id);
    await afterCommit(strapi, () => {
      if (row && isSettled(row.state)) emit(row.state, row);
      ended.emit(id);
    });
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

  const announceAccepted = (submission: NewSubmission): void => {
    emit('accepted', { ...submission, error: null });
    wake(clock() + submission.dueAt - submission.createdAt);
  };

  const orRefuse = (acceptance: Acceptance): Exclude<Acceptance, { kind: 'refused' }> => {
    if (acceptance.kind === 'refused') throw new MailboxesError(acceptance.refusal);
    return acceptance;
  };

  /**
   * Whoever comes in a transaction waits for nobody: others may need its connection or its locks before they leave a
   * place.
   */
  const withFiles = <T>(work: () => Promise<T>): Promise<T> =>
    strapi.db.inTransaction() ? work() : dependencies.fewAtOnce(work);

  const submit = async (input: unknown, remember: boolean): Promise<Submission> => {
    const { actor, rest } = actorOf(input);
    const request = orThrow(parseSubmit(rest, limits, clock(), actor.type === 'user'));
    const work = async () => acceptNow(await prepare(actor, request, { remember, direct: null }), actor);
    return request.attachments.length > 0 ? withFiles(work) : work();
  };

  const acceptNow = async (prepared: Prepared, actor: Actor): Promise<Submission> => {
    const acceptance = orRefuse(await accept(prepared));
    if (acceptance.kind === 'repeated') return read(acceptance.id, actor);
    await afterCommit(strapi, () => announceAccepted(acceptance.submission));
    return presentNew(acceptance.submission);
  };

  const read = async (id: string, viewer: Actor): Promise<Submission> => {
    const row = await repository.find(db(), id, 'latest');
    return row ? present(row, await repository.recipientsOf(db(), [id], 'latest'), viewer) : stop('NOT_FOUND');
  };

  /** The author's, or with `log.read` in its tenant; to everybody else there is no such submission. */
  const visible = async (id: string, actor: Actor): Promise<SubmissionRow> => {
    const row = await repository.find(db(), id);
    if (!row) return stop('NOT_FOUND');
    if (!sameActor(row.actor, actor)) {
      const admin = await identities.administratorOf(actor);
      if (!holds(admin, 'log.read') || !administers(admin, row.tenant)) stop('NOT_FOUND');
    }
    return row;
  };

  const get = async (id: string, { actor }: By): Promise<Submission> => {
    const row = await visible(id, actor);
    const recipients = await repository.recipientsOf(db(), [id]);
    return present(row, recipients, actor, await authorNamesOf(db(), [row], actor));
  };

  const { scope, findPage, newest } = createList({ strapi, identities });

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
  const submitDirect = async (actor: Actor, input: unknown): Promise<Submission> =>
    handOver(actor, orThrow(parseSubmit(input, limits, clock())));

  /** As `submitDirect`, of what was read already. */
  const handOver = async (actor: Actor, request: SubmitRequest, handed: Partial<Handed> = {}): Promise<Submission> => {
    const claim = { id: newId(), leaseToken: newId(), claim: 1 };
    const direct = { id: claim.id, leaseToken: claim.leaseToken, leaseMs };
    const prepared = await prepare(actor, request, { remember: false, direct, ...handed });
    const accepted = await inTransaction(strapi, async (trx) => {
      const acceptance = orRefuse(await acceptWithin(trx, prepared));
      // A caller cannot wait for the next minute, as the queue does; mail of the site does not count.
      if (actor.type === 'user' && !(await outbox.takePlace(trx, laneOf(prepared.from.transport))))
        stop('RATE_LIMITED', { retryAfterSeconds: 60 });
      await outbox.beginAttempts(trx, [claim]);
      return acceptance;
    });
    if (accepted.kind === 'accepted')
      await afterCommit(strapi, () => emit('accepted', { ...accepted.submission, error: null }));
    await deliverNow(claim, prepared.bytes);
    return read(claim.id, actor);
  };

  const { demandRight, ...actions } = createActions({
    strapi,
    identities,
    limits,
    maxAgeMs,
    newId,
    read,
    announce: announceEnd,
    wake: (inMs) => wake(clock() + inMs),
    clock,
  });

  const resend = createResend({ strapi, limits, demandRight, prepare });

  return {
    /** Durable when it resolves. @throws MailboxesError by rules §9 */
    submit: (input: SubmitInput): Promise<Submission> => submit(input, false),
    /** As `submit`, over the admin API: the choice of identities is remembered. */
    submitFromPage: (input: unknown): Promise<Submission> => submit(input, true),
    /** As `submit`, with input that nobody has read yet. */
    submitAs: (actor: Actor, input: Record<string, unknown>): Promise<Submission> => submit({ ...input, actor }, false),
    submitDirect,
    handOver,
    get,
    findPage,
    ...actions,
    /** As `submit`, of what is stored, to other recipients. */
    resend: async (id: string, q: By & { to: unknown; idempotencyKey?: unknown }): Promise<Submission> =>
      withFiles(async () => acceptNow(await resend(id, q), q.actor)),
    timeline: createTimeline({ strapi, identities, visible }),
    overview: createOverview({ strapi, identities, scope, newest }),
    byDay: createDailyCounts({ strapi, scope }),
    whenSettled,
    suggest: createSuggestions({ strapi, identities }),
    preview: createPreview({ limits, measured, clock, withFiles }),
    outbox,
    /** After every end of an attempt. */
    settled: announceEnd,
    ofMailboxes: createUnfinished({
      newId,
      announceCanceled: async (ids) => {
        for (const id of ids) await announceEnd(id);
      },
    }),
  };
};

export type { Submission, SubmitInput };
export type { SubmissionsOfMailboxes } from '../outbox/of-mailboxes';
export type SubmissionsService = ReturnType<typeof createSubmissionsService>;
