import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { Core } from '@strapi/types';
import { GUARD, type Actor } from '../domain/actor';
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
  /** The configured system actor; null for the reserved one, which has no mailboxes. */
  actor: string | null;
  limits: SubmitLimits;
  /** @throws TENANT_MISMATCH, FORBIDDEN_TO_SEND */
  listFor: (question: { actor: Actor }) => Promise<IdentityList>;
  /** Address of the system mailbox; null: not configured. */
  systemEmail: () => string | null;
  /** The operator's, which Strapi adds to mail without a Reply-To; null: not configured. */
  defaultReplyTo: () => Mailbox | null;
  /** Sends in the caller's time with one attempt, without storing the body. */
  handOver: (
    actor: Actor,
    request: SubmitRequest,
    handed: { attached: readonly Attachment[]; defaultReplyTo: Mailbox | null }
  ) => Promise<Submission>;
  /** Runs the work on a connection of its own if the caller is inside a transaction. */
  apart: <T>(work: () => Promise<T>) => Promise<T>;
  findings: {
    /** @returns the finding's count */
    count: (found: Found) => Promise<number>;
    page: (query: ListQuery) => Promise<{ rows: GuardFinding[]; total: number }>;
    forget: () => Promise<void>;
  };
  /** Checks a permission: `guard.read` to read findings, `tenants.manage` to delete them. */
  holds: (actor: Actor, action: 'guard.read' | 'tenants.manage') => Promise<boolean>;
  isGuarded: () => boolean;
  onError: (what: string, error: unknown) => void;
  clock: () => number;
}

type Decision =
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

/** Formats a From for the findings: one line of printable characters. */
const printable = (from: unknown): string => {
  if (from === undefined || from === null) return '';
  const text = typeof from === 'string' ? from : inspect(from, { depth: 2, breakLength: Infinity });
  return text
    .slice(0, FROM_MAX)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
};

const fromOf = (options: unknown): unknown => (options as { from?: unknown } | null | undefined)?.from;

/** The error of a submission that was canceled, or whose attempt ended without a result: the lease then settles it. */
const unfinishedError = ({ state }: Submission): OutcomeError =>
  state === 'canceled'
    ? attemptFailed('canceled', 'The message was canceled before it was handed over.')
    : { code: 'UNCERTAIN', message: 'The result of the delivery is not known yet.' };

/** Returns the result that callers get from nodemailer's provider. */
const resultOf = ({ messageId, transport, recipients }: Submission) => {
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

/** Applies the rules to all mail of Strapi's e-mail plugin. */
export const createGuard = (dependencies: GuardDependencies) => {
  const outsideRequest = AsyncLocalStorage.snapshot();
  const { strapi, mode, limits, listFor, systemEmail, defaultReplyTo } = dependencies;
  const { handOver, apart, findings, holds, onError, clock } = dependencies;
  const reserved: Actor = { type: 'system', name: GUARD };
  const configured: Actor = dependencies.actor === null ? reserved : { type: 'system', name: dependencies.actor };
  const underway = new Set<Promise<unknown>>();

  async function guardedSend(...[options, send, entry]: Parameters<GuardedSend>): Promise<unknown> {
    const caller = callerOf(strapi, entry);
    if (mode === 'enforce') return track(apart(() => enforce(options, caller))).catch(asBadRequest);
    // A caller that holds a connection must not wait for a second one.
    if (strapi.db.inTransaction()) void track(outsideRequest(() => observe(options, caller)));
    else await observe(options, caller);
    return send(options);
  }

  /** Resolves when every running call is finished and counted. */
  async function idle(): Promise<void> {
    while (underway.size > 0) await Promise.all(underway);
  }

  /** @throws FORBIDDEN without `guard.read` */
  async function status({ actor }: { actor: Actor }): Promise<GuardStatus> {
    if (!(await holds(actor, 'guard.read'))) stop('FORBIDDEN');
    return { mode, actor: dependencies.actor, systemEmail: systemEmail(), wrapped: dependencies.isGuarded() };
  }

  /** @throws FORBIDDEN without `guard.read` */
  async function findPage({ actor, ...query }: { actor: Actor } & ListQuery) {
    if (!(await holds(actor, 'guard.read'))) stop('FORBIDDEN');
    return findings.page(query);
  }

  /** @throws FORBIDDEN without `tenants.manage` */
  async function forget({ actor }: { actor: Actor }): Promise<void> {
    if (!(await holds(actor, 'tenants.manage'))) stop('FORBIDDEN');
    await findings.forget();
  }

  async function listsOf(actor: Actor): Promise<IdentityList | Refusal['code']> {
    try {
      return await listFor({ actor });
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      return code;
    }
  }

  function systemKeys(lists: IdentityList): string[] {
    return [systemEmail(), ...lists.from.filter(({ source }) => source === 'system').map(({ email }) => email)]
      .filter((email) => email !== null)
      .map(addressKey);
  }

  function chooseIdentities(lists: IdentityList, wish: { from: Wish; replyTo: Wish | null }): Choice {
    const keys = systemKeys(lists);
    const from = pick(lists, 'from', identityOf(wish.from, 'from', lists, keys));
    if (typeof from === 'string') return { code: from };
    const byDefault = { code: null, from: from.id, replyTo: null, isDefault: true } as const;
    if (wish.replyTo === null) return byDefault;
    const replyTo = pick(lists, 'replyTo', identityOf(wish.replyTo, 'replyTo', lists, keys));
    if (typeof replyTo !== 'string') return { code: null, from: from.id, replyTo: replyTo.id, isDefault: false };
    const operatorReplyTo = defaultReplyTo();
    const isOperators =
      operatorReplyTo !== null &&
      wish.replyTo.kind === 'address' &&
      wish.replyTo.key === addressKey(operatorReplyTo.email);
    return isOperators ? byDefault : { code: replyTo };
  }

  /**
   * Decides mail of a user as that user, in the tenant of rules §6. Mail of the site is decided as the configured actor,
   * then as the reserved one, whose system mailbox no tenant hides (rules §3): password mails must be delivered.
   */
  async function decide(options: unknown, { author }: Caller): Promise<Decision> {
    const mail = readGuardedMail(options, limits, clock());
    if (!mail.ok) return { allowed: false, refusal: mail.refusal };
    if (author === 'token') return { allowed: false, refusal: refusal('FORBIDDEN_TO_SEND') };
    const { from, replyTo, request, attachments } = mail.value;
    let code: Refusal['code'] = 'FORBIDDEN_FROM';
    const ofSite = configured === reserved ? [reserved] : [configured, reserved];
    const actors = author === null ? ofSite : [author];
    for (const actor of actors) {
      const lists = await listsOf(actor);
      const choice: Choice =
        typeof lists === 'string'
          ? { code: author === null ? code : lists }
          : chooseIdentities(lists, { from, replyTo });
      if (choice.code === null)
        return {
          allowed: true,
          actor,
          request: { ...request, from: choice.from, replyTo: choice.replyTo },
          attachments,
          defaultReplyTo: choice.isDefault ? defaultReplyTo() : null,
        };
      // The configured actor's refusal is more specific: the reserved one has no mailboxes.
      if (actor === actors[0]) code = choice.code;
    }
    return { allowed: false, refusal: refusal(code) };
  }

  /** Counts a finding, and logs it at 1, 10, 100 … occurrences. */
  async function report(options: unknown, caller: Caller, verdict: Refusal['code']): Promise<void> {
    const from = printable(fromOf(options));
    const wish = readWish(fromOf(options));
    const address = wish.kind === 'address' ? wish.key : null;
    const count = await findings.count({ from, address, caller: caller.name, verdict });
    if (!Number.isInteger(Math.log10(count))) return;
    const finding = `mail from "${from}" ${mode === 'enforce' ? 'was' : 'would be'} refused: ${verdict}`;
    strapi.log.warn(`[mailboxes] guard: ${finding} (${count} times, probably sent by ${caller.name})`);
  }

  /** Reports a refusal without blocking the mail; errors are logged, not thrown. */
  async function observe(options: unknown, caller: Caller): Promise<void> {
    try {
      const decision = await decide(options, caller);
      if (!decision.allowed) await report(options, caller, decision.refusal.code);
    } catch (error) {
      onError('the guard could not report', error);
    }
  }

  async function refuse(options: unknown, caller: Caller, refusal: Refusal): Promise<never> {
    await report(options, caller, refusal.code).catch((error: unknown) => onError('the guard could not report', error));
    throw new MailboxesError(refusal);
  }

  async function enforce(options: unknown, caller: Caller): Promise<unknown> {
    const decision = await decide(options, caller);
    if (!decision.allowed) return refuse(options, caller, decision.refusal);
    const { actor, request, attachments: attached, defaultReplyTo: operatorReplyTo } = decision;
    const submission = await handOver(actor, request, { attached, defaultReplyTo: operatorReplyTo });
    if (submission.state === 'submitted') return resultOf(submission);
    throw attemptError((submission.error as OutcomeError | null) ?? unfinishedError(submission), submission.id);
  }

  /** Strapi's e-mail routes answer 400 to an error with that `statusCode`, 500 to all others. */
  function asBadRequest(error: unknown): never {
    throw codeOf(error) === null ? error : Object.assign(error as Error, { statusCode: 400 });
  }

  async function track<T>(work: Promise<T>): Promise<T> {
    const ended = work.catch(() => undefined);
    underway.add(ended);
    try {
      return await work;
    } finally {
      underway.delete(ended);
    }
  }

  return { send: guardedSend, idle, status, findPage, forget };
};

export type GuardService = ReturnType<typeof createGuard>;
