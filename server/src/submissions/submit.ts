import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import type { Submission } from '../contracts/answers';
import { isPlainObject } from '../contracts/parse';
import type { SubmitInput } from '../contracts/services';
import { parseSubmit, type SubmitLimits } from '../contracts/submission';
import { afterCommit } from '../database/transaction';
import { orThrow, stop } from '../strapi/error';
import type { DeliveryEngine } from '../outbox/engines/engine';
import type { NewSubmission } from '../outbox/insert';
import { acceptedOrThrow, type Acceptances, type Prepared } from './accept';
import type { EmitSubmission } from './events';
import type { Preparation } from './prepare';
import { presentNew } from './present';

export interface SubmitDependencies {
  strapi: Core.Strapi;
  limits: SubmitLimits;
  prepare: Preparation['prepare'];
  accept: Acceptances['accept'];
  readLatest: (id: string, viewer: Actor) => Promise<Submission>;
  /** Runs the work; bounds how many runs hold files in memory at once. */
  fewAtOnce: <T>(work: () => Promise<T>) => Promise<T>;
  emit: EmitSubmission;
  /** Wakes delivery, after the commit. */
  wake: DeliveryEngine['wake'];
  /** Milliseconds since the epoch */
  clock: () => number;
}

/** @throws INVALID_INPUT for input without a known actor */
const splitActor = (input: unknown): { actor: Actor; rest: unknown } => {
  if (!isPlainObject(input)) return stop('INVALID_INPUT', { path: '' });
  const { actor, ...rest } = input;
  const isKnown =
    isPlainObject(actor) &&
    ((actor.type === 'user' && Number.isSafeInteger(actor.id)) ||
      (actor.type === 'system' && typeof actor.name === 'string'));
  return isKnown ? { actor: actor as unknown as Actor, rest } : stop('INVALID_INPUT', { path: 'actor' });
};

/** Accepts messages for later delivery: parses, prepares, writes and announces them. */
export const createSubmit = (dependencies: SubmitDependencies) => {
  const { strapi, limits, prepare, accept, readLatest, fewAtOnce, emit, wake, clock } = dependencies;

  /** Durable when it resolves. @throws MailboxesError by rules §9 */
  async function submit(input: SubmitInput): Promise<Submission> {
    return submitInput(input, false);
  }

  /** As `submit`, over the admin API: the choice of identities is remembered. */
  async function submitFromPage(input: unknown): Promise<Submission> {
    return submitInput(input, true);
  }

  /** As `submit`, for unparsed input. */
  async function submitAs(actor: Actor, input: Record<string, unknown>): Promise<Submission> {
    return submitInput({ ...input, actor }, false);
  }

  async function acceptPrepared(prepared: Prepared, actor: Actor): Promise<Submission> {
    const acceptance = acceptedOrThrow(await accept(prepared));
    if (acceptance.kind === 'repeated') return readLatest(acceptance.id, actor);
    await afterCommit(strapi, () => announceAccepted(acceptance.submission));
    return presentNew(acceptance.submission);
  }

  /** A caller's transaction never waits here: those ahead may need its connection or its locks to finish. */
  function withFiles<T>(work: () => Promise<T>): Promise<T> {
    return strapi.db.inTransaction() ? work() : fewAtOnce(work);
  }

  async function submitInput(input: unknown, remember: boolean): Promise<Submission> {
    const { actor, rest } = splitActor(input);
    const request = orThrow(parseSubmit(rest, limits, clock(), actor.type === 'user'));
    const work = async () => acceptPrepared(await prepare(actor, request, { remember, direct: null }), actor);
    return request.attachments.length > 0 ? withFiles(work) : work();
  }

  function announceAccepted(submission: NewSubmission): void {
    emit('accepted', { ...submission, error: null });
    wake(clock() + submission.dueAt - submission.createdAt, { id: submission.id, attempt: 1 });
  }

  return { submit, submitFromPage, submitAs, acceptPrepared, withFiles };
};
