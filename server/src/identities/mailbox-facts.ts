import type { ActorFacts } from '../domain/actor';
import type { GrantFacts } from '../domain/grant';
import type { MailboxFacts, Pause, PauseCode } from '../domain/mailbox';
import { withoutReply } from '../domain/outcome';
import { bool, int, type Queries } from '../database/dialect';
import { CONTENT_TABLES, TABLES } from '../database/tables';

interface MailboxRow {
  id: string;
  tenant: string;
  email: string;
  email_key: string;
  name: string;
  enabled: unknown;
  sender: unknown;
  reply: unknown;
  global: unknown;
  restricted: unknown;
  authenticated: unknown;
  paused_code: string | null;
  paused_message: string | null;
}

export const usersOf = (actors: readonly ActorFacts[]): number[] =>
  actors.flatMap((actor) => (actor.type === 'user' ? [actor.id] : []));

export const rolesOf = (actors: readonly ActorFacts[]): number[] => [
  ...new Set(actors.flatMap((actor) => (actor.type === 'user' ? actor.roles : []))),
];

/** Mailboxes that any grant, ended or not, opens to one of the users or roles. */
const grantedTo = (queries: Queries, users: readonly number[], roles: readonly number[]) =>
  queries(CONTENT_TABLES.grants)
    .whereIn('user_id', users)
    .orWhereIn('role_id', roles.length > 0 ? roles : [0])
    .select('mailbox_id');

/** The pause as an editor may see it: the server's reply is for administrators of the mailbox. */
export const pause = (code: string | null, message: string | null): Pause | null =>
  code === null ? null : withoutReply({ code: code as PauseCode, message: message ?? '' });

/**
 * Reads the mailboxes of these tenants that can affect a decision for these actors, and all global ones.
 *
 * @param about documentId of a mailbox: reads only mailboxes with its address
 */
export const loadMailboxes = async (
  queries: Queries,
  tenants: readonly { numericId: number }[],
  actors: readonly ActorFacts[],
  about: string | undefined
): Promise<MailboxFacts[]> => {
  const ids = tenants.map(({ numericId }) => numericId);
  const users = usersOf(actors);
  const select = (part: (query: ReturnType<Queries>) => unknown) => {
    const query = queries(`${CONTENT_TABLES.mailboxes} as m`)
      .join(`${CONTENT_TABLES.tenants} as t`, 't.id', 'm.tenant_id')
      .leftJoin(`${TABLES.transports} as s`, 's.id', 'm.document_id')
      .select({ id: 'm.document_id', tenant: 't.document_id' })
      .select(
        'm.email',
        'm.email_key',
        'm.name',
        'm.enabled',
        'm.sender',
        'm.reply',
        'm.global',
        'm.restricted',
        'm.authenticated',
        's.paused_code',
        's.paused_message'
      );
    // A restricted mailbox without a grant for any of the users changes no decision, unless a global one has its
    // address. `domain` decides whether a grant is expired.
    if (users.length === actors.length)
      query.where((where) => {
        where
          .where('m.restricted', false)
          .orWhereNull('m.restricted')
          .orWhereIn('m.id', grantedTo(queries, users, rolesOf(actors)))
          .orWhereIn('m.email_key', queries(CONTENT_TABLES.mailboxes).whereNotNull('global_key').select('email_key'));
      });
    if (about !== undefined)
      query.where('m.email_key', queries(CONTENT_TABLES.mailboxes).where('document_id', about).select('email_key'));
    part(query as unknown as ReturnType<Queries>);
    return query;
  };
  const rows = (await select((query) => query.whereIn('m.tenant_id', ids)).unionAll(
    select((query) => query.whereNotNull('m.global_key').whereNotIn('m.tenant_id', ids))
  )) as MailboxRow[];
  return rows.map((row) => ({
    id: row.id,
    tenant: row.tenant,
    email: row.email,
    emailKey: row.email_key,
    name: row.name,
    enabled: bool(row.enabled),
    sender: bool(row.sender),
    reply: bool(row.reply),
    global: bool(row.global),
    restricted: bool(row.restricted),
    authenticated: bool(row.authenticated),
    paused: pause(row.paused_code, row.paused_message),
  }));
};

/** Reads every grant that names the users or their roles. */
export const loadGrants = async (
  queries: Queries,
  actors: readonly ActorFacts[],
  about: string | undefined
): Promise<GrantFacts[]> => {
  const users = usersOf(actors);
  if (users.length === 0) return [];
  const roles = rolesOf(actors);
  const select = (column: 'g.user_id' | 'g.role_id', ids: readonly number[]) => {
    const query = queries(`${CONTENT_TABLES.grants} as g`)
      .join(`${CONTENT_TABLES.mailboxes} as m`, 'm.id', 'g.mailbox_id')
      .whereIn(column, ids)
      .select({ mailbox: 'm.document_id', user: 'g.user_id', role: 'g.role_id', expiresAt: 'g.expires_at' });
    return about === undefined ? query : query.where('m.document_id', about);
  };
  const query = select('g.user_id', users);
  const rows = (await (roles.length > 0 ? query.unionAll(select('g.role_id', roles)) : query)) as GrantFacts[];
  return rows.map((row) => ({ ...row, expiresAt: int(row.expiresAt) }));
};
