import type { Actor } from '../domain/actor';
import { addressKey } from '../domain/address';
import type { Identity, IdentityId, Transport } from '../domain/identity';
import type { Recipient } from '../domain/message';
import type { OutcomeCode } from '../domain/outcome';
import type { Phase, RecipientField, RecipientState, SubmissionState } from '../domain/submission';
import type { Page } from '../contracts/query';
import { bool, int, json, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { offsetOf } from '../strapi/page';

/** A submission's row with its message. */
export interface SubmissionRow {
  id: string;
  message: string;
  messageId: string;
  subject: string;
  sizeBytes: number;
  tenant: string;
  actor: Actor;
  state: SubmissionState;
  phase: Phase | null;
  direct: boolean;
  fromIdentity: IdentityId;
  from: { name: string | null; email: string; key: string };
  replyIdentity: IdentityId | null;
  replyTo: { name: string | null; email: string; key: string } | null;
  transport: Transport;
  createdAt: number;
  settledAt: number | null;
  nextAttemptAt: number | null;
  attempts: number;
  claims: number;
  leaseToken: string | null;
  error: { code: OutcomeCode; message: string; details?: object } | null;
}

export interface RecipientRow {
  submission: string;
  position: number;
  email: string;
  key: string;
  name: string | null;
  field: RecipientField;
  state: RecipientState;
  reply: string | null;
}

/** What is written when a submission is accepted. */
export interface NewSubmission {
  id: string;
  message: string;
  messageId: string;
  subject: string;
  actor: Actor;
  tenant: string;
  from: Identity;
  replyTo: Identity | null;
  recipients: readonly Recipient[];
  bytes: Buffer;
  /** Handed over in the caller's time by this process: claimed from the start, its bytes never stored. */
  direct: { leaseToken: string; leaseMs: number } | null;
}

export interface Filter {
  tenant: string;
  /** Only this actor's own. */
  user?: number;
  system?: string;
  state?: string;
  q?: string;
}

type Raw = Record<string, unknown>;

/** One statement carries no more than that: far below every server's packet limit. */
const CHUNK_BYTES = 512 * 1024;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const actorColumns = (actor: Actor) => ({
  actor_user: actor.type === 'user' ? actor.id : null,
  actor_system: actor.type === 'system' ? actor.name : null,
});

const rowOf = (raw: Raw): SubmissionRow => ({
  id: String(raw.id),
  message: String(raw.message),
  messageId: String(raw.header_id),
  subject: String(raw.subject),
  sizeBytes: Number(raw.size_bytes),
  tenant: String(raw.tenant),
  actor:
    raw.actor_user === null
      ? { type: 'system', name: String(raw.actor_system) }
      : { type: 'user', id: Number(raw.actor_user) },
  state: raw.state as SubmissionState,
  phase: raw.phase as Phase | null,
  direct: bool(raw.direct),
  fromIdentity: raw.from_identity as IdentityId,
  from: { name: textOf(raw.from_name), email: String(raw.from_email), key: String(raw.from_key) },
  replyIdentity: raw.reply_identity as IdentityId | null,
  replyTo:
    raw.reply_email === null
      ? null
      : { name: textOf(raw.reply_name), email: String(raw.reply_email), key: String(raw.reply_key) },
  transport:
    raw.transport_kind === 'mailbox'
      ? {
          kind: 'mailbox',
          mailbox: String(raw.transport_mailbox),
          name: textOf(raw.transport_name) ?? '',
          email: String(raw.transport_email),
        }
      : { kind: 'system', email: String(raw.transport_email) },
  createdAt: int(raw.created_at) ?? 0,
  settledAt: int(raw.settled_at),
  nextAttemptAt: int(raw.next_attempt_at),
  attempts: Number(raw.attempts),
  claims: Number(raw.claims),
  leaseToken: textOf(raw.lease_token),
  error:
    raw.error_code === null
      ? null
      : {
          code: raw.error_code as OutcomeCode,
          message: textOf(raw.error_message) ?? '',
          ...(raw.error_details === null ? {} : { details: json<object>(raw.error_details) ?? {} }),
        },
});

const recipientOf = (raw: Raw): RecipientRow => ({
  submission: String(raw.submission),
  position: Number(raw.position),
  email: String(raw.email),
  key: String(raw.email_key),
  name: textOf(raw.name),
  field: raw.field as RecipientField,
  state: raw.state as RecipientState,
  reply: textOf(raw.reply),
});

const select = (queries: Queries) =>
  queries(`${TABLES.submissions} as s`)
    .join(`${TABLES.messages} as m`, 'm.id', 's.message')
    .select('s.*', 'm.header_id', 'm.subject', 'm.size_bytes');

const filtered = (queries: Queries, { tenant, user, system, state, q }: Filter) => {
  const query = select(queries).where('s.tenant', tenant);
  if (user !== undefined) query.andWhere('s.actor_user', user);
  if (system !== undefined) query.andWhere('s.actor_system', system);
  if (state !== undefined && state !== '') query.andWhere('s.state', state);
  if (q !== undefined && q !== '')
    query.whereRaw("LOWER(m.subject) LIKE ? ESCAPE '!'", [
      `%${q.toLowerCase().replace(/[!%_]/g, (sign) => `!${sign}`)}%`,
    ]);
  return query;
};

/** Our tables of messages, submissions and recipients. Every function takes the connection or transaction to use. */
export const submissionsRepository = {
  /** Writes everything of an accepted submission. The caller's transaction makes it one act. */
  insert: async (queries: Queries, submission: NewSubmission): Promise<void> => {
    const { id, message, from, replyTo, direct, bytes } = submission;
    const now = nowMs(queries);
    await queries(TABLES.messages).insert({
      id: message,
      header_id: submission.messageId,
      subject: submission.subject,
      size_bytes: bytes.length,
      created_at: now,
    });
    for (let start = 0, position = 0; direct === null && start < bytes.length; start += CHUNK_BYTES, position += 1)
      await queries(TABLES.chunks).insert({ message, position, bytes: bytes.subarray(start, start + CHUNK_BYTES) });
    await queries(TABLES.submissions).insert({
      id,
      message,
      tenant: submission.tenant,
      ...actorColumns(submission.actor),
      direct: direct !== null,
      lane: from.transport.kind === 'mailbox' ? from.transport.mailbox : 'system',
      due_at: now,
      expires_at: nowPlusMs(queries, 86_400_000),
      state: direct ? 'submitting' : 'queued',
      phase: direct ? 'claimed' : null,
      claims: direct ? 1 : 0,
      lease_token: direct?.leaseToken ?? null,
      lease_until: direct ? nowPlusMs(queries, direct.leaseMs) : null,
      from_identity: from.id,
      from_name: from.name,
      from_email: from.email,
      from_key: addressKey(from.email),
      reply_identity: replyTo?.id ?? null,
      reply_name: replyTo?.name ?? null,
      reply_email: replyTo?.email ?? null,
      reply_key: replyTo ? addressKey(replyTo.email) : null,
      transport_kind: from.transport.kind,
      transport_mailbox: from.transport.kind === 'mailbox' ? from.transport.mailbox : null,
      transport_name: from.transport.kind === 'mailbox' ? from.transport.name : null,
      transport_email: from.transport.email,
      created_at: now,
      next_attempt_at: direct ? null : now,
    });
    await queries(TABLES.transports)
      .insert({ id: from.transport.kind === 'mailbox' ? from.transport.mailbox : 'system' })
      .onConflict('id')
      .ignore();
    await queries(TABLES.recipients).insert(
      submission.recipients.map(({ email, key, name, field }, position) => ({
        submission: id,
        position,
        email,
        email_key: key,
        name,
        field,
        state: 'pending',
      }))
    );
  },

  find: async (queries: Queries, id: string): Promise<SubmissionRow | null> => {
    const [raw]: Raw[] = await select(queries).where('s.id', id);
    return raw ? rowOf(raw) : null;
  },

  findByIds: async (queries: Queries, ids: readonly string[]): Promise<SubmissionRow[]> =>
    ((await select(queries).whereIn('s.id', [...ids])) as Raw[]).map(rowOf),

  page: async (queries: Queries, filter: Filter, page: Page): Promise<{ rows: SubmissionRow[]; total: number }> => {
    const rows: Raw[] = await filtered(queries, filter)
      .orderBy([
        { column: 's.created_at', order: 'desc' },
        { column: 's.id', order: 'desc' },
      ])
      .limit(page.pageSize)
      .offset(offsetOf(page));
    const [count]: { n: unknown }[] = await filtered(queries, filter).clearSelect().count({ n: '*' });
    return { rows: rows.map(rowOf), total: Number(count?.n ?? 0) };
  },

  recipientsOf: async (queries: Queries, ids: readonly string[]): Promise<RecipientRow[]> =>
    (
      (await queries(TABLES.recipients)
        .whereIn('submission', [...ids])
        .orderBy('position')) as Raw[]
    ).map(recipientOf),

  /** The message's bytes, one chunk in memory at a time. */
  chunksOf: async function* (queries: Queries, message: string): AsyncGenerator<Uint8Array> {
    for (let position = 0; ; position += 1) {
      const [row]: { bytes: Buffer }[] = await queries(TABLES.chunks).where({ message, position }).select('bytes');
      if (!row) return;
      yield row.bytes;
    }
  },

  rememberChoice: async (
    queries: Queries,
    user: number,
    tenant: string,
    from: IdentityId,
    replyTo: IdentityId | null
  ): Promise<void> => {
    await queries(TABLES.lastChoices)
      .insert({ user_id: user, tenant, from_identity: from, reply_identity: replyTo })
      .onConflict(['user_id', 'tenant'])
      .merge();
  },
};
