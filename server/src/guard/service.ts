import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { Core } from '@strapi/types';
import { GUARD, type Actor, type By } from '../domain/actor';
import { addressKey, type Mailbox } from '../domain/address';
import { identityOf, readWish, type Wish } from '../domain/guard';
import { pick, type IdentityId, type IdentityList } from '../domain/identity';
import type { Attachment } from '../domain/message';
import { attemptFailed, type OutcomeError } from '../domain/outcome';
import { refusal, type Refusal } from '../domain/refusal';
import type { Submission } from '../contracts/answers';
import type { Found, GuardFinding, GuardMode, GuardStatus } from '../contracts/guard';
import type { ListQuery } from '../contracts/query';
import type { SubmitLimits, SubmitRequest } from '../contracts/submission';
import { attemptError, codeOf, MailboxesError, stop } from '../strapi/error';
import { callerOf, type Caller } from './caller';
import type { GuardedSend } from './provider';
import { readGuardedMail } from './read';

export interface GuardDependencies {
  strapi: Core.Strapi;
  mode: GuardMode;
  /** The configured system actor; null: the reserved one, which has no mailboxes. */
  actor: string | null;
  limits: SubmitLimits;
  /** @throws TENANT_MISMATCH, FORBIDDEN_TO_SEND */
  listFor: (question: By) => Promise<IdentityList>;
  /** Address of the system mailbox; null: it is not set up. */
  systemEmail: () => string | null;
  /** The operator's, which Strapi puts into mail that names none; null: not configured. */
  defaultReplyTo: () => Mailbox | null;
  /** One attempt in the caller's time, without a body in the database. */
  handOver: (
    actor: Actor,
    request: SubmitRequest,
    handed: { attached: readonly Attachment[]; defaultReplyTo: Mailbox | null }
  ) => Promise<Submission>;
  /** On a connection of its own where the caller is inside a transaction. */
  apart: <T>(work: () => Promise<T>) => Promise<T>;
  findings: {
    /** @returns how often it was found */
    count: (found: Found) => Promise<number>;
    page: (query: ListQuery) => Promise<{ rows: GuardFinding[]; total: number }>;
    forget: () => Promise<void>;
  };
  /** What somebody who administers holds: `guard.read` to look, `tenants.manage` to forget. */
  holds: (actor: Actor, action: 'guard.read' | 'tenants.manage') => Promise<boolean>;
  isGuarded: () => boolean;
  onError: (what: string, error: unknown) => void;
  clock: () => number;
}

type Judgement =
  | {
      allowed: true;
      actor: Actor;
      request: SubmitRequest;
      attachments: readonly Attachment[];
      defaultReplyTo: Mailbox | null;
    }
  | { allowed: false; refusal: Refusal };

/** `isDefault`: the operator's Reply-To, which is no identity. */
type Choice =
  { code: Refusal['code'] } | { code: null; from: IdentityId; replyTo: IdentityId | null; isDefault: boolean };

const FROM_MAX = 200;

/** As it was given, for people to read: one line of what can be printed. */
const shown = (from: unknown): string => {
  if (from === undefined || from === null) return '';
  const text = typeof from === 'string' ? from : inspect(from, { depth: 2, breakLength: Infinity });
  return text
    .slice(0, FROM_MAX)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
};

const fromOf = (options: unknown): unknown => (options as { from?: unknown } | null | undefined)?.from;

/** Somebody canceled it before the point of no return; or the attempt broke off, and its lease will say what that means. */
const unended = ({ state }: Submission): OutcomeError =>
  state === 'canceled'
    ? attemptFailed('canceled', 'The message was canceled before it was handed over.')
    : { code: 'UNCERTAIN', message: 'What became of the message is not known yet.' };

/** What a caller of nodemailer's provider gets. */
const answerOf = ({ messageId, transport, recipients }: Submission) => {
  const emails = (accepted: boolean): string[] =>
    recipients.filter(({ state }) => (state === 'accepted') === accepted).map(({ email }) => email);
  return {
    messageId,
    envelope: { from: transport.email, to: recipients.map(({ email }) => email) },
    accepted: emails(true),
    rejected: emails(false),
    response: recipients.find(({ state }) => state === 'accepted')?.reply ?? null,
  };
};

/** Strapi's own mail under the rules: whatever passes its e-mail plugin passes here. */
export const createGuard = (dependencies: GuardDependencies) => {
  const outside = AsyncLocalStorage.snapshot();
  const { strapi, mode, limits, listFor, systemEmail, defaultReplyTo } = dependencies;
  const { handOver, apart, findings, holds, onError, clock } = dependencies;
  const reserved: Actor = { type: 'system', name: GUARD };
  const configured: Actor = dependencies.actor === null ? reserved : { type: 'system', name: dependencies.actor };

  const listsOf = async (actor: Actor): Promise<IdentityList | Refusal['code']> => {
    try {
      return await listFor({ actor });
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      return code;
    }
  };

  const systemKeys = (lists: IdentityList): string[] =>
    [systemEmail(), ...lists.from.filter(({ source }) => source === 'system').map(({ email }) => email)]
      .filter((email) => email !== null)
      .map(addressKey);

  const chosen = (lists: IdentityList, wanted: { from: Wish; replyTo: Wish | null }): Choice => {
    const keys = systemKeys(lists);
    const from = pick(lists, 'from', identityOf(wanted.from, 'from', lists, keys));
    if (typeof from === 'string') return { code: from };
    const byDefault = { code: null, from: from.id, replyTo: null, isDefault: true } as const;
    if (wanted.replyTo === null) return byDefault;
    const replyTo = pick(lists, 'replyTo', identityOf(wanted.replyTo, 'replyTo', lists, keys));
    if (typeof replyTo !== 'string') return { code: null, from: from.id, replyTo: replyTo.id, isDefault: false };
    const operators = defaultReplyTo();
    const isOperators =
      operators !== null && wanted.replyTo.kind === 'address' && wanted.replyTo.key === addressKey(operators.email);
    return isOperators ? byDefault : { code: replyTo };
  };

  /**
   * Mail of a person is decided as that person, in the tenant of rules §6. For mail of the site the configured actor's
   * mailboxes come first; the system mailbox also where a tenant hides it from those who have something else (rules §3),
   * because password mails have to go.
   */
  const judge = async (options: unknown, { author }: Caller): Promise<Judgement> => {
    const read = readGuardedMail(options, limits, clock());
    if (!read.ok) return { allowed: false, refusal: read.refusal };
    if (author === 'token') return { allowed: false, refusal: refusal('FORBIDDEN_TO_SEND') };
    const { from, replyTo, request, attachments } = read.value;
    let code: Refusal['code'] = 'FORBIDDEN_FROM';
    const ofSite = configured === reserved ? [reserved] : [configured, reserved];
    const actors = author === null ? ofSite : [author];
    for (const actor of actors) {
      const lists = await listsOf(actor);
      const choice: Choice =
        typeof lists === 'string' ? { code: author === null ? code : lists } : chosen(lists, { from, replyTo });
      if (choice.code === null)
        return {
          allowed: true,
          actor,
          request: { ...request, from: choice.from, replyTo: choice.replyTo },
          attachments,
          defaultReplyTo: choice.isDefault ? defaultReplyTo() : null,
        };
      // The configured actor's reason says more: of its mailboxes the reserved one knows nothing.
      if (actor === actors[0]) code = choice.code;
    }
    return { allowed: false, refusal: refusal(code) };
  };

  /** In the log when it is found first, and then each time it is ten times as often. */
  const report = async (options: unknown, caller: Caller, verdict: Refusal['code']): Promise<void> => {
    const from = shown(fromOf(options));
    const wish = readWish(fromOf(options));
    const address = wish.kind === 'address' ? wish.key : null;
    const count = await findings.count({ from, address, caller: caller.name, verdict });
    if (!Number.isInteger(Math.log10(count))) return;
    const what = `mail from "${from}" ${mode === 'enforce' ? 'was' : 'would be'} refused: ${verdict}`;
    strapi.log.warn(`[mailboxes] guard: ${what} (${count} times, probably sent by ${caller.name})`);
  };

  /** Never keeps a mail from going, nor lets an error of ours out. */
  const look = async (options: unknown, caller: Caller): Promise<void> => {
    try {
      const judgement = await judge(options, caller);
      if (!judgement.allowed) await report(options, caller, judgement.refusal.code);
    } catch (error) {
      onError('the guard could not report', error);
    }
  };

  const refused = async (options: unknown, caller: Caller, refusal: Refusal): Promise<never> => {
    await report(options, caller, refusal.code).catch((error: unknown) => onError('the guard could not report', error));
    throw new MailboxesError(refusal);
  };

  const enforce = async (options: unknown, caller: Caller): Promise<unknown> => {
    const judgement = await judge(options, caller);
    if (!judgement.allowed) return refused(options, caller, judgement.refusal);
    const { actor, request, attachments: attached, defaultReplyTo: operators } = judgement;
    const submission = await handOver(actor, request, { attached, defaultReplyTo: operators });
    if (submission.state === 'submitted') return answerOf(submission);
    throw attemptError((submission.error as OutcomeError | null) ?? unended(submission), submission.id);
  };

  /** Strapi's own e-mail routes answer 400 to an error that says so, 500 to everything else. */
  const asBadRequest = (error: unknown): never => {
    throw codeOf(error) === null ? error : Object.assign(error as Error, { statusCode: 400 });
  };

  const underway = new Set<Promise<unknown>>();
  const track = async <T>(work: Promise<T>): Promise<T> => {
    const ended = work.catch(() => undefined);
    underway.add(ended);
    try {
      return await work;
    } finally {
      underway.delete(ended);
    }
  };

  const guardedSend: GuardedSend = async (options, send, door) => {
    const caller = callerOf(strapi, door);
    if (mode === 'enforce') return track(apart(() => enforce(options, caller))).catch(asBadRequest);
    // Where its caller holds a connection, the mail does not wait for another one.
    if (strapi.db.inTransaction()) void track(outside(() => look(options, caller)));
    else await look(options, caller);
    return send(options);
  };

  return {
    send: guardedSend,

    /** Resolves when every call has its answer and is counted. */
    idle: async (): Promise<void> => {
      while (underway.size > 0) await Promise.all(underway);
    },

    /** @throws FORBIDDEN without `guard.read` */
    status: async ({ actor }: By): Promise<GuardStatus> => {
      if (!(await holds(actor, 'guard.read'))) stop('FORBIDDEN');
      return { mode, actor: dependencies.actor, systemEmail: systemEmail(), wrapped: dependencies.isGuarded() };
    },

    /** @throws FORBIDDEN without `guard.read` */
    findPage: async ({ actor, ...query }: By & ListQuery) => {
      if (!(await holds(actor, 'guard.read'))) stop('FORBIDDEN');
      return findings.page(query);
    },

    /** @throws FORBIDDEN without `tenants.manage` */
    forget: async ({ actor }: By): Promise<void> => {
      if (!(await holds(actor, 'tenants.manage'))) stop('FORBIDDEN');
      await findings.forget();
    },
  };
};

export type GuardService = ReturnType<typeof createGuard>;
