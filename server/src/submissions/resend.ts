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
 * Prepares what was sent before for other recipients: a message of its own, made of what is stored. For its author
 * alone, whose rights of now decide.
 */
export const createResend = ({ strapi, limits, demandRight, prepare }: ResendDependencies) => {
  const db = (): Queries => connectionOf(strapi);

  /** @throws INVALID_STATE where the state does not allow it, or the text is not stored (any more) */
  const storedOf = async ({ state, direct, message }: SubmissionRow): Promise<StoredMessage> => {
    if (!isResendable(state)) stop('INVALID_STATE', { state });
    const chunks: Uint8Array[] = [];
    if (!direct) for await (const chunk of repository.chunksOf(db(), message)) chunks.push(chunk);
    return chunks.length > 0 ? readStored(chunks) : stop('INVALID_STATE', { state, reason: 'the text is not stored' });
  };

  /** @throws UNKNOWN_FIELD, INVALID_INPUT and what is wrong with recipients, NOT_FOUND, FORBIDDEN, INVALID_STATE, every code of `submit` */
  return async (id: string, { actor, ...input }: { actor: Actor; to: unknown }): Promise<Prepared> => {
    const { recipients, idempotencyKey } = orThrow(parseResend(input, limits));
    await demandRight(id, actor);
    const row = (await repository.find(db(), id)) ?? stop('NOT_FOUND');
    // Who keeps the log may not read what others wrote, and may not choose who else gets it in their name.
    if (!sameActor(row.actor, actor)) stop('FORBIDDEN');
    const { attachments, ...stored } = await storedOf(row);
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
    };
    const prepared = await prepare(actor, request, { remember: false, direct: null, attached: attachments });
    return { ...prepared, idempotency: idempotencyOf(actor, request, id), resent: { from: id, by: actor } };
  };
};
