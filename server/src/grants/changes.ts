import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import type { Grant } from '../contracts/answers';
import type { Emit, GrantEvent } from '../contracts/events';
import type { GrantEntry, GrantsChange } from '../contracts/grant';
import { iso } from '../contracts/instant';
import { appendAudit } from '../audit/record';
import { isForeignKeyViolation, type Queries } from '../database/dialect';
import type { ChangedGrants, ChangedMailbox } from '../mailboxes/service';
import { stop } from '../strapi/error';
import { createGrantsRepository, type GrantRow } from './repository';

export interface GrantChangesDependencies {
  strapi: Core.Strapi;
  emit: Emit;
  clock: () => number;
}

export const presentGrant = ({ id, mailbox, user, role, expiresAt, grantedAt }: GrantRow): Grant => ({
  id,
  mailbox,
  user,
  role,
  expiresAt: iso(expiresAt),
  createdAt: iso(grantedAt),
});

const eventOf = ({ id, mailbox, user, role }: GrantRow): GrantEvent => ({ id, mailbox, user, role });

/**
 * Adds and deletes grants in a transaction of the caller, with their records in the audit. The caller has checked the
 * permission, has locked the mailbox, and announces after the commit.
 */
export function createGrantChanges({ strapi, emit, clock }: GrantChangesDependencies) {
  const repository = createGrantsRepository(strapi);

  return { add, remove, apply, announceAdded, announceRemoved };

  /**
   * @param at path of the entry in the body, with a dot at its end
   * @throws NOT_FOUND for an unknown user or role
   */
  async function add(
    trx: Queries,
    mailbox: ChangedMailbox,
    { subject, expiresAt }: GrantEntry,
    actor: Actor,
    at = ''
  ): Promise<GrantRow> {
    const missing = (): never => stop('NOT_FOUND', { path: `${at}${'user' in subject ? 'user' : 'role'}` });
    if (!(await repository.exists(trx, subject))) missing();
    const row = await repository.put(trx, mailbox.numericId, subject, expiresAt, clock()).catch((error: unknown) => {
      if (isForeignKeyViolation(error)) return missing();
      throw error;
    });
    await appendAudit(trx, clock(), {
      actor,
      action: 'grant.created',
      tenant: mailbox.tenant,
      object: mailbox.id,
      details: { grant: row.id, ...subject, expiresAt },
    });
    return row;
  }

  /** @returns false if already deleted */
  async function remove(trx: Queries, mailbox: ChangedMailbox, grant: GrantRow, actor: Actor): Promise<boolean> {
    if (!(await repository.delete(trx, grant.numericId))) return false;
    await appendAudit(trx, clock(), {
      actor,
      action: 'grant.deleted',
      tenant: mailbox.tenant,
      object: mailbox.id,
      details: { grant: grant.id, user: grant.user, role: grant.role },
    });
    return true;
  }

  /** Applies the grants of a save of their mailbox. @throws NOT_FOUND with the path of the entry */
  async function apply(
    trx: Queries,
    mailbox: ChangedMailbox,
    change: GrantsChange,
    actor: Actor
  ): Promise<ChangedGrants> {
    const removed: GrantRow[] = [];
    const added: GrantRow[] = [];
    for (const [index, id] of change.remove.entries()) {
      const grant = await repository.find(trx, id);
      // Treats another mailbox's grant as an unknown one.
      if (grant?.mailbox !== mailbox.id || !(await remove(trx, mailbox, grant, actor)))
        return stop('NOT_FOUND', { path: `grants.remove[${index}]` });
      removed.push(grant);
    }
    for (const [index, entry] of change.add.entries())
      added.push(await add(trx, mailbox, entry, actor, `grants.add[${index}].`));
    return {
      answer: { grants: added.map(presentGrant) },
      announce: () => {
        removed.forEach(announceRemoved);
        added.forEach(announceAdded);
      },
    };
  }

  function announceAdded(grant: GrantRow): void {
    emit('mailboxes.grant.created', eventOf(grant));
  }

  function announceRemoved(grant: GrantRow): void {
    emit('mailboxes.grant.deleted', eventOf(grant));
  }
}

export type GrantChanges = ReturnType<typeof createGrantChanges>;
