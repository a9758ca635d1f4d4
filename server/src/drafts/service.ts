import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import { changedDraft, type DraftContent } from '../domain/draft';
import type { Draft, DraftEntry } from '../contracts/answers';
import { parseDraft } from '../contracts/draft';
import type { Page } from '../contracts/query';
import { iso } from '../contracts/instant';
import { readNow, type Queries } from '../database/dialect';
import { encodeDraft } from '../database/draft-chunks';
import { connectionOf, inTransaction } from '../database/transaction';
import { lockCounters } from '../database/counter-lock';
import type { IdentitiesService } from '../identities/service';
import { orThrow, stop } from '../strapi/error';
import { draftsRepository as repository, type DraftRow } from './repository';

export interface DraftsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'writerOf' | 'tenantOf' | 'membershipOf'>;
  /** What a message may have, a draft need not have more of. */
  messageBytes: number;
  /** What all drafts of a user may have together. */
  bytesPerUser: number;
  newId: () => string;
}

/** Encoded as JSON: twice what Strapi reads of a request by default. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_DRAFTS = 500;

const present = ({ id, version, tenant, createdAt, updatedAt, content }: Omit<DraftRow, 'size'>): Draft => ({
  id,
  version,
  tenant,
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
  ...content,
});

/** A row to lock: what counts against a limit is counted one after the other. */
const turnOf = (user: number): string => `drafts:${user}`;

/** Unfinished input, each its author's alone: no right over submissions or tenants shows somebody else's. */
export const createDraftsService = ({ strapi, identities, messageBytes, bytesPerUser, newId }: DraftsDependencies) => {
  const db = (): Queries => connectionOf(strapi);
  const limit = Math.min(MAX_BYTES, messageBytes);

  const encode = (content: DraftContent): Buffer => {
    const bytes = encodeDraft(content);
    return bytes.length > limit ? stop('TOO_LARGE', { limit }) : bytes;
  };

  /** @throws TOO_LARGE with what the user's other drafts leave */
  const demandRoom = async (
    trx: Queries,
    user: number,
    { id, bytes }: { id: string; bytes: Buffer }
  ): Promise<void> => {
    const remainingBytes = bytesPerUser - (await repository.bytesBeside(trx, user, id));
    if (bytes.length > remainingBytes)
      stop('TOO_LARGE', {
        reason: 'all drafts together',
        limit: bytesPerUser,
        remainingBytes: Math.max(0, remainingBytes),
        size: bytes.length,
      });
  };

  const idOf = (actor: Actor): number => (actor.type === 'user' ? actor.id : stop('FORBIDDEN_TO_SEND'));

  /** @throws FORBIDDEN_TO_SEND for who may not write now */
  const authorOf = async (actor: Actor): Promise<number> =>
    (await identities.writerOf(actor)) ?? stop('FORBIDDEN_TO_SEND');

  const memberTenant = async (user: number, named: string | undefined): Promise<string> =>
    (await identities.membershipOf(user, named)) ?? stop('TENANT_MISMATCH');

  const existing = async (id: string, user: number): Promise<DraftRow> =>
    (await repository.find(db(), id, user)) ?? stop('NOT_FOUND');

  /** Somebody still writes in another tab what was sent in this one: that is told, not lost. */
  const toChange = async (id: string, user: number): Promise<DraftRow> => {
    const row = await existing(id, user);
    return row.submission === null ? row : stop('INVALID_STATE', { submission: row.submission });
  };

  /** @throws UNKNOWN_FIELD, INVALID_INPUT (also for one draft too many), TOO_LARGE, TENANT_MISMATCH, FORBIDDEN_TO_SEND */
  const create = async (input: unknown, { actor }: By): Promise<Draft> => {
    const { version, tenant: named, change } = orThrow(parseDraft(input));
    if (version !== undefined) stop('INVALID_INPUT', { path: 'version', reason: 'a new draft has none' });
    const content = changedDraft({}, change);
    const bytes = encode(content);
    const tenant = await memberTenant(idOf(actor), named);
    const user = await authorOf(actor);
    return inTransaction(strapi, async (trx) => {
      // One after the other, so that parallel requests cannot pass the limit.
      await lockCounters(trx, [turnOf(user)]);
      if ((await repository.countOf(trx, user)) >= MAX_DRAFTS)
        stop('INVALID_INPUT', { path: '', reason: 'too many drafts', limit: MAX_DRAFTS });
      const now = await readNow(trx);
      const draft = {
        id: newId(),
        user,
        tenant,
        version: 1,
        createdAt: now,
        updatedAt: now,
        content,
        submission: null,
        bytes,
      };
      await demandRoom(trx, user, draft);
      await repository.insert(trx, draft);
      return present(draft);
    });
  };

  /**
   * Changes the given keys; null takes one away.
   *
   * @throws UNKNOWN_FIELD, INVALID_INPUT, FORBIDDEN_TO_SEND, NOT_FOUND, INVALID_STATE with the stored version or the submission that was made of it, TENANT_MISMATCH (another tenant that is not the user's), TOO_LARGE
   */
  const update = async (id: string, input: unknown, { actor }: By): Promise<Draft> => {
    const { version, tenant: named, change } = orThrow(parseDraft(input));
    const user = await authorOf(actor);
    const before = await toChange(id, user);
    if (version !== before.version) stop('INVALID_STATE', { version: before.version });
    const stays = named === undefined || named === before.tenant;
    const tenant = stays ? before.tenant : await memberTenant(user, named);
    const content = changedDraft(before.content, change);
    const bytes = encode(content);
    const updatedAt = await readNow(db());
    const draft = { ...before, tenant, version: before.version + 1, updatedAt, content, bytes };
    const replaced = await inTransaction(strapi, async (trx) => {
      if (bytes.length > before.size) {
        await lockCounters(trx, [turnOf(user)]);
        await demandRoom(trx, user, draft);
      }
      return repository.replace(trx, draft);
    });
    if (replaced) return present(draft);
    return stop('INVALID_STATE', { version: (await toChange(id, user)).version });
  };

  /** @throws FORBIDDEN_TO_SEND, NOT_FOUND */
  const remove = async (id: string, { actor }: By): Promise<void> => {
    const user = await authorOf(actor);
    if (!(await inTransaction(strapi, (trx) => repository.delete(trx, id, user)))) stop('NOT_FOUND');
  };

  /** @throws FORBIDDEN_TO_SEND, NOT_FOUND */
  const get = async (id: string, { actor }: By): Promise<Draft> => {
    const row = await existing(id, await authorOf(actor));
    return row.submission === null ? present(row) : stop('NOT_FOUND');
  };

  /** The tenant that is meant; also one that the user has left, as long as drafts are there. */
  const tenantToList = async (actor: Actor, user: number, named: string | undefined): Promise<string> => {
    const tenant = await identities.tenantOf(actor, named);
    if (tenant !== null) return tenant;
    if (named === undefined) return stop('TENANT_MISMATCH');
    return (await repository.hasAny(db(), { user, tenant: named })) ? named : stop('NOT_FOUND');
  };

  /** @throws FORBIDDEN_TO_SEND, TENANT_MISMATCH, NOT_FOUND (a tenant that is not the user's) */
  const findPage = async ({
    actor,
    tenant: named,
    q,
    ...page
  }: By & { tenant?: string; q?: string } & Page): Promise<{ rows: DraftEntry[]; total: number }> => {
    const user = await authorOf(actor);
    return repository.page(db(), { user, tenant: await tenantToList(actor, user, named), q }, page);
  };

  return { create, update, delete: remove, get, findPage };
};

export type DraftsService = ReturnType<typeof createDraftsService>;
