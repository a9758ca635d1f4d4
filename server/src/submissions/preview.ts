import type { Actor } from '../domain/actor';
import { envelopeOf } from '../domain/envelope';
import { warningsOf } from '../domain/warnings';
import type { Preview } from '../contracts/answers';
import { parsePreview, type SubmitLimits } from '../contracts/submission';
import { orThrow } from '../strapi/error';
import { onWire } from '../message/assemble';
import { outgoingOf } from './outgoing';
import type { Preparation } from './prepare';

export interface PreviewDependencies {
  limits: SubmitLimits;
  measureRequest: Preparation['measureRequest'];
  /** Runs work that may hold files in memory. */
  withFiles: <T>(work: () => Promise<T>) => Promise<T>;
  /** Milliseconds since the epoch */
  clock: () => number;
}

/**
 * Previews a message with its warnings. It is decided like a submission and measured instead of built; nothing is stored,
 * no choice is remembered, and no hourly limit is used.
 */
export const createPreview =
  ({ limits, measureRequest, withFiles, clock }: PreviewDependencies) =>
  /** @throws the codes of `submit`, except for fields that an unfinished message may lack */
  async (actor: Actor, input: unknown): Promise<Preview> => {
    const request = orThrow(parsePreview(input, limits, clock()));
    const work = () => measureRequest(actor, request);
    const { decision, assembled, size } = await (request.attachments.length > 0 ? withFiles(work) : work());
    const { from, replyTo } = decision;
    const { parts, html } = assembled;
    const outgoing = await outgoingOf(from, request, assembled);
    return {
      from: { name: from.name, email: from.email },
      replyTo: replyTo && { name: replyTo.name, email: replyTo.email },
      envelope: {
        from: onWire(envelopeOf(from).mailFrom),
        through: {
          kind: from.transport.kind,
          name: from.transport.kind === 'mailbox' ? from.transport.name : null,
          email: from.transport.email,
        },
      },
      subject: request.subject,
      html,
      text: parts.text,
      size,
      limit: limits.messageBytes,
      remoteImages: outgoing.remoteImages,
      warnings: warningsOf(outgoing),
    };
  };
