import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { domainOf } from '../domain/address';
import { base64Bytes, type Attachment, type FilePart, type MeasuredFile, type MessageParts } from '../domain/message';
import type { SubmitRequest } from '../contracts/submission';
import { coalesce } from '../database/coalesce';
import { connectionOf } from '../database/transaction';
import type { CheckQuestion, Decided } from '../identities/service';
import { orThrow, stop } from '../strapi/error';
import type { Acceptances, Prepared } from './accept';
import { assemble, type Assembled, type ReplyAddress } from '../message/assemble';
import type { AttachmentReader, FoundFile } from '../message/attachments';
import { idempotencyOf } from './idempotency';
import { htmlProblem } from '../message/clean-html';
import { hasDataPictures } from '../message/content-ids';
import type { Decide } from '../outbox/begin-transmission';

export interface PrepareDependencies {
  strapi: Core.Strapi;
  decide: Decide;
  /** Encoded size of the whole message. */
  messageBytes: number;
  /** The undo window of a user who does not say otherwise; a system actor has none. */
  undoSeconds: number;
  build: (parts: MessageParts) => Promise<Buffer>;
  /** The length of what `build` would make. */
  measure: (parts: MessageParts<Attachment | MeasuredFile>) => Promise<number>;
  attachments: AttachmentReader;
  demandRoom: Acceptances['demandRoom'];
  clock: () => number;
}

type Granted = Extract<Decided, { allowed: true }>;

/** What the files make of the message at least. */
const leastBytes = (files: readonly FoundFile[]): number =>
  files.reduce((sum, { bytes }) => sum + base64Bytes(bytes ?? 0), 0);
/** What comes with a request besides what a client may name. */
export interface Handed {
  /** Files that are in nobody's library. */
  attached: readonly Attachment[];
  /** The operator's, where the request names no Reply-To: no identity, so nothing decides it. */
  defaultReplyTo: { name: string | null; email: string } | null;
}

/** How many share the statements of one decision at most. */
const MOST = 50;

/** From what was asked for to what can be written: decided and built, outside of any transaction of ours. */
export const createPreparation = (dependencies: PrepareDependencies) => {
  const { strapi, decide, messageBytes, build, measure, attachments, demandRoom, clock } = dependencies;
  const together = coalesce((questions: readonly CheckQuestion[]) => decide(connectionOf(strapi), questions), {
    most: MOST,
  });

  const decided = async (question: CheckQuestion): Promise<Decided> => {
    if (!strapi.db.inTransaction()) return together(question);
    const [decision] = await decide(connectionOf(strapi), [question]);
    if (!decision) throw new Error('[mailboxes] a question was not answered');
    return decision;
  };

  /** Names of system actors that the log has told about pictures that are left out. */
  const told = new Set<string>();
  const tellOfDataPictures = (actor: Actor, html: string): void => {
    if (actor.type !== 'system' || told.has(actor.name) || !hasDataPictures(html)) return;
    told.add(actor.name);
    strapi.log.warn(
      `[mailboxes] pictures as data: URLs are left out of mail of "${actor.name}": mail programs do not show them. Attach them with a cid.`
    );
  };

  /** @throws MailboxesError by rules §9, from TENANT_MISMATCH to the sizes of the files that are known */
  const decidedWithFiles = async (actor: Actor, request: SubmitRequest) => {
    const problem = request.html === null ? null : htmlProblem(request.html);
    if (problem !== null) stop('INVALID_INPUT', { path: 'html', reason: problem });
    const decision = await decided({
      actor,
      tenant: request.tenant,
      from: request.from,
      replyTo: request.replyTo ?? undefined,
    });
    if (!decision.allowed) return stop(decision.code);
    tellOfDataPictures(actor, request.html ?? '');
    return { decision, files: orThrow(await attachments.find(request.attachments, actor, messageBytes)) };
  };

  const assembled = <File extends FilePart>(
    actor: Actor,
    { from, replyTo }: { from: Granted['from']; replyTo: ReplyAddress | null },
    request: SubmitRequest,
    files: readonly File[]
  ): Promise<Assembled<File>> =>
    assemble({ from, replyTo }, request, files, {
      messageId: `<${randomUUID()}@${domainOf(from.email)}>`,
      date: clock(),
      automatic: actor.type === 'system',
    });

  /** Decided and assembled, with the size that it would have. @throws as `prepare`, but for its limits */
  const measured = async (actor: Actor, request: SubmitRequest) => {
    const { decision, files } = await decidedWithFiles(actor, request);
    const parts = orThrow(await attachments.measure(files, messageBytes));
    const message = await assembled(actor, decision, request, parts);
    return { decision, assembled: message, size: await measure(message.parts) };
  };

  /**
   * @param remember is the choice of identities one to remember?
   * @throws MailboxesError by rules §9, from TENANT_MISMATCH to the total size
   */
  const prepare = async (
    actor: Actor,
    request: SubmitRequest,
    {
      remember,
      direct,
      attached = [],
      defaultReplyTo = null,
    }: { remember: boolean; direct: Prepared['direct'] } & Partial<Handed>
  ): Promise<Prepared> => {
    const { decision, files } = await decidedWithFiles(actor, request);
    const { from, tenant } = decision;
    const replyTo = decision.replyTo ?? (defaultReplyTo && { id: null, ...defaultReplyTo });
    if (tenant === null) return stop('TENANT_MISMATCH');
    const idempotency = idempotencyOf(actor, request);
    const least = leastBytes(files);
    if (least > messageBytes) stop('TOO_LARGE', { limit: messageBytes });
    if (files.length > 0) await demandRoom({ actor, tenant, direct, bytes: { length: least } }, idempotency);
    const read = orThrow(await attachments.read(files, messageBytes));
    const { parts } = await assembled(actor, { from, replyTo }, request, [...read, ...attached]);
    const bytes = await build(parts);
    if (bytes.length > messageBytes) stop('TOO_LARGE', { limit: messageBytes, size: bytes.length });
    const undoSeconds = request.undoSeconds ?? (actor.type === 'user' && !direct ? dependencies.undoSeconds : 0);
    return {
      actor,
      tenant,
      from,
      replyTo,
      recipients: request.recipients,
      subject: request.subject,
      messageId: parts.messageId,
      bytes,
      sendAt: request.sendAt,
      sendZone: request.sendZone,
      undoMs: undoSeconds * 1000,
      idempotency,
      draft: request.draft,
      draftVersion: request.draftVersion,
      choice:
        remember && actor.type === 'user'
          ? { user: actor.id, tenant, from: request.from, replyTo: request.replyTo }
          : null,
      direct,
    };
  };
  return { prepare, measured };
};

export type Preparation = ReturnType<typeof createPreparation>;
