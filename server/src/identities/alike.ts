import type { Core } from '@strapi/types';
import { actionId } from '../contracts/permissions';
import { contains, joined, orNothing, type Queries } from '../database/dialect';
import { memberTables } from '../database/member-tables';
import { CONTENT_TABLES } from '../database/tables';
import { joinTableOf, sendingRoles } from './users';

/** One mailbox in one tenant, and the users that are looked for. */
export interface About {
  mailbox: string;
  /** Strapi's numeric id. */
  tenant: number;
  /** Part of a name or of the account e-mail; '': everybody. */
  q: string;
}

/** Users who are alike in everything that the decision about one mailbox in one tenant sees of a user. */
export interface Kind {
  key: string;
  users: number;
  /** One of them, whoever: what is decided about it is decided about all. */
  someone: number;
  /** One of their roles may send under a condition, and Strapi asks that of each user. */
  conditional: boolean;
}

/** Bits that a sum holds exactly in every database, with room. */
const ROLES_PER_COLUMN = 30;

interface Roles {
  roles: number[];
  /** Those of them that may send under a condition. */
  conditional: number[];
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));

/**
 * Lets the database count users by what the decision can see of them: active, blocked, named as a member, the roles
 * that matter, and the ends of the grants that name them. The database compares facts and knows no rule; `domain/`
 * decides once for each kind, so the total of everyone who may use a mailbox is exact, and nobody reads all users
 * (decision 0006).
 */
export const createAlike = (strapi: Core.Strapi) => {
  /** Roles that can change the answer: they may send, are members of the tenant, or have a grant. */
  const relevantRoles = async (queries: Queries, { mailbox, tenant }: About): Promise<Roles> => {
    const sending = await sendingRoles(strapi, queries, actionId('communication.send'));
    const members = memberTables(strapi).roles;
    const others: { id: number }[] = await queries(members.table)
      .where({ [members.own]: tenant })
      .select({ id: members.other })
      .unionAll(
        queries(`${CONTENT_TABLES.grants} as g`)
          .join(`${CONTENT_TABLES.mailboxes} as m`, 'm.id', 'g.mailbox_id')
          .where('m.document_id', mailbox)
          .whereNotNull('g.role_id')
          .select({ id: 'g.role_id' })
      );
    return {
      roles: [...new Set([...sending.map(({ id }) => id), ...others.map(({ id }) => id)])].sort((a, b) => a - b),
      conditional: sending.filter((role) => role.conditional).map(({ id }) => id),
    };
  };

  /** Every user that is looked for, with its key. */
  const keyed = (queries: Queries, about: About, { roles, conditional }: Roles) => {
    const link = joinTableOf(strapi, 'admin::user', 'roles');
    const members = memberTables(strapi).users;

    const roleColumns = chunks(roles, ROLES_PER_COLUMN).map((ids, index) => ({
      name: `r.roles_${index}`,
      sql: queries.raw(
        `${ids.map((_, bit) => `MAX(CASE WHEN ?? = ? THEN ${2 ** bit} ELSE 0 END)`).join(' + ')} as ??`,
        [...ids.flatMap((id) => [link.other, id]), `roles_${index}`]
      ),
    }));
    const isConditional = queries.raw(
      `MAX(CASE WHEN ?? IN (${(conditional.length > 0 ? conditional : [0]).map(() => '?').join(', ')}) THEN 1 ELSE 0 END) as conditional`,
      [link.other, ...(conditional.length > 0 ? conditional : [0])]
    );
    const ofRoles = queries(link.table)
      .whereIn(link.other, roles.length > 0 ? roles : [0])
      .groupBy(link.own)
      .select({ user_id: link.own })
      .select(isConditional, ...roleColumns.map(({ sql }) => sql))
      .as('r');
    const ofMembers = queries(members.table)
      .where({ [members.own]: about.tenant })
      .distinct({ user_id: members.other })
      .as('mu');
    // How many grants name the user, how many of these end, and when the last does: whether one holds is not asked here.
    const ofGrants = queries(`${CONTENT_TABLES.grants} as g`)
      .join(`${CONTENT_TABLES.mailboxes} as m`, 'm.id', 'g.mailbox_id')
      .where('m.document_id', about.mailbox)
      .whereNotNull('g.user_id')
      .groupBy('g.user_id')
      .select({ user_id: 'g.user_id' })
      .count({ grants: '*' })
      .count({ ending: 'g.expires_at' })
      .max({ last_end: 'g.expires_at' })
      .as('ug');

    const key = joined(queries, [
      'CASE WHEN u.is_active THEN 1 ELSE 0 END',
      'CASE WHEN u.blocked THEN 1 ELSE 0 END',
      'CASE WHEN mu.user_id IS NULL THEN 0 ELSE 1 END',
      ...['ug.grants', 'ug.ending', 'ug.last_end', ...roleColumns.map(({ name }) => name)].map(
        (column) => `COALESCE(${column}, 0)`
      ),
    ]);
    const users = queries('admin_users as u')
      .leftJoin(ofRoles, 'r.user_id', 'u.id')
      .leftJoin(ofMembers, 'mu.user_id', 'u.id')
      .leftJoin(ofGrants, 'ug.user_id', 'u.id')
      .select({ id: 'u.id', conditional: queries.raw('COALESCE(r.conditional, 0)'), alike: queries.raw(key) });
    if (about.q !== '') {
      const fullName = joined(queries, ["COALESCE(u.firstname, '')", "COALESCE(u.lastname, '')"], ' ');
      users.where((where) => {
        for (const text of ['u.email', fullName]) where.orWhere(contains(queries, text, about.q));
      });
    }
    return users.as('k');
  };

  return async (queries: Queries, about: About) => {
    const roles = await relevantRoles(queries, about);
    return {
      kinds: async (): Promise<Kind[]> => {
        const query = queries
          .from(keyed(queries, about, roles))
          .groupBy('k.alike', 'k.conditional')
          .select('k.alike', 'k.conditional')
          .count({ users: '*' })
          .min({ someone: 'k.id' });
        const rows: Record<'alike' | 'conditional' | 'users' | 'someone', unknown>[] = await orNothing(query, []);
        return rows.map(({ alike, conditional, users, someone }) => ({
          key: String(alike),
          users: Number(users),
          someone: Number(someone),
          conditional: Number(conditional) === 1,
        }));
      },

      /** Ids of the users of these kinds, ascending. */
      usersOf: async (
        kinds: readonly Kind[],
        { limit, offset = 0, after = 0 }: { limit: number; offset?: number; after?: number }
      ): Promise<number[]> => {
        const keys = kinds.map(({ key }) => key);
        const rows: { id: number }[] = await queries
          .from(keyed(queries, about, roles))
          .whereIn('k.alike', keys)
          .andWhere('k.id', '>', after)
          .orderBy('k.id')
          .limit(limit)
          .offset(offset)
          .select('k.id');
        return rows.map(({ id }) => id);
      },
    };
  };
};

export type Alike = Awaited<ReturnType<ReturnType<typeof createAlike>>>;
