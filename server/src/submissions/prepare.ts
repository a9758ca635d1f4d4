import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { domainOf, headerAddress } from '../domain/address';
import { envelopeOf } from '../domain/envelope';
import type { Identity } from '../domain/identity';
import type { Attachment, MessageParts, Recipient } from '../domain/message';
import type { RecipientField } from '../domain/submission';
import type { SubmitRequest } from '../contracts/submission';
import { combine } from '../database/combine';
import { connectionOf } from '../database/transaction';
import type { CheckQuestion, Decided } from '../identities/service';
import { MailboxesError, stop } from '../strapi/error';
import type { Prepared } from './accept';
import type { AttachmentReader } from './attachments';
import { idempotencyOf } from './idempotency';
import { cleanHtml, htmlProblem, textOf } from './html';
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

/** Local part as typed, domain as A-label (rules §4). */
const onWire = (email: string): string => headerAddress(email) ?? email;

const inField = (recipients: readonly Recipient[], field: RecipientField) =>
  recipients
    .filter((recipient) => recipient.field === field)
    .map(({ name, email }) => ({ name, email: onWire(email) }));

const senderOf = (from: Identity): string | null => {
  const { sender } = envelopeOf(from);
  return sender === null ? null : onWire(sender);
};

/** What is shown and what is read belong together: HTML is cleaned, and has a twin for who reads none. */
const bodyOf = async ({ text, html }: SubmitRequest): Promise<{ text: string | null; html: string | null }> => {
  if (html === null) return { text, html };
  const cleaned = await cleanHtml(html);
  return { text: text ?? textOf(cleaned), html: cleaned };
};

/** From what was asked for to what can be written: decided and built, outside of any transaction of ours. */
export const createPreparation = (dependencies: PrepareDependencies) => {
  const { strapi, decide, messageBytes, build, attachments, clock } = dependencies;
  const together = combine((questions: readonly CheckQuestion[]) => decide(connectionOf(strapi), questions), {
    most: MOST,
  });

  const decided = async (question: CheckQuestion): Promise<Decided> => {
    if (!strapi.db.inTransaction()) return together(question);
    const [decision] = await decide(connectionOf(strapi), [question]);
    if (!decision) throw new Error('[mailboxes] a question was not answered');
    return decision;
  };

  /**
   * @param remember is the choice of identities one to remember?
   * @param attached files besides those of the media library
   * @throws MailboxesError by rules §9, from TENANT_MISMATCH to the total size
   */
  return async (
    actor: Actor,
    request: SubmitRequest,
    {
      remember,
      direct,
      attached = [],
    }: { remember: boolean; direct: Prepared['direct']; attached?: readonly Attachment[] }
  ): Promise<Prepared> => {
    const problem = request.html === null ? null : htmlProblem(request.html);
    if (problem !== null) stop('INVALID_INPUT', { path: 'html', reason: problem });
    const decision = await decided({
      actor,
      tenant: request.tenant,
      from: request.from,
      replyTo: request.replyTo ?? undefined,
    });
    if (!decision.allowed || decision.tenant === null)
      return stop(decision.allowed ? 'TENANT_MISMATCH' : decision.code);
    const { from, replyTo, tenant } = decision;
    const read = await attachments(request.attachments, actor, messageBytes);
    if (!read.ok) throw new MailboxesError(read.refusal);
    const messageId = `<${randomUUID()}@${domainOf(from.email)}>`;
    const bytes = await build({
      from: { name: from.name, email: onWire(from.email) },
      sender: senderOf(from),
      replyTo: replyTo ? { name: replyTo.name, email: onWire(replyTo.email) } : null,
      to: inField(request.recipients, 'to'),
      cc: inField(request.recipients, 'cc'),
      subject: request.subject,
      ...(await bodyOf(request)),
      headers: request.headers,
      attachments: [...read.attachments, ...attached],
      messageId,
      date: clock(),
    });
    if (bytes.length > messageBytes) stop('TOO_LARGE', { limit: messageBytes, size: bytes.length });
    const undoSeconds = request.undoSeconds ?? (actor.type === 'user' ? dependencies.undoSeconds : 0);
    return {
      actor,
      tenant,
      from,
      replyTo,
      recipients: request.recipients,
      subject: request.subject,
      messageId,
      bytes,
      sendAt: request.sendAt,
      undoMs: undoSeconds * 1000,
      idempotency: idempotencyOf(actor, request),
      choice:
        remember && actor.type === 'user'
          ? { user: actor.id, tenant, from: request.from, replyTo: request.replyTo }
          : null,
      direct,
    };
  };
};
