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

const removalAt = (index: number): string => `grants.remove[${index}]`;
const additionAt = (index: number): string => `grants.add[${index}].`;

const subjectMissing = (subject: GrantEntry['subject'], at: string): never =>
  stop('NOT_FOUND', { path: `${at}${'user' in subject ? 'user' : 'role'}` });

/**
 * Adds and deletes grants in a transaction of the caller, with their records in the audit. The caller has checked the
 * permission, has locked the mailbox, and announces after the commit.
 */
export function createGrantChanges({ strapi, emit, clock }: GrantChangesDependencies) {
  const repository = createGrantsRepository(strapi);

  return { add, remove, prepare, announceAdded, announceRemoved };

  /** @throws NOT_FOUND for an unknown user or role */
  async function add(trx: Queries, mailbox: ChangedMailbox, entry: GrantEntry, actor: Actor): Promise<GrantRow> {
    await demandSubject(trx, entry.subject, '');
    return put(trx, mailbox, entry, actor, '');
  }

  /**
   * Adds a grant for a user or role that was found in the same transaction.
   *
   * @param at path of the entry in the body, with a dot at its end
   * @throws NOT_FOUND if it was deleted since
   */
  async function put(
    trx: Queries,
    mailbox: ChangedMailbox,
    { subject, expiresAt }: GrantEntry,
    actor: Actor,
    at: string
  ): Promise<GrantRow> {
    const row = await repository.put(trx, mailbox.numericId, subject, expiresAt, clock()).catch((error: unknown) => {
      if (isForeignKeyViolation(error)) return subjectMissing(subject, at);
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

  /**
   * Checks the grants of a save of their mailbox before anything is written: a caller that ignores the refusal may commit
   * its transaction.
   *
   * @returns applies them
   * @throws NOT_FOUND with the path of the entry
   */
  async function prepare(
    trx: Queries,
    id: string,
    change: GrantsChange,
    actor: Actor
  ): Promise<(mailbox: ChangedMailbox) => Promise<ChangedGrants>> {
    const removed = new Map<string, GrantRow>();
    for (const [index, grant] of change.remove.entries()) {
      const row = removed.has(grant) ? null : await repository.find(trx, grant);
      // Treats another mailbox's grant as an unknown one.
      if (row?.mailbox !== id) return stop('NOT_FOUND', { path: removalAt(index) });
      removed.set(grant, row);
    }
    for (const [index, { subject }] of change.add.entries()) await demandSubject(trx, subject, additionAt(index));
    return (mailbox) => apply(trx, mailbox, { ...change, remove: [...removed.values()] }, actor);
  }

  async function apply(
    trx: Queries,
    mailbox: ChangedMailbox,
    { add: entries, remove: removed }: { add: readonly GrantEntry[]; remove: readonly GrantRow[] },
    actor: Actor
  ): Promise<ChangedGrants> {
    for (const [index, grant] of removed.entries())
      if (!(await remove(trx, mailbox, grant, actor))) stop('NOT_FOUND', { path: removalAt(index) });
    const added: GrantRow[] = [];
    for (const [index, entry] of entries.entries())
      added.push(await put(trx, mailbox, entry, actor, additionAt(index)));
    return {
      answer: { grants: added.map(presentGrant) },
      announce: () => {
        removed.forEach(announceRemoved);
        added.forEach(announceAdded);
      },
    };
  }

  async function demandSubject(trx: Queries, subject: GrantEntry['subject'], at: string): Promise<void> {
    if (!(await repository.exists(trx, subject))) subjectMissing(subject, at);
  }

  function announceAdded(grant: GrantRow): void {
    emit('mailboxes.grant.created', eventOf(grant));
  }

  function announceRemoved(grant: GrantRow): void {
    emit('mailboxes.grant.deleted', eventOf(grant));
  }
}

export type GrantChanges = ReturnType<typeof createGrantChanges>;
