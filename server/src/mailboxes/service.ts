import type { Actor, By } from '../domain/actor';
import { administers, managesTenants, mayAdminister, type Administrator } from '../domain/administration';
import { withoutReply } from '../domain/outcome';
import type { AccessCount, Mailbox } from '../contracts/answers';
import type { Page } from '../contracts/query';
import { appendAudit } from '../audit/record';
import type { Queries } from '../database/dialect';
import { forgetTransport } from '../outbox/transport-state';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import type { SecretStore } from '../secrets/store';
import { stop } from '../strapi/error';
import type { SubmissionsOfMailboxes } from '../submissions/service';
import type { TenantsService } from '../tenants/service';
import { presentMailbox } from './present';
import { createMailboxesRepository, type MailboxRow } from './repository';
import { createSave, type SaveDependencies } from './save';
import { createScope } from './scope';

export type { ChangedGrants, ChangedMailbox } from './save';

export interface MailboxesDependencies extends SaveDependencies {
  identities: Pick<IdentitiesService, 'administratorOf' | 'whoMayUse'>;
  tenants: Pick<TenantsService, 'refs' | 'row' | 'limitOf' | 'lock' | 'takePlace' | 'givePlaceBack'>;
  submissions: SubmissionsOfMailboxes;
  secrets: SecretStore;
  perMinute: number;
}

export function createMailboxesService(dependencies: MailboxesDependencies) {
  const { strapi, identities, tenants, submissions, secrets, emit, clock } = dependencies;
  const repository = createMailboxesRepository(strapi);
  const db = (): Queries => connectionOf(strapi);
  const present = (row: MailboxRow): Mailbox => presentMailbox(row, dependencies.perMinute);
  const read = async (id: string): Promise<Mailbox> => present((await repository.find(db(), id)) ?? stop('NOT_FOUND'));
  const scope = createScope(dependencies, repository);
  const { tenantFor, owned } = scope;

  return {
    ...createSave(dependencies, { repository, scope, read }),
    delete: remove,
    findOne,
    findMany,
    findPage,
    whoMayUse,
    grantable,
    updatable,
    lock: repository.lock,
  };

  async function remove(
    id: string,
    { actor, cancelUnfinished = false }: By & { cancelUnfinished?: boolean }
  ): Promise<void> {
    const admin = await identities.administratorOf(actor);
    const row = await owned(admin, 'mailboxes.delete', id);
    const { canceled, grants } = await inTransaction(strapi, async (trx) => {
      if (!(await repository.lock(trx, row.numericId))) stop('NOT_FOUND');
      const unfinished = await submissions.countUnfinished(trx, id);
      if (unfinished > 0 && !cancelUnfinished) stop('MAILBOX_IN_USE', { submissions: unfinished });
      const ended = await submissions.cancelUnfinished(trx, id, actor);
      if (ended.length < unfinished)
        stop('MAILBOX_IN_USE', { submissions: unfinished - ended.length, reason: 'transmitting or uncertain' });
      const deleted = await repository.deleteGrants(trx, row);
      await secrets.forget(trx, id);
      await forgetTransport(trx, id);
      await repository.delete(row.numericId);
      await tenants.givePlaceBack(trx, row.tenantNumericId);
      await appendAudit(trx, clock(), {
        actor,
        action: 'mailbox.deleted',
        tenant: row.tenant,
        object: id,
        details: { canceled: ended.length },
      });
      return { canceled: ended, grants: deleted };
    });
    await afterCommit(strapi, () => {
      for (const grant of grants) emit('mailboxes.grant.deleted', grant);
      return submissions.announceCanceled(canceled);
    });
  }

  async function findOne(id: string, { actor }: By): Promise<Mailbox | null> {
    const admin = await identities.administratorOf(actor);
    const row = await repository.find(db(), id);
    const refused = mayAdminister(admin, 'mailboxes.read', row?.tenant ?? null);
    if (refused === 'FORBIDDEN') return stop(refused);
    // A global mailbox is listed to the admins of every tenant.
    if (!row || (refused && !(row.global && admin.tenants.size > 0))) return null;
    return presentTo(admin, row);
  }

  async function findMany({ actor, tenant: named }: By & { tenant?: string }): Promise<Mailbox[]> {
    const admin = await identities.administratorOf(actor);
    const tenant = await tenantFor(admin, 'mailboxes.read', named);
    return (await repository.findVisible(db(), tenant.id)).map((row) => presentTo(admin, row));
  }

  async function findPage({ actor, tenant: named, q, ...page }: By & { tenant?: string; q: string } & Page) {
    const admin = await identities.administratorOf(actor);
    const tenant = await tenantFor(admin, 'mailboxes.read', named);
    const rows = await repository.findVisible(db(), tenant.id, q, page);
    return {
      rows: rows.map((row) => presentTo(admin, row)),
      total: await repository.countVisible(db(), tenant.id, q),
      quota: { used: tenant.mailboxCount, limit: tenants.limitOf(tenant) },
      access: await accessOf(rows.filter((row) => row.restricted && administers(admin, row.tenant))),
      tenant: tenant.documentId,
      tenants: await tenants.refs((id) => administers(admin, id)),
    };
  }

  /** Returns the users of a mailbox in the tenants that the administrator may see. */
  async function whoMayUse(id: string, { actor, tenant, q, ...page }: By & { tenant?: string; q?: string } & Page) {
    const admin = await identities.administratorOf(actor);
    if (!(await findOne(id, { actor }))) stop('NOT_FOUND');
    if (tenant !== undefined) await tenantFor(admin, 'mailboxes.read', tenant);
    return identities.whoMayUse(id, { tenant, q, ...page }, managesTenants(admin) ? undefined : admin.tenants);
  }

  /** For grants. @throws FORBIDDEN, NOT_FOUND */
  async function grantable(id: string, actor: Actor): Promise<MailboxRow> {
    return owned(await identities.administratorOf(actor), 'grants.manage', id);
  }

  /** For the connection test. @throws FORBIDDEN, NOT_FOUND */
  async function updatable(id: string, actor: Actor): Promise<MailboxRow> {
    return owned(await identities.administratorOf(actor), 'mailboxes.update', id);
  }

  /** Hides the server's reply in a pause from administrators who do not maintain the mailbox. */
  function presentTo(admin: Administrator, row: MailboxRow): Mailbox {
    const maintains = row.global ? managesTenants(admin) : administers(admin, row.tenant);
    return present(maintains || !row.paused ? row : { ...row, paused: withoutReply(row.paused) });
  }

  /** Returns by mailbox id the number of users and roles with a grant in force. */
  async function accessOf(rows: readonly MailboxRow[]): Promise<Record<string, AccessCount>> {
    const counts = await repository.countAccess(
      db(),
      rows.map(({ numericId }) => numericId),
      clock()
    );
    return Object.fromEntries(rows.map(({ id, numericId }) => [id, counts.get(numericId) ?? { users: 0, roles: 0 }]));
  }
}

export type MailboxesService = ReturnType<typeof createMailboxesService>;
