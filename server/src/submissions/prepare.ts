import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { domainOf } from '../domain/address';
import { notAccepted, warningsOf } from '../domain/warnings';
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
import { outgoingOf } from './outgoing';
import { htmlProblem } from '../message/clean-html';
import { hasDataPictures } from '../message/content-ids';
import type { Idempotency } from '../outbox/insert';
import type { Decide } from '../outbox/begin-transmission';

export interface PrepareDependencies {
  strapi: Core.Strapi;
  decide: Decide;
  /** Encoded size of the whole message. */
  messageBytes: number;
  /** Default undo window of users; system actors have none. */
  undoSeconds: number;
  build: (parts: MessageParts) => Promise<Buffer>;
  /** The length of what `build` would make. */
  measure: (parts: MessageParts<Attachment | MeasuredFile>) => Promise<number>;
  attachments: AttachmentReader;
  demandRoom: Acceptances['demandRoom'];
  isRepeated: Acceptances['isRepeated'];
  clock: () => number;
}

type Granted = Extract<Decided, { allowed: true }>;

/** Lower bound of the message's encoded size, from the files alone. */
const leastBytes = (files: readonly FoundFile[]): number =>
  files.reduce((sum, { bytes }) => sum + base64Bytes(bytes ?? 0), 0);

/** Puts the files' contents into a message that was assembled without them, so that no refusal had to read them. */
const withContents = (
  { attachments, ...parts }: MessageParts<FilePart>,
  contents: readonly Attachment[]
): MessageParts => ({
  ...parts,
  attachments: contents.map((content, index) => ({ ...content, cid: attachments[index]?.cid ?? null })),
});

/** Parts of a message that a client cannot name in its request. */
export interface Handed {
  /** Files from outside the media library. */
  attached: readonly Attachment[];
  /** The operator's address for requests without Reply-To. It is no identity, so it needs no decision. */
  defaultReplyTo: { name: string | null; email: string } | null;
}

/** Questions per batched decision at most. */
const MAX_BATCH = 50;

/** Decides and builds requests into prepared submissions, outside of our transactions. */
export const createPreparation = (dependencies: PrepareDependencies) => {
  const { strapi, decide, messageBytes, build, measure, attachments, demandRoom, isRepeated, clock } = dependencies;
  const decideBatched = coalesce((questions: readonly CheckQuestion[]) => decide(connectionOf(strapi), questions), {
    most: MAX_BATCH,
  });
  /** Names of system actors that were already warned about. */
  const warned = new Set<string>();

  /**
   * Decides and assembles a message without building it.
   *
   * @returns with the size in bytes that it would have
   * @throws as `prepare`, except its limits
   */
  async function measureRequest(actor: Actor, request: SubmitRequest) {
    const { decision, files } = await decideWithFiles(actor, request);
    const parts = orThrow(await attachments.measure(files, messageBytes));
    const message = await assembleMessage(actor, decision, request, parts);
    return { decision, assembled: message, size: await measure(message.parts) };
  }

  /**
   * Decides and builds one message.
   *
   * @param remember true to store the choice of identities as the author's last one
   * @throws MailboxesError by rules §9, from TENANT_MISMATCH to the total size
   */
  async function prepare(
    actor: Actor,
    request: SubmitRequest,
    {
      remember,
      direct,
      attached = [],
      defaultReplyTo = null,
    }: { remember: boolean; direct: Prepared['direct'] } & Partial<Handed>
  ): Promise<Prepared> {
    const { decision, files } = await decideWithFiles(actor, request);
    const { from, tenant } = decision;
    const replyTo = decision.replyTo ?? (defaultReplyTo && { id: null, ...defaultReplyTo });
    if (tenant === null) return stop('TENANT_MISMATCH');
    const idempotency = idempotencyOf(actor, request);
    const least = leastBytes(files);
    if (least > messageBytes) stop('TOO_LARGE', { limit: messageBytes });
    const message = await assembleMessage(actor, { from, replyTo }, request, [...files, ...attached]);
    await demandAccepted(request, { from, message, idempotency });
    if (files.length > 0) await demandRoom({ actor, tenant, direct, bytes: { length: least } }, idempotency);
    const read = orThrow(await attachments.read(files, messageBytes));
    const bytes = await build(withContents(message.parts, [...read, ...attached]));
    if (bytes.length > messageBytes) stop('TOO_LARGE', { limit: messageBytes, size: bytes.length });
    const undoSeconds = request.undoSeconds ?? (actor.type === 'user' && !direct ? dependencies.undoSeconds : 0);
    return {
      actor,
      tenant,
      from,
      replyTo,
      recipients: request.recipients,
      subject: request.subject,
      messageId: message.parts.messageId,
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
  }

  async function decideOne(question: CheckQuestion): Promise<Decided> {
    if (!strapi.db.inTransaction()) return decideBatched(question);
    const [decision] = await decide(connectionOf(strapi), [question]);
    if (!decision) throw new Error('[mailboxes] decide() returned fewer decisions than questions');
    return decision;
  }

  /** Warns once per system actor about data: pictures, which are removed. */
  function warnOfDataPictures(actor: Actor, html: string): void {
    if (actor.type !== 'system' || warned.has(actor.name) || !hasDataPictures(html)) return;
    warned.add(actor.name);
    strapi.log.warn(
      `[mailboxes] pictures as data: URLs are left out of mail of "${actor.name}": mail programs do not show them. Attach them with a cid.`
    );
  }

  /** @throws MailboxesError by rules §9, from TENANT_MISMATCH to the sizes of the files that are known */
  async function decideWithFiles(actor: Actor, request: SubmitRequest) {
    const problem = request.html === null ? null : htmlProblem(request.html);
    if (problem !== null) stop('INVALID_INPUT', { path: 'html', reason: problem });
    const decision = await decideOne({
      actor,
      tenant: request.tenant,
      from: request.from,
      replyTo: request.replyTo ?? undefined,
    });
    if (!decision.allowed) return stop(decision.code);
    warnOfDataPictures(actor, request.html ?? '');
    return { decision, files: orThrow(await attachments.find(request.attachments, actor, messageBytes)) };
  }

  /** @throws WARNINGS; not for a repeated request, which was accepted with its warnings before */
  async function demandAccepted(
    request: SubmitRequest,
    {
      from,
      message,
      idempotency,
    }: { from: Granted['from']; message: Assembled<FilePart>; idempotency: Idempotency | null }
  ): Promise<void> {
    if (request.acceptWarnings === null) return;
    const warnings = notAccepted(warningsOf(await outgoingOf(from, request, message)), request.acceptWarnings);
    if (warnings.length > 0 && !(await isRepeated(idempotency))) stop('WARNINGS', { warnings });
  }

  function assembleMessage<File extends FilePart>(
    actor: Actor,
    { from, replyTo }: { from: Granted['from']; replyTo: ReplyAddress | null },
    request: SubmitRequest,
    files: readonly File[]
  ): Promise<Assembled<File>> {
    return assemble({ from, replyTo }, request, files, {
      messageId: `<${randomUUID()}@${domainOf(from.email)}>`,
      date: clock(),
      automatic: actor.type === 'system',
    });
  }

  return { prepare, measureRequest };
};

export type Preparation = ReturnType<typeof createPreparation>;
