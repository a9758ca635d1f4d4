import type { Core } from '@strapi/types';
import type { By } from '../domain/actor';
import type { Attachment, MeasuredFile, MessageParts } from '../domain/message';
import type { Submission } from '../contracts/answers';
import type { Emit } from '../contracts/events';
import type { SubmitInput } from '../contracts/services';
import type { SubmitLimits } from '../contracts/submission';
import type { IdentitiesService } from '../identities/service';
import type { AttachmentReader } from '../message/attachments';
import type { DeliveryEngine } from '../outbox/engines/engine';
import { createUnfinished } from '../outbox/of-mailboxes';
import { createOutbox, type OutboxDependencies } from '../outbox/service';
import { createAcceptance } from './accept';
import { createActions } from './actions';
import { createSubmissionEvents } from './events';
import { createHandOver, type HandOverDependencies } from './hand-over';
import { createPreparation } from './prepare';
import { createPreview } from './preview';
import { createDailyCounts } from './queries/daily-counts';
import { createList } from './queries/list';
import { createLookup } from './queries/lookup';
import { createOverview } from './queries/overview';
import { createSuggestions } from './queries/recipient-suggestions';
import { createTimeline } from './queries/timeline';
import type { HourlyLimits } from './rate-limits';
import { createResend } from './resend';
import { createSettlement } from './settlement';
import { createSubmit } from './submit';

export interface SubmissionsDependencies {
  strapi: Core.Strapi;
  identities: Pick<
    IdentitiesService,
    'decide' | 'administratorOf' | 'tenantOf' | 'membershipOf' | 'writerOf' | 'listFor' | 'userOf'
  >;
  limits: SubmitLimits & HourlyLimits;
  /** Default undo window of users. */
  undoSeconds: number;
  maxAgeMs: number;
  build: (parts: MessageParts) => Promise<Buffer>;
  measure: (parts: MessageParts<Attachment | MeasuredFile>) => Promise<number>;
  attachments: AttachmentReader;
  /** Runs the work; bounds how many runs hold files in memory at once. */
  fewAtOnce: <T>(work: () => Promise<T>) => Promise<T>;
  /** Wakes delivery, after the commit. */
  wake: DeliveryEngine['wake'];
  deliverNow: HandOverDependencies['deliverNow'];
  emit: Emit;
  leaseMs: number;
  clock: () => number;
  newId: () => string;
  onError: (what: string, error: unknown) => void;
  limitsOf: OutboxDependencies['limitsOf'];
}

export const createSubmissionsService = (dependencies: SubmissionsDependencies) => {
  const { strapi, identities, limits, wake, clock, newId, onError } = dependencies;
  const { decide } = identities;
  const outbox = createOutbox({ strapi, decide, newId, limitsOf: dependencies.limitsOf });
  const { accept, acceptWithin, demandRoom, isRepeated } = createAcceptance(dependencies);
  const { prepare, measureRequest } = createPreparation({
    ...dependencies,
    decide,
    messageBytes: limits.messageBytes,
    demandRoom,
    isRepeated,
  });
  const { scope, findPage, newest } = createList(dependencies);
  const { readLatest, get, findVisible } = createLookup(dependencies);
  const emit = createSubmissionEvents(dependencies.emit);
  const { announceEnd, whenSettled } = createSettlement({ strapi, emit, get, clock, onError });
  const { withFiles, acceptPrepared, ...submitting } = createSubmit({
    ...dependencies,
    prepare,
    accept,
    readLatest,
    emit,
  });
  const direct = createHandOver({ ...dependencies, prepare, acceptWithin, outbox, emit, readLatest });
  const { demandRight, ...actions } = createActions({
    ...dependencies,
    read: readLatest,
    announce: announceEnd,
    wake: (wakeup, inMs) => wake(clock() + inMs, wakeup),
  });
  const prepareResend = createResend({ strapi, limits, demandRight, prepare });

  /** As `submit`, for the stored text of a submission to other recipients. */
  async function resend(id: string, query: By & { to: unknown; idempotencyKey?: unknown }): Promise<Submission> {
    return withFiles(async () => acceptPrepared(await prepareResend(id, query), query.actor));
  }

  async function announceCanceled(ids: readonly string[]): Promise<void> {
    for (const id of ids) await announceEnd(id);
  }

  return {
    ...submitting,
    ...direct,
    get,
    findPage,
    ...actions,
    resend,
    timeline: createTimeline({ strapi, identities, findVisible }),
    overview: createOverview({ strapi, identities, scope, newest }),
    byDay: createDailyCounts({ strapi, scope }),
    whenSettled,
    suggest: createSuggestions({ strapi, identities }),
    preview: createPreview({ limits, measureRequest, clock, withFiles }),
    outbox,
    /** After every attempt. */
    settled: announceEnd,
    ofMailboxes: createUnfinished({ newId, announceCanceled }),
  };
};

export type { Submission, SubmitInput };
export type { SubmissionsOfMailboxes } from '../outbox/of-mailboxes';
export type SubmissionsService = ReturnType<typeof createSubmissionsService>;
