import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { domainOf } from '../domain/address';
import type { Attachment, MessageParts } from '../domain/message';
import type { SubmitRequest } from '../contracts/submission';
import { combine } from '../database/combine';
import { connectionOf } from '../database/transaction';
import type { CheckQuestion, Decided } from '../identities/service';
import { MailboxesError, stop } from '../strapi/error';
import type { Prepared } from './accept';
import { assemble } from './assemble';
import type { AttachmentReader } from './attachments';
import { idempotencyOf } from './idempotency';
import { htmlProblem } from './html';
import type { Decide } from './passage';

export interface PrepareDependencies {
  strapi: Core.Strapi;
  decide: Decide;
  /** Encoded size of the whole message. */
  messageBytes: number;
  /** The undo window of a user who does not say otherwise; a system actor has none. */
  undoSeconds: number;
  build: (parts: MessageParts) => Promise<Buffer>;
  attachments: AttachmentReader;
  clock: () => number;
}

/** How many share the statements of one decision at most. */
const MOST = 50;

/** From what was asked for to what can be written: decided and built, outside of any transaction of ours. */
export const createPreparation = (dependencies: PrepareDependencies) => {
  const { strapi, decide, messageBytes, build, clock } = dependencies;
  const together = combine((questions: readonly CheckQuestion[]) => decide(connectionOf(strapi), questions), {
    most: MOST,
  });

  const decided = async (question: CheckQuestion): Promise<Decided> => {
    if (!strapi.db.inTransaction()) return together(question);
    const [decision] = await decide(connectionOf(strapi), [question]);
    if (!decision) throw new Error('[mailboxes] a question was not answered');
    return decision;
  };

  /** Decided and built. @throws MailboxesError by rules §9, from TENANT_MISMATCH to the size of the files */
  const built = async (actor: Actor, request: SubmitRequest, attached: readonly Attachment[] = []) => {
    const problem = request.html === null ? null : htmlProblem(request.html);
    if (problem !== null) stop('INVALID_INPUT', { path: 'html', reason: problem });
    const decision = await decided({
      actor,
      tenant: request.tenant,
      from: request.from,
      replyTo: request.replyTo ?? undefined,
    });
    if (!decision.allowed) return stop(decision.code);
    const read = await dependencies.attachments(request.attachments, actor, messageBytes);
    if (!read.ok) throw new MailboxesError(read.refusal);
    const messageId = `<${randomUUID()}@${domainOf(decision.from.email)}>`;
    const attachments = [...read.attachments, ...attached];
    const assembled = await assemble(decision, request, attachments, { messageId, date: clock() });
    return { decision, assembled, bytes: await build(assembled.parts) };
  };

  /**
   * @param remember is the choice of identities one to remember?
   * @param attached files besides those of the media library
   * @throws MailboxesError by rules §9, from TENANT_MISMATCH to the total size
   */
  const prepare = async (
    actor: Actor,
    request: SubmitRequest,
    {
      remember,
      direct,
      attached = [],
    }: { remember: boolean; direct: Prepared['direct']; attached?: readonly Attachment[] }
  ): Promise<Prepared> => {
    const { decision, assembled, bytes } = await built(actor, request, attached);
    const { from, replyTo, tenant } = decision;
    if (tenant === null) return stop('TENANT_MISMATCH');
    if (bytes.length > messageBytes) stop('TOO_LARGE', { limit: messageBytes, size: bytes.length });
    const undoSeconds = request.undoSeconds ?? (actor.type === 'user' ? dependencies.undoSeconds : 0);
    return {
      actor,
      tenant,
      from,
      replyTo,
      recipients: request.recipients,
      subject: request.subject,
      messageId: assembled.parts.messageId,
      bytes,
      sendAt: request.sendAt,
      undoMs: undoSeconds * 1000,
      idempotency: idempotencyOf(actor, request),
      draft: request.draft,
      draftVersion: request.draftVersion,
      choice:
        remember && actor.type === 'user'
          ? { user: actor.id, tenant, from: request.from, replyTo: request.replyTo }
          : null,
      direct,
    };
  };
  return { prepare, build: built };
};

export type Preparation = ReturnType<typeof createPreparation>;
