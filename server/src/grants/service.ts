import type { Core } from '@strapi/types';
import type { By } from '../domain/actor';
import type { Grant, GrantSubject } from '../contracts/answers';
import type { Emit } from '../contracts/events';
import { parseGrantDraft } from '../contracts/grant';
import type { Queries } from '../database/dialect';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import type { MailboxesService } from '../mailboxes/service';
import { orThrow, stop } from '../strapi/error';
import { presentGrant, type GrantChanges } from './changes';
import { createGrantsRepository } from './repository';

export interface GrantsDependencies {
  strapi: Core.Strapi;
  mailboxes: Pick<MailboxesService, 'grantable' | 'lock'>;
  changes: GrantChanges;
  identities: Pick<IdentitiesService, 'describe'>;
  emit: Emit;
  clock: () => number;
}

export function createGrantsService({ strapi, mailboxes, changes, identities, emit, clock }: GrantsDependencies) {
  const repository = createGrantsRepository(strapi);
  const db = (): Queries => connectionOf(strapi);

  return { create, delete: remove, findMany, subjects, sweep };

  /** @param within documentId of the mailbox in the path */
  async function create(input: unknown, { actor, within }: By & { within?: string }): Promise<Grant> {
    const draft = orThrow(parseGrantDraft(input, clock()));
    if (within !== undefined && within !== draft.mailbox)
      stop('INVALID_INPUT', { path: 'mailbox', reason: 'is another than in the path' });
    const mailbox = await mailboxes.grantable(draft.mailbox, actor);
    const grant = await inTransaction(strapi, async (trx) => {
      // Locked against a concurrent change of the address and a second grant for the same user or role.
      if (!(await mailboxes.lock(trx, mailbox.numericId))) stop('NOT_FOUND');
      return changes.add(trx, mailbox, draft, actor);
    });
    await afterCommit(strapi, () => changes.announceAdded(grant));
    return presentGrant(grant);
  }

  /** @param within documentId of the mailbox in the path */
  async function remove(id: string, { actor, within }: By & { within?: string }): Promise<void> {
    const found = await repository.find(db(), id);
    // Treats another mailbox's grant as an unknown one.
    const grant = found && (within === undefined || within === found.mailbox) ? found : null;
    // Checks the mailbox first, so that FORBIDDEN takes precedence over NOT_FOUND.
    const mailbox = await mailboxes.grantable(grant?.mailbox ?? within ?? '', actor);
    if (!grant) return stop('NOT_FOUND');
    await inTransaction(strapi, async (trx) => {
      if (!(await changes.remove(trx, mailbox, grant, actor))) stop('NOT_FOUND');
    });
    await afterCommit(strapi, () => changes.announceRemoved(grant));
  }

  async function findMany({ actor, mailbox }: By & { mailbox: string }): Promise<Grant[]> {
    const row = await mailboxes.grantable(mailbox, actor);
    return (await repository.findOf(db(), row.numericId)).map(presentGrant);
  }

  /** Names the users and roles with a grant, and why it has no effect. Ignores `expiresAt`: the grant contains it. */
  async function subjects({ actor, mailbox }: By & { mailbox: string }): Promise<GrantSubject[]> {
    const row = await mailboxes.grantable(mailbox, actor);
    const grants = await repository.findOf(db(), row.numericId);
    return identities.describe(row.id, {
      users: grants.flatMap(({ user }) => (user === null ? [] : [user])),
      roles: grants.flatMap(({ role }) => (role === null ? [] : [role])),
    });
  }

  /** Deletes grants whose user, role or mailbox was deleted. */
  async function sweep(): Promise<void> {
    const gone = await inTransaction(strapi, (trx) => repository.sweep(trx));
    await afterCommit(strapi, () => {
      for (const grant of gone) emit('mailboxes.grant.deleted', grant);
    });
  }
}

export type GrantsService = ReturnType<typeof createGrantsService>;
