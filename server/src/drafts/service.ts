import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import { changedDraft, type DraftContent } from '../domain/draft';
import type { Draft, DraftEntry } from '../contracts/answers';
import { parseDraft } from '../contracts/draft';
import type { Page } from '../contracts/query';
import { readNow, type Queries } from '../database/dialect';
import { encodeDraft } from '../database/draft-chunks';
import { connectionOf, inTransaction } from '../database/transaction';
import { lockCounters } from '../database/counter-lock';
import type { IdentitiesService } from '../identities/service';
import { orThrow, stop } from '../strapi/error';
import { draftsRepository as repository, type DraftRow } from './repository';
import { iso } from '../contracts/instant';

export interface DraftsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'writerOf' | 'tenantOf' | 'membershipOf'>;
  /** Size limit of a message, which also limits a draft. */
  messageBytes: number;
  /** Size limit of all drafts of a user together. */
  bytesPerUser: number;
  newId: () => string;
}

/** Of the JSON encoding: twice Strapi's default limit of a request body. */
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

/** Name of the lock that serializes counting a user's drafts. */
const counterOf = (user: number): string => `drafts:${user}`;

/** Stores drafts, each visible to its author alone: no permission shows another user's draft. */
export const createDraftsService = ({ strapi, identities, messageBytes, bytesPerUser, newId }: DraftsDependencies) => {
  const limit = Math.min(MAX_BYTES, messageBytes);

  /** @throws UNKNOWN_FIELD, INVALID_INPUT (also above `MAX_DRAFTS`), TOO_LARGE, TENANT_MISMATCH, FORBIDDEN_TO_SEND */
  async function create(input: unknown, { actor }: By): Promise<Draft> {
    const { version, tenant: named, change } = orThrow(parseDraft(input));
    if (version !== undefined) stop('INVALID_INPUT', { path: 'version', reason: 'a new draft has none' });
    const content = changedDraft({}, change);
    const bytes = encode(content);
    const tenant = await memberTenant(idOf(actor), named);
    const user = await authorOf(actor);
    return inTransaction(strapi, async (trx) => {
      // Serialized, so that parallel requests cannot exceed the limit.
      await lockCounters(trx, [counterOf(user)]);
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
  }

  /**
   * Changes the given keys; null removes a key.
   *
   * @throws UNKNOWN_FIELD, INVALID_INPUT, FORBIDDEN_TO_SEND, NOT_FOUND, INVALID_STATE with the stored version or the
   *   submission of a sent draft, TENANT_MISMATCH (a tenant that is not the user's), TOO_LARGE
   */
  async function update(id: string, input: unknown, { actor }: By): Promise<Draft> {
    const { version, tenant: named, change } = orThrow(parseDraft(input));
    const user = await authorOf(actor);
    const before = await findUnsent(id, user);
    if (version !== before.version) stop('INVALID_STATE', { version: before.version });
    const isSameTenant = named === undefined || named === before.tenant;
    const tenant = isSameTenant ? before.tenant : await memberTenant(user, named);
    const content = changedDraft(before.content, change);
    const bytes = encode(content);
    const updatedAt = await readNow(db());
    const draft = { ...before, tenant, version: before.version + 1, updatedAt, content, bytes };
    const replaced = await inTransaction(strapi, async (trx) => {
      if (bytes.length > before.size) {
        await lockCounters(trx, [counterOf(user)]);
        await demandRoom(trx, user, draft);
      }
      return repository.replace(trx, draft);
    });
    if (replaced) return present(draft);
    return stop('INVALID_STATE', { version: (await findUnsent(id, user)).version });
  }

  /** @throws FORBIDDEN_TO_SEND, NOT_FOUND */
  async function remove(id: string, { actor }: By): Promise<void> {
    const user = await authorOf(actor);
    if (!(await inTransaction(strapi, (trx) => repository.delete(trx, id, user)))) stop('NOT_FOUND');
  }

  /** @throws FORBIDDEN_TO_SEND, NOT_FOUND */
  async function get(id: string, { actor }: By): Promise<Draft> {
    const row = await findOwn(id, await authorOf(actor));
    return row.submission === null ? present(row) : stop('NOT_FOUND');
  }

  /** @throws FORBIDDEN_TO_SEND, TENANT_MISMATCH, NOT_FOUND (a tenant that is not the user's) */
  async function findPage({
    actor,
    tenant: named,
    q,
    ...page
  }: By & { tenant?: string; q?: string } & Page): Promise<{ rows: DraftEntry[]; total: number }> {
    const user = await authorOf(actor);
    return repository.page(db(), { user, tenant: await tenantToList(actor, user, named), q }, page);
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  function encode(content: DraftContent): Buffer {
    const bytes = encodeDraft(content);
    return bytes.length > limit ? stop('TOO_LARGE', { limit }) : bytes;
  }

  /** @throws TOO_LARGE with the bytes that the user's other drafts leave free */
  async function demandRoom(trx: Queries, user: number, { id, bytes }: { id: string; bytes: Buffer }): Promise<void> {
    const remainingBytes = bytesPerUser - (await repository.bytesOfOthers(trx, user, id));
    if (bytes.length > remainingBytes)
      stop('TOO_LARGE', {
        reason: 'all drafts together',
        limit: bytesPerUser,
        remainingBytes: Math.max(0, remainingBytes),
        size: bytes.length,
      });
  }

  function idOf(actor: Actor): number {
    return actor.type === 'user' ? actor.id : stop('FORBIDDEN_TO_SEND');
  }

  /** @throws FORBIDDEN_TO_SEND for an actor that may not write drafts now */
  async function authorOf(actor: Actor): Promise<number> {
    return (await identities.writerOf(actor)) ?? stop('FORBIDDEN_TO_SEND');
  }

  async function memberTenant(user: number, named: string | undefined): Promise<string> {
    return (await identities.membershipOf(user, named)) ?? stop('TENANT_MISMATCH');
  }

  async function findOwn(id: string, user: number): Promise<DraftRow> {
    return (await repository.find(db(), id, user)) ?? stop('NOT_FOUND');
  }

  /** Rejects edits of a draft that was already sent from another tab. @throws NOT_FOUND, INVALID_STATE */
  async function findUnsent(id: string, user: number): Promise<DraftRow> {
    const row = await findOwn(id, user);
    return row.submission === null ? row : stop('INVALID_STATE', { submission: row.submission });
  }

  /** Returns the tenant whose drafts to list; also one that the user has left but still has drafts in. */
  async function tenantToList(actor: Actor, user: number, named: string | undefined): Promise<string> {
    const tenant = await identities.tenantOf(actor, named);
    if (tenant !== null) return tenant;
    if (named === undefined) return stop('TENANT_MISMATCH');
    return (await repository.hasAny(db(), { user, tenant: named })) ? named : stop('NOT_FOUND');
  }

  return { create, update, delete: remove, get, findPage };
};

export type DraftsService = ReturnType<typeof createDraftsService>;
