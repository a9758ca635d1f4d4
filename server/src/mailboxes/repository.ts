import type { Core } from '@strapi/types';
import { authOf, type Auth } from '../domain/auth';
import type { Encryption, MailboxFacts, MailboxFlags, OwnSmtp, PauseCode } from '../domain/mailbox';
import type { GrantEvent } from '../contracts/events';
import type { Page } from '../contracts/query';
import { bool, contains, int, orNothing, textOf, type Queries } from '../database/dialect';
import { CONTENT_TABLES, TABLES, UIDS } from '../database/tables';
import { offsetOf } from '../contracts/page';

/** A mailbox with the columns of the plugin's own tables that belong to it, except its password. */
export interface MailboxRow extends Omit<MailboxFacts, 'paused'> {
  /** Strapi's numeric id, for relations. */
  numericId: number;
  tenantNumericId: number;
  smtp: OwnSmtp | null;
  settingsVersion: string;
  passwordSetAt: number | null;
  signature: { html: string | null; text: string | null };
  perMinute: number | null;
  connections: number | null;
  paused: { code: PauseCode; message: string; at: number } | null;
}

/** Columns of the content type, in Strapi's names. */
export interface MailboxData extends Partial<MailboxFlags> {
  email?: string;
  emailKey?: string;
  globalKey?: string | null;
  name?: string;
  tenant?: number;
  smtpHost?: string | null;
  smtpPort?: number | null;
  smtpEncryption?: string | null;
  smtpAuth?: string | null;
  smtpUsername?: string | null;
  settingsVersion?: string;
  signatureHtml?: string | null;
  signatureText?: string | null;
  perMinute?: number | null;
  connections?: number | null;
}

type Raw = Record<string, unknown>;

const rowOf = (raw: Raw): MailboxRow => ({
  numericId: Number(raw.numeric_id),
  id: String(raw.document_id),
  tenant: String(raw.tenant),
  tenantNumericId: Number(raw.tenant_id),
  email: String(raw.email),
  emailKey: String(raw.email_key),
  name: String(raw.name),
  enabled: bool(raw.enabled),
  sender: bool(raw.sender),
  reply: bool(raw.reply),
  global: bool(raw.global),
  restricted: bool(raw.restricted),
  authenticated: bool(raw.authenticated),
  smtp:
    raw.smtp_host === null
      ? null
      : {
          host: String(raw.smtp_host),
          port: Number(raw.smtp_port),
          encryption: raw.smtp_encryption as Encryption,
          auth: authOf({ auth: raw.smtp_auth as Auth['type'], username: textOf(raw.smtp_username) }, String(raw.email)),
        },
  settingsVersion: textOf(raw.settings_version) ?? '',
  passwordSetAt: int(raw.password_set_at),
  signature: { html: textOf(raw.signature_html), text: textOf(raw.signature_text) },
  perMinute: int(raw.per_minute),
  connections: int(raw.connections),
  paused:
    raw.paused_code === null
      ? null
      : { code: raw.paused_code as PauseCode, message: textOf(raw.paused_message) ?? '', at: int(raw.paused_at) ?? 0 },
});

export function createMailboxesRepository(strapi: Core.Strapi) {
  return {
    find,
    findVisible,
    countVisible,
    create,
    update,
    delete: remove,
    lock,
    countGrants,
    countAccess,
    deleteGrants,
  };

  async function find(queries: Queries, id: string): Promise<MailboxRow | null> {
    const [raw]: Raw[] = await orNothing(select(queries).where('m.document_id', id), []);
    // Compared byte by byte: a password is sealed to the id, and MariaDB equates `A` and `a`.
    return raw?.document_id === id ? rowOf(raw) : null;
  }

  async function findVisible(queries: Queries, tenantNumericId: number, q = '', page?: Page): Promise<MailboxRow[]> {
    const query = visibleIn(queries, tenantNumericId, q).orderBy([{ column: 'm.name' }, { column: 'm.id' }]);
    if (page) query.limit(page.pageSize).offset(offsetOf(page));
    return ((await orNothing(query, [])) as Raw[]).map(rowOf);
  }

  async function countVisible(queries: Queries, tenantNumericId: number, q: string): Promise<number> {
    const query = visibleIn(queries, tenantNumericId, q).clearSelect().count({ n: '*' });
    const [row]: { n?: unknown }[] = await orNothing(query, []);
    return Number(row?.n ?? 0);
  }

  /**
   * @param documentId made by the caller, so that the secret can be sealed to it in the same transaction
   * @returns the numeric id
   */
  async function create(documentId: string, data: MailboxData): Promise<number> {
    const { id } = (await strapi.db.query(UIDS.mailbox).create({ data: { documentId, ...data } })) as { id: number };
    return id;
  }

  async function update(numericId: number, data: MailboxData): Promise<void> {
    await strapi.db.query(UIDS.mailbox).update({ where: { id: numericId }, data });
  }

  async function remove(numericId: number): Promise<void> {
    await strapi.db.query(UIDS.mailbox).delete({ where: { id: numericId } });
  }

  /** Locks the row until the transaction ends: a new grant and a change of the address exclude each other. */
  async function lock(queries: Queries, numericId: number): Promise<boolean> {
    return (await queries(CONTENT_TABLES.mailboxes).where({ id: numericId }).forUpdate().select('id')).length > 0;
  }

  async function countGrants(queries: Queries, numericId: number): Promise<number> {
    const [row]: { n: unknown }[] = await queries(CONTENT_TABLES.grants)
      .where({ mailbox_id: numericId })
      .count({ n: '*' });
    return Number(row?.n ?? 0);
  }

  /** Counts the grants in force per mailbox. A grant whose user and role were both deleted counts as neither. */
  async function countAccess(
    queries: Queries,
    numericIds: readonly number[],
    now: number
  ): Promise<Map<number, { users: number; roles: number }>> {
    const rows: { mailbox_id: number; users: unknown; roles: unknown }[] = await queries(CONTENT_TABLES.grants)
      .whereIn('mailbox_id', [...numericIds])
      .andWhere((where) => {
        where.whereNull('expires_at').orWhere('expires_at', '>', now);
      })
      .groupBy('mailbox_id')
      .select('mailbox_id')
      .count({ users: 'user_id', roles: 'role_id' });
    return new Map(
      rows.map(({ mailbox_id, users, roles }) => [mailbox_id, { users: Number(users), roles: Number(roles) }])
    );
  }

  /** @returns the deleted grants */
  async function deleteGrants(queries: Queries, { id, numericId }: MailboxRow): Promise<GrantEvent[]> {
    const grants = queries(CONTENT_TABLES.grants).where({ mailbox_id: numericId });
    const rows: Omit<GrantEvent, 'mailbox'>[] = await grants
      .clone()
      .orderBy('id')
      .select({ id: 'document_id', user: 'user_id', role: 'role_id' });
    await grants.delete();
    return rows.map((row) => ({ ...row, mailbox: id }));
  }

  function select(queries: Queries) {
    return queries(`${CONTENT_TABLES.mailboxes} as m`)
      .join(`${CONTENT_TABLES.tenants} as t`, 't.id', 'm.tenant_id')
      .leftJoin(`${TABLES.secrets} as s`, (join) => {
        join.on('s.mailbox', 'm.document_id').onVal('s.field', 'smtp.password');
      })
      .leftJoin(`${TABLES.transports} as p`, 'p.id', 'm.document_id')
      .select('m.*', 'p.paused_code', 'p.paused_message', 'p.paused_at')
      .select({ numeric_id: 'm.id', tenant: 't.document_id', password_set_at: 's.set_at' });
  }

  /** Mailboxes of a tenant, and all global ones, which its admins see too. */
  function visibleIn(queries: Queries, tenantNumericId: number, q: string) {
    const query = select(queries).where((where) => {
      where.where('m.tenant_id', tenantNumericId).orWhereNotNull('m.global_key');
    });
    if (q === '') return query;
    return query.andWhere((where) => {
      where.where(contains(queries, 'm.name', q)).orWhere(contains(queries, 'm.email', q));
    });
  }
}

export type MailboxesRepository = ReturnType<typeof createMailboxesRepository>;
