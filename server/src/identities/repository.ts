import type { Core } from '@strapi/types';
import { GUARD, OPERATOR, type Actor, type ActorFacts, type SystemActorFacts, type UserFacts } from '../domain/actor';
import { managesTenants, NO_ADMINISTRATOR, type AdminAction, type Administrator } from '../domain/administration';
import type { Facts, IdentityId, SystemFacts } from '../domain/identity';
import type { Pause } from '../domain/mailbox';
import { DEFAULT_TENANT_KEY, isMember, tenantOf, type TenantFacts } from '../domain/tenant';
import { bool, json, type Queries } from '../database/dialect';
import { CONTENT_TABLES, TABLES } from '../database/tables';
import { memberTables } from '../database/member-tables';
import { loadGrants, loadMailboxes, pause, rolesOf, usersOf } from './mailbox-facts';
import { loadUsers } from './users';

/** An actor and a tenant to decide for. */
export interface Question {
  actor: Actor;
  /** documentId or key; `undefined`: by rules §6 */
  tenant: string | undefined;
  /** Loads the user's last choice. Off by default: for many users it multiplies the rows of the tenant's members. */
  last?: boolean;
}

export type Answer = { facts: Facts } | { facts: null; code: 'TENANT_MISMATCH' };

export interface SystemActorSettings {
  [name: string]: { mailboxes: 'all' | readonly string[]; tenant: string };
}

export interface FactsDependencies {
  strapi: Core.Strapi;
  systemActors: SystemActorSettings;
  requireConfirmation: boolean;
  /** The system mailbox as configured, without its pause. */
  system: () => Omit<SystemFacts, 'paused'>;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

const ADMIN_ACTIONS = [
  'mailboxes.read',
  'mailboxes.create',
  'mailboxes.update',
  'mailboxes.delete',
  'grants.manage',
  'log.read',
  'log.manage',
  'guard.read',
  'tenants.manage',
] as const satisfies readonly AdminAction[];

interface TenantRow {
  numeric_id: number;
  id: string;
  key: string;
  name: string;
  everyone: unknown;
  own_address: TenantFacts['ownAddress'];
  own_address_domains: unknown;
  duplicate_policy: TenantFacts['duplicatePolicy'];
  system_sender: TenantFacts['systemSender'];
  system_name: string | null;
  system_email: string | null;
  member_user: number | null;
  member_role: number | null;
  system_paused_code: string | null;
  system_paused_message: string | null;
  last_user: number | null;
  last_from: string | null;
  last_reply: string | null;
}

interface LoadedTenant extends TenantFacts {
  numericId: number;
  systemPaused: Pause | null;
  last: Map<number, NonNullable<Facts['last']>>;
}

/**
 * Reads the facts of `domain/identity` for any number of questions in at most five statements: users, their
 * permissions, tenants, mailboxes, grants. The statements select a superset; no SQL repeats a rule (rules §8).
 */
export function createFactsLoader({ strapi, systemActors, requireConfirmation, system, clock }: FactsDependencies) {
  return { load, tenantsOf, tenantsFor, tenantOf: meantTenant, administratorOf };

  /**
   * @param about documentId of a mailbox: reads only it, mailboxes with its address, and its grants
   * @returns one answer per question, in the same order
   */
  async function load(
    queries: Queries,
    questions: readonly Question[],
    about: { mailbox?: string } = {}
  ): Promise<Answer[]> {
    const ids = questions.flatMap(({ actor }) => (actor.type === 'user' ? [actor.id] : []));
    const users = await loadUsers(strapi, queries, [...new Set(ids)], ['communication.send']);
    const actors = questions.map(({ actor }) => {
      if (actor.type === 'system') return systemActor(actor.name);
      const loaded = users.get(actor.id);
      if (!loaded) throw new Error('[mailboxes] a requested user was not loaded');
      return loaded.facts;
    });
    const tenants = await loadTenants(queries, questions, actors);
    const meant = questions.map(({ tenant }, index) => {
      const actor = actors[index] as ActorFacts;
      // `mayAct` checks a named tenant, so that one place has the order of the refusals.
      if (tenant !== undefined) return tenants.find(({ id, key }) => id === tenant || key === tenant) ?? null;
      return tenantOf(actor, tenants, undefined);
    });
    const wanted = [...new Set(meant.filter((tenant) => tenant !== null))];
    const mailboxes = wanted.length > 0 ? await loadMailboxes(queries, wanted, actors, about.mailbox) : [];
    const grants = wanted.length > 0 ? await loadGrants(queries, actors, about.mailbox) : [];
    const now = clock();

    return questions.map((_, index) => {
      const actor = actors[index] as ActorFacts;
      const tenant = meant[index];
      if (!tenant) return { facts: null, code: 'TENANT_MISMATCH' };
      return {
        facts: {
          actor,
          tenant,
          mailboxes: mailboxes.filter((mailbox) => mailbox.tenant === tenant.id || mailbox.global),
          grants,
          system: { ...system(), paused: tenant.systemPaused },
          requireConfirmation,
          now,
          last: actor.type === 'user' ? (tenant.last.get(actor.id) ?? null) : null,
        },
      };
    });
  }

  /** Returns the tenants of a user, oldest first. */
  async function tenantsOf(queries: Queries, user: UserFacts): Promise<TenantFacts[]> {
    const tenants = await loadTenants(queries, [{ actor: { type: 'user', id: user.id }, tenant: undefined }], [user]);
    return tenants.filter((tenant) => isMember(user, tenant)).sort((a, b) => a.numericId - b.numericId);
  }

  /** Returns the tenants in which a mailbox can be used: its own, or all for a global one. */
  async function tenantsFor(
    queries: Queries,
    mailbox: string
  ): Promise<{ id: string; key: string; numericId: number }[]> {
    return (await queries(`${CONTENT_TABLES.tenants} as t`)
      .join(`${CONTENT_TABLES.mailboxes} as m`, (join) => {
        join.on('m.tenant_id', 't.id').orOnVal('m.global', true);
      })
      .where('m.document_id', mailbox)
      .orderBy('t.id')
      .select({ id: 't.document_id', key: 't.key', numericId: 't.id' })) as {
      id: string;
      key: string;
      numericId: number;
    }[];
  }

  /** Returns the documentId of a request's tenant for its members and for operators, else null. */
  async function meantTenant(queries: Queries, actor: Actor, named: string | undefined): Promise<string | null> {
    const facts =
      actor.type === 'system'
        ? systemActor(actor.name)
        : (await loadUsers(strapi, queries, [actor.id], [])).get(actor.id)?.facts;
    if (!facts) return null;
    const tenants = await loadTenants(queries, [{ actor, tenant: named }], [facts]);
    const member = tenantOf(facts, tenants, named);
    if (member || named === undefined) return member?.id ?? null;
    const admin = await administratorOf(queries, actor);
    return managesTenants(admin) ? (tenants.find(({ id, key }) => id === named || key === named)?.id ?? null) : null;
  }

  /** Returns an actor's rights of administration, in three statements. Of system actors only `operator` has any. */
  async function administratorOf(queries: Queries, actor: Actor): Promise<Administrator> {
    if (actor.type === 'system')
      return actor.name === OPERATOR ? { actions: 'all', tenants: new Set() } : NO_ADMINISTRATOR;
    const user = (await loadUsers(strapi, queries, [actor.id], ADMIN_ACTIONS)).get(actor.id);
    if (!user?.facts.exists || !user.facts.isActive || user.facts.blocked) return NO_ADMINISTRATOR;
    const tenants = await tenantsOf(queries, user.facts);
    const held = ADMIN_ACTIONS.filter((action) => user.holds.has(action) && (actor.only?.includes(action) ?? true));
    return { actions: new Set(held), tenants: new Set(tenants.map(({ id }) => id)) };
  }

  function systemActor(name: string): SystemActorFacts {
    const configured = Object.hasOwn(systemActors, name) ? systemActors[name] : undefined;
    if (configured) return { type: 'system', name, exists: true, ...configured };
    // `guard` acts for Strapi's own mail, in the default tenant and with no mailboxes.
    return { type: 'system', name, exists: name === GUARD, mailboxes: [], tenant: DEFAULT_TENANT_KEY };
  }

  async function loadTenants(
    queries: Queries,
    questions: readonly Question[],
    actors: readonly ActorFacts[]
  ): Promise<LoadedTenant[]> {
    const members = memberTables(strapi);
    const users = usersOf(actors);
    const roles = rolesOf(actors);
    const choosers = questions.flatMap(({ actor, last }) => (last && actor.type === 'user' ? [actor.id] : []));
    // Ids and keys are ASCII. MySQL cannot compare a column of another character set with every text.
    const references = questions.flatMap(({ tenant }) =>
      tenant !== undefined && /^[\x20-\x7e]*$/.test(tenant) ? [tenant] : []
    );
    const named = [...new Set(references)];
    const keys = [...named, ...actors.flatMap((actor) => (actor.type === 'system' ? [actor.tenant] : []))];
    const anyOf = questions.some(({ tenant, actor }) => tenant === undefined && actor.type === 'user');

    const rows = (await queries(`${CONTENT_TABLES.tenants} as t`)
      .leftJoin(`${members.users.table} as mu`, (join) => {
        join.on(`mu.${members.users.own}`, 't.id').onIn(`mu.${members.users.other}`, users.length > 0 ? users : [0]);
      })
      .leftJoin(`${members.roles.table} as mr`, (join) => {
        join.on(`mr.${members.roles.own}`, 't.id').onIn(`mr.${members.roles.other}`, roles.length > 0 ? roles : [0]);
      })
      .leftJoin(`${TABLES.lastChoices} as lc`, (join) => {
        join.on('lc.tenant', 't.document_id').onIn('lc.user_id', choosers.length > 0 ? choosers : [0]);
      })
      .leftJoin(`${TABLES.transports} as s`, (join) => {
        join.onVal('s.id', 'system');
      })
      .where((where) => {
        where.whereIn('t.document_id', named).orWhereIn('t.key', keys);
        if (anyOf) {
          where
            .orWhere('t.everyone', true)
            .orWhereNotNull(`mu.${members.users.other}`)
            .orWhereNotNull(`mr.${members.roles.other}`);
        }
      })
      .select({
        numeric_id: 't.id',
        id: 't.document_id',
        member_user: `mu.${members.users.other}`,
        member_role: `mr.${members.roles.other}`,
        system_paused_code: 's.paused_code',
        system_paused_message: 's.paused_message',
        last_user: 'lc.user_id',
        last_from: 'lc.from_identity',
        last_reply: 'lc.reply_identity',
      })
      .select(
        't.key',
        't.name',
        't.everyone',
        't.own_address',
        't.own_address_domains',
        't.duplicate_policy',
        't.system_sender',
        't.system_name',
        't.system_email'
      )) as TenantRow[];

    return tenantsIn(rows);
  }
}

/** Folds the rows, one per member and last choice, into one entry per tenant. */
function tenantsIn(rows: readonly TenantRow[]): LoadedTenant[] {
  const tenants = new Map<string, LoadedTenant & { users: Set<number>; roles: Set<number> }>();
  for (const row of rows) {
    const tenant = tenants.get(row.id) ?? {
      numericId: row.numeric_id,
      id: row.id,
      key: row.key,
      name: row.name,
      members: 'everyone' as const,
      ownAddress: row.own_address,
      ownAddressDomains: json<string[]>(row.own_address_domains) ?? [],
      duplicatePolicy: row.duplicate_policy,
      systemSender: row.system_sender,
      system: { name: row.system_name, email: row.system_email },
      systemPaused: pause(row.system_paused_code, row.system_paused_message),
      last: new Map(),
      users: new Set<number>(),
      roles: new Set<number>(),
    };
    if (row.member_user !== null) tenant.users.add(row.member_user);
    if (row.member_role !== null) tenant.roles.add(row.member_role);
    if (row.last_user !== null && row.last_from !== null)
      tenant.last.set(row.last_user, {
        from: row.last_from as IdentityId,
        replyTo: row.last_reply as IdentityId | null,
      });
    if (!bool(row.everyone)) tenant.members = { users: [...tenant.users], roles: [...tenant.roles] };
    tenants.set(row.id, tenant);
  }
  return [...tenants.values()];
}

export type FactsLoader = ReturnType<typeof createFactsLoader>;
