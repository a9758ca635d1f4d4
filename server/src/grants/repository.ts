import type { Core } from '@strapi/types';
import type { GrantEvent } from '../contracts/events';
import type { GrantDraft } from '../contracts/grant';
import { int, type Queries } from '../database/dialect';
import { CONTENT_TABLES, UIDS } from '../database/tables';

export interface GrantRow {
  numericId: number;
  id: string;
  /** documentId */
  mailbox: string;
  user: number | null;
  role: number | null;
  expiresAt: number | null;
  grantedAt: number;
}

type Raw = Record<'numeric_id' | 'id' | 'mailbox' | 'user_id' | 'role_id' | 'expires_at' | 'granted_at', unknown>;

export function createGrantsRepository(strapi: Core.Strapi) {
  return { put, find, findOf, delete: remove, exists, sweep };

  /** Creates the grant, or replaces the one of the same mailbox and user or role. The caller locks the mailbox's row. */
  async function put(
    queries: Queries,
    mailbox: number,
    subject: GrantDraft['subject'],
    expiresAt: number | null,
    grantedAt: number
  ): Promise<GrantRow> {
    const column = 'user' in subject ? { user_id: subject.user } : { role_id: subject.role };
    const [existing]: { id: number }[] = await queries(CONTENT_TABLES.grants)
      .where({ mailbox_id: mailbox, ...column })
      .select('id');
    // Strapi's big integers are strings.
    const data = { expiresAt: expiresAt === null ? null : String(expiresAt), grantedAt: String(grantedAt) };
    const { id } = (
      existing
        ? await strapi.db.query(UIDS.grant).update({ where: { id: existing.id }, data })
        : await strapi.db.query(UIDS.grant).create({ data: { mailbox, ...subject, ...data } })
    ) as { id: number };
    const [raw]: Raw[] = await select(queries).where('g.id', id);
    if (!raw) throw new Error('[mailboxes] a written grant was not found');
    return rowOf(raw);
  }

  async function find(queries: Queries, id: string): Promise<GrantRow | null> {
    const [raw]: Raw[] = await select(queries).where('g.document_id', id);
    return raw ? rowOf(raw) : null;
  }

  async function findOf(queries: Queries, mailbox: number): Promise<GrantRow[]> {
    return (
      ((await select(queries).where('g.mailbox_id', mailbox).orderBy('g.id')) as Raw[])
        .map(rowOf)
        // Strapi's foreign keys only empty the column: the user and role of this grant are deleted.
        .filter(({ user, role }) => user !== null || role !== null)
    );
  }

  /** @returns false if already deleted */
  async function remove(queries: Queries, numericId: number): Promise<boolean> {
    return (await queries(CONTENT_TABLES.grants).where({ id: numericId }).delete()) === 1;
  }

  async function exists(queries: Queries, subject: GrantDraft['subject']): Promise<boolean> {
    const [table, id] =
      'user' in subject ? (['admin_users', subject.user] as const) : (['admin_roles', subject.role] as const);
    return (await queries(table).where({ id }).select('id')).length > 0;
  }

  /** Deletes grants whose user, role or mailbox was deleted; Strapi's foreign keys only empty the column. */
  async function sweep(queries: Queries): Promise<GrantEvent[]> {
    const rows: {
      numeric_id: number;
      id: string;
      mailbox: string | null;
      user: number | null;
      role: number | null;
    }[] = await queries(`${CONTENT_TABLES.grants} as g`)
      .leftJoin(`${CONTENT_TABLES.mailboxes} as m`, 'm.id', 'g.mailbox_id')
      .where((where) => {
        where.whereNull('g.mailbox_id').orWhere((orphan) => {
          orphan.whereNull('g.user_id').andWhere((and) => {
            and.whereNull('g.role_id');
          });
        });
      })
      .select({
        numeric_id: 'g.id',
        id: 'g.document_id',
        mailbox: 'm.document_id',
        user: 'g.user_id',
        role: 'g.role_id',
      });
    const deleted: GrantEvent[] = [];
    for (const { numeric_id, ...grant } of rows)
      // Another process may sweep at the same time: only the one that deletes a grant reports it.
      if ((await queries(CONTENT_TABLES.grants).where({ id: numeric_id }).delete()) === 1) deleted.push(grant);
    return deleted;
  }

  function select(queries: Queries) {
    return queries(`${CONTENT_TABLES.grants} as g`)
      .join(`${CONTENT_TABLES.mailboxes} as m`, 'm.id', 'g.mailbox_id')
      .select({ numeric_id: 'g.id', id: 'g.document_id', mailbox: 'm.document_id' })
      .select('g.user_id', 'g.role_id', 'g.expires_at', 'g.granted_at');
  }

  function rowOf(raw: Raw): GrantRow {
    return {
      numericId: Number(raw.numeric_id),
      id: String(raw.id),
      mailbox: String(raw.mailbox),
      user: int(raw.user_id),
      role: int(raw.role_id),
      expiresAt: int(raw.expires_at),
      grantedAt: int(raw.granted_at) ?? 0,
    };
  }
}

export type GrantsRepository = ReturnType<typeof createGrantsRepository>;
