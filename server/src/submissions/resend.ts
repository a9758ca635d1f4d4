import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { isResendable } from '../domain/submission-actions';
import { parseResend, type SubmitLimits, type SubmitRequest } from '../contracts/submission';
import type { Queries } from '../database/dialect';
import { connectionOf } from '../database/transaction';
import { orThrow, stop } from '../strapi/error';
import type { Prepared } from './accept';
import { idempotencyOf } from './idempotency';
import { sameActor, submissionsRepository as repository, type SubmissionRow } from '../outbox/repository';
import { readStored, type StoredMessage } from '../message/parse-stored';

export interface ResendDependencies {
  strapi: Core.Strapi;
  limits: SubmitLimits;
  /** @throws NOT_FOUND, FORBIDDEN */
  demandRight: (id: string, actor: Actor) => Promise<void>;
  prepare: (
    actor: Actor,
    request: SubmitRequest,
    options: { remember: boolean; direct: null; attached: StoredMessage['attachments'] }
  ) => Promise<Prepared>;
}

/**
 * Prepares the stored text of a submission as a new message to other recipients. For its author alone, by the author's
 * current grants.
 */
export const createResend = ({ strapi, limits, demandRight, prepare }: ResendDependencies) => {
  /** @throws UNKNOWN_FIELD, INVALID_INPUT, the codes of recipients, NOT_FOUND, FORBIDDEN, INVALID_STATE, the codes of `submit` */
  async function prepareResend(id: string, { actor, ...input }: { actor: Actor; to: unknown }): Promise<Prepared> {
    const { recipients, idempotencyKey } = orThrow(parseResend(input, limits));
    await demandRight(id, actor);
    const row = (await repository.find(db(), id)) ?? stop('NOT_FOUND');
    // `log.manage` includes neither reading the body nor sending in the author's name.
    if (!sameActor(row.actor, actor)) stop('FORBIDDEN');
    const { attachments, ...stored } = await readMessage(row);
    const request: SubmitRequest = {
      ...stored,
      tenant: row.tenant,
      from: row.fromIdentity,
      replyTo: row.replyIdentity,
      recipients,
      subject: row.subject,
      attachments: [],
      sendAt: null,
      sendZone: null,
      undoSeconds: null,
      idempotencyKey,
      draft: null,
      draftVersion: null,
      acceptWarnings: null,
    };
    const prepared = await prepare(actor, request, { remember: false, direct: null, attached: attachments });
    return { ...prepared, idempotency: idempotencyOf(actor, request, id), resent: { from: id, by: actor } };
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  /** @throws INVALID_STATE where the state does not allow it, or the text is not stored (any more) */
  async function readMessage({ state, direct, message }: SubmissionRow): Promise<StoredMessage> {
    if (!isResendable(state)) stop('INVALID_STATE', { state });
    const chunks: Uint8Array[] = [];
    if (!direct) for await (const chunk of repository.chunksOf(db(), message)) chunks.push(chunk);
    return chunks.length > 0 ? readStored(chunks) : stop('INVALID_STATE', { state, reason: 'the text is not stored' });
  }

  return prepareResend;
};
