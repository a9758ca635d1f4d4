import type { Actor } from '../domain/actor';
import type { IdentityId, Transport } from '../domain/identity';
import type { OutcomeCode } from '../domain/outcome';
import type { Phase, RecipientField, RecipientState, SubmissionState } from '../domain/submission';
import { bool, int, json, latest, textOf, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

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
  /** Id of its transport's row. */
  lane: string;
  createdAt: number;
  sendAt: number | null;
  sendZone: string | null;
  settledAt: number | null;
  nextAttemptAt: number | null;
  attempts: number;
  claims: number;
  leaseToken: string | null;
  error: { code: OutcomeCode; message: string; details?: object } | null;
  /** Its draft, if the author got it back. */
  draft: string | null;
  /** The submission that it resends. */
  resentFrom: string | null;
}

/** State of a submission after an attempt or action, as its event reports it. */
export type SubmissionEnd = Pick<SubmissionRow, 'id' | 'tenant' | 'state' | 'error'>;

/** Author and sender, which no step changes after accept. */
export type Sender = Pick<
  SubmissionRow,
  'actor' | 'tenant' | 'fromIdentity' | 'from' | 'replyIdentity' | 'replyTo' | 'transport'
>;

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

export interface Filter {
  tenant: string;
  /** Restricts to submissions of this user. */
  user?: number;
  system?: string;
  states?: readonly SubmissionState[];
  from?: IdentityId;
  /** Accepted at that moment or later, in milliseconds since the epoch. */
  since?: number;
  /** Accepted before that moment. */
  until?: number;
}

export type Raw = Record<string, unknown>;

export const sameActor = (a: Actor, b: Actor): boolean =>
  a.type === 'user' ? b.type === 'user' && a.id === b.id : b.type === 'system' && a.name === b.name;

const errorOf = (raw: Raw): SubmissionRow['error'] =>
  raw.error_code === null
    ? null
    : {
        code: raw.error_code as OutcomeCode,
        message: textOf(raw.error_message) ?? '',
        ...(raw.error_details === null ? {} : { details: json<object>(raw.error_details) ?? {} }),
      };

export const senderOf = (raw: Raw): Sender => ({
  actor:
    raw.actor_user === null
      ? { type: 'system', name: String(raw.actor_system) }
      : { type: 'user', id: Number(raw.actor_user) },
  tenant: String(raw.tenant),
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
});

const rowOf = (raw: Raw): SubmissionRow => ({
  ...senderOf(raw),
  id: String(raw.id),
  message: String(raw.message),
  messageId: String(raw.header_id),
  subject: String(raw.subject),
  sizeBytes: Number(raw.size_bytes),
  state: raw.state as SubmissionState,
  phase: raw.phase as Phase | null,
  direct: bool(raw.direct),
  lane: String(raw.lane),
  createdAt: int(raw.created_at) ?? 0,
  sendAt: int(raw.send_at),
  sendZone: textOf(raw.send_zone),
  settledAt: int(raw.settled_at),
  nextAttemptAt: int(raw.next_attempt_at),
  attempts: Number(raw.attempts),
  claims: Number(raw.claims),
  leaseToken: textOf(raw.lease_token),
  error: errorOf(raw),
  draft: textOf(raw.draft_back),
  resentFrom: textOf(raw.resent_from),
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
    .leftJoin(`${TABLES.drafts} as d`, (on) => on.on('d.id', 's.draft').andOnNull('d.submission'))
    .select('s.*', 'm.header_id', 'm.subject', 'm.size_bytes', { draft_back: 'd.id' });

export type Query = ReturnType<Queries>;

export const submissionsOf = (queries: Queries): Query => queries(`${TABLES.submissions} as s`) as Query;

/** Restricts a query to a tenant and, if given, an author. The table of submissions is `s`. */
export const whose = <Q>(query: Q, { tenant, user, system }: Pick<Filter, 'tenant' | 'user' | 'system'>): Q => {
  const where = query as Query;
  where.where('s.tenant', tenant);
  if (user !== undefined) where.andWhere('s.actor_user', user);
  if (system !== undefined) where.andWhere('s.actor_system', system);
  return query;
};

/** Restricts a query of submissions as `s`. */
export const filtered = <Q extends Query>(query: Q, filter: Filter): Q => {
  const { states, from, since, until } = filter;
  whose(query, filter);
  if (states !== undefined) query.whereIn('s.state', [...states]);
  if (from !== undefined) query.andWhere('s.from_identity', from);
  if (since !== undefined) query.andWhere('s.created_at', '>=', since);
  if (until !== undefined) query.andWhere('s.created_at', '<', until);
  return query;
};

export const newestFirst = [
  { column: 's.created_at', order: 'desc' },
  { column: 's.id', order: 'desc' },
];

/** Reads the submissions of an ordered query of `s`: others are skipped without their messages. */
export const rowsOf = async (queries: Queries, query: Query): Promise<SubmissionRow[]> => {
  const ids = query.select('s.id').as('page');
  const rows: Raw[] = await select(queries).join(ids, 'page.id', 's.id').orderBy(newestFirst);
  return rows.map(rowOf);
};

/** Queries messages, submissions and recipients. Every function takes the connection or transaction to use. */
export const submissionsRepository = {
  find: async (queries: Queries, id: string, read?: 'latest'): Promise<SubmissionRow | null> => {
    const query = select(queries).where('s.id', id);
    const [raw] = (await (read ? latest(queries, query) : query)) as Raw[];
    return raw ? rowOf(raw) : null;
  },

  /** Reads what an event of the state says. */
  endsOf: async (queries: Queries, ids: readonly string[]): Promise<SubmissionEnd[]> => {
    const rows: Raw[] = await queries(TABLES.submissions)
      .whereIn('id', [...ids])
      .select('id', 'tenant', 'state', 'error_code', 'error_message', 'error_details');
    return rows.map((raw) => ({
      id: String(raw.id),
      tenant: String(raw.tenant),
      state: raw.state as SubmissionState,
      error: errorOf(raw),
    }));
  },

  newest: (queries: Queries, filter: Filter, limit: number): Promise<SubmissionRow[]> =>
    rowsOf(queries, filtered(submissionsOf(queries), filter).orderBy(newestFirst).limit(limit)),

  recipientsOf: async (queries: Queries, ids: readonly string[], read?: 'latest'): Promise<RecipientRow[]> => {
    const query = queries(TABLES.recipients)
      .whereIn('submission', [...ids])
      .orderBy('position');
    return ((await (read ? latest(queries, query) : query)) as Raw[]).map(recipientOf);
  },

  /** Returns whether the message's bytes are still stored. */
  hasBytes: async (queries: Queries, message: string): Promise<boolean> =>
    (await queries(TABLES.chunks).where({ message, position: 0 }).select('position')).length === 1,

  /** Yields the message's bytes, one chunk in memory at a time. */
  chunksOf: async function* (queries: Queries, message: string): AsyncGenerator<Uint8Array> {
    for (let position = 0; ; position += 1) {
      const [row]: { bytes: Buffer }[] = await queries(TABLES.chunks).where({ message, position }).select('bytes');
      if (!row) return;
      yield row.bytes;
    }
  },
};
