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
    /** Null: not there (any more). */
    authorOf: (id: number) => Promise<Author | null>;
  };
  html: {
    /** '' for what no message can hold. */
    clean: (html: string) => Promise<string>;
    textOf: (cleaned: string) => string;
  };
}

/**
 * The signature of the mailbox that From names, for whoever may use it as From now. It is kept as it was typed and
 * cleaned when it is read: a rule that becomes stricter, or a library that learns of another trick, then holds for what
 * was saved before, too.
 */
export const createSignatures =
  ({ strapi, identities, html: { clean, textOf } }: SignatureDependencies) =>
  /**
   * @returns null for a From that is no mailbox, and for a mailbox without one
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
