import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import type { IdentityId } from '../domain/identity';
import { htmlOfText, signedBy, type Author, type Signature } from '../domain/signature';
import { connectionOf } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { stop } from '../strapi/error';
import { createMailboxesRepository } from './repository';

export interface SignatureDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'check'> & {
    /** null for an unknown or deleted user. */
    authorOf: (id: number) => Promise<Author | null>;
  };
  html: {
    /** '' for HTML that no message can hold. */
    clean: (html: string) => Promise<string>;
    textOf: (cleaned: string) => string;
  };
}

/**
 * Reads the signature of the mailbox in From, for an actor that may use it as From. It is stored as typed and cleaned
 * on read: a stricter rule or an updated library then applies to signatures saved before.
 */
export const createSignatures =
  ({ strapi, identities, html: { clean, textOf } }: SignatureDependencies) =>
  /**
   * @returns null for a From other than a mailbox, and for a mailbox without a signature
   * @throws the codes of `identities.check`
   */
  async ({ actor, tenant, from }: { actor: Actor; tenant?: string; from: IdentityId }): Promise<Signature | null> => {
    const decision = await identities.check({ actor, tenant, from });
    if (!decision.allowed) return stop(decision.code);
    if (decision.from.source !== 'mailbox' || actor.type !== 'user') return null;
    const id = from.slice('mailbox:'.length);
    const row = await createMailboxesRepository(strapi).find(connectionOf(strapi), id);
    const author = await identities.authorOf(actor.id);
    if (!row || !author) return null;
    const { html, text } = signedBy({ html: row.signature.html ?? '', text: row.signature.text ?? '' }, author);
    const cleaned = (await clean(html)) || htmlOfText(text);
    return cleaned === '' ? null : { html: cleaned, text: text.trim() === '' ? textOf(cleaned) : text };
  };

export type Signatures = ReturnType<typeof createSignatures>;
