import { setImmediate as turn } from 'node:timers/promises';
import type { Actor } from '../domain/actor';
import { addressKey } from '../domain/address';
import type { Identity, IdentityId } from '../domain/identity';
import type { Recipient } from '../domain/message';
import { laneOf } from '../domain/lane';
import { CHUNK_BYTES, inChunks } from '../database/chunks';
import { dialectOf, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import type { ReplyAddress } from '../message/assemble';
import { insertWords } from './words';

/** An accepted submission to insert. Times are milliseconds by the database's clock. */
export interface NewSubmission {
  id: string;
  message: string;
  messageId: string;
  subject: string;
  actor: Actor;
  tenant: string;
  from: Identity;
  replyTo: ReplyAddress | null;
  recipients: readonly Recipient[];
  bytes: Buffer;
  state: 'held' | 'queued' | 'submitting';
  createdAt: number;
  sendAt: number | null;
  sendZone: string | null;
  dueAt: number;
  expiresAt: number;
  idempotency: Idempotency | null;
  /** The author's draft that it was made of. */
  draft: string | null;
  /** The submission that it resends, and the actor who requested it. */
  resent?: { from: string; by: Actor };
  /** Set for a submission handed over in the caller's time: claimed from the start, its bytes never stored. */
  direct: { leaseToken: string; leaseMs: number } | null;
}

export interface Idempotency {
  /** Owner of the key. */
  actor: string;
  key: string;
  /** SHA-256 of the parsed input, in hex. */
  hash: string;
}

export interface Choice {
  user: number;
  tenant: string;
  from: IdentityId;
  replyTo: IdentityId | null;
}

type Row = Record<string, unknown>;

/** Maximum size of one statement. */
const STATEMENT_BYTES = 2 * CHUNK_BYTES;
/** Below SQLite's limit of 500 rows in one statement. */
const STATEMENT_ROWS = 100;
/** PostgreSQL takes 65,535 values in a statement: fifteen inserts of 100 rows with 33 columns are fewer. */
const MAX_TOGETHER = 15;

const actorColumns = (actor: Actor): Row => ({
  actor_user: actor.type === 'user' ? actor.id : null,
  actor_system: actor.type === 'system' ? actor.name : null,
});

const submissionRow = (submission: NewSubmission): Row => {
  const { from, replyTo, direct, createdAt, idempotency } = submission;
  const { transport } = from;
  return {
    id: submission.id,
    message: submission.message,
    tenant: submission.tenant,
    ...actorColumns(submission.actor),
    direct: direct !== null,
    state: submission.state,
    phase: direct ? 'claimed' : null,
    claims: direct ? 1 : 0,
    lease_token: direct?.leaseToken ?? null,
    lease_until: direct ? createdAt + direct.leaseMs : null,
    from_identity: from.id,
    from_name: from.name,
    from_email: from.email,
    from_key: addressKey(from.email),
    reply_identity: replyTo?.id ?? null,
    reply_name: replyTo?.name ?? null,
    reply_email: replyTo?.email ?? null,
    reply_key: replyTo ? addressKey(replyTo.email) : null,
    transport_kind: transport.kind,
    transport_mailbox: transport.kind === 'mailbox' ? transport.mailbox : null,
    transport_name: transport.kind === 'mailbox' ? transport.name : null,
    transport_email: transport.email,
    lane: laneOf(transport),
    created_at: createdAt,
    send_at: submission.sendAt,
    send_zone: submission.sendZone,
    due_at: submission.dueAt,
    expires_at: submission.expiresAt,
    next_attempt_at: direct ? null : submission.dueAt,
    idempotency_actor: idempotency?.actor ?? null,
    idempotency_key: idempotency?.key ?? null,
    input_hash: idempotency?.hash ?? null,
    draft: submission.draft,
    resent_from: submission.resent?.from ?? null,
    searchable: true,
  };
};

type Insert = ReturnType<Queries>;

const inserts = (queries: Queries, table: string, rows: readonly Row[]): Insert[] => {
  const all: Insert[] = [];
  for (let start = 0; start < rows.length; start += STATEMENT_ROWS)
    all.push(queries(table).insert(rows.slice(start, start + STATEMENT_ROWS)) as Insert);
  return all;
};

/** Runs the inserts, on PostgreSQL in one round trip. It checks foreign keys at the end of a statement. */
const insertAll = async (queries: Queries, all: readonly Insert[]): Promise<void> => {
  if (dialectOf(queries) !== 'postgres' || all.length > MAX_TOGETHER) {
    for (const insert of all) await insert;
    return;
  }
  const together = queries.select(queries.raw('1'));
  for (const [index, insert] of all.entries()) void together.with(`insert_${index}`, insert as never);
  await together;
};

const chunksOf = ({ message, bytes }: NewSubmission): { message: string; position: number; bytes: Buffer }[] =>
  inChunks(bytes).map((chunk, position) => ({ message, position, bytes: chunk }));

/** Inserts message bytes beyond the size of one statement. @returns the inserts of the others */
const insertChunks = async (queries: Queries, all: readonly NewSubmission[]): Promise<Insert[]> => {
  let rows: ReturnType<typeof chunksOf> = [];
  let size = 0;
  for (const row of all.flatMap((submission) => (submission.direct ? [] : chunksOf(submission)))) {
    if (rows.length > 0 && size + row.bytes.length > STATEMENT_BYTES) {
      for (const insert of inserts(queries, TABLES.chunks, rows)) await insert;
      // SQLite works in this thread: without a pause it blocks the event loop until the last chunk.
      await turn();
      rows = [];
      size = 0;
    }
    rows.push(row);
    size += row.bytes.length;
  }
  return inserts(queries, TABLES.chunks, rows);
};

const insertLanes = (queries: Queries, lanes: readonly string[]): Insert[] => {
  if (lanes.length === 0) return [];
  const rows = [...new Set(lanes)].sort().map((id) => ({ id }));
  return [queries(TABLES.transports).insert(rows).onConflict('id').ignore() as never];
};

/** Inserts missing transport rows: delivery finds due submissions only through them. */
export const ensureLanes = async (queries: Queries, lanes: readonly string[]): Promise<void> => {
  await insertAll(queries, insertLanes(queries, lanes));
};

/** Inserts accepted submissions with messages and recipients; atomic in the caller's transaction. */
export const insertSubmissions = async (queries: Queries, all: readonly NewSubmission[]): Promise<void> => {
  const messages = all.map(({ message, messageId, subject, bytes, createdAt }) => ({
    id: message,
    header_id: messageId,
    subject,
    size_bytes: bytes.length,
    created_at: createdAt,
  }));
  const recipients = all.flatMap(({ id, recipients: to }) =>
    to.map(({ email, key, name, field }, position) => ({
      submission: id,
      position,
      email,
      email_key: key,
      name,
      field,
      state: 'pending',
    }))
  );
  const lanes = all.flatMap(({ from, direct }) => (direct ? [] : [laneOf(from.transport)]));
  const chunks = await insertChunks(queries, all);
  await insertAll(queries, [
    ...inserts(queries, TABLES.messages, messages),
    ...chunks,
    ...inserts(queries, TABLES.submissions, all.map(submissionRow)),
    ...inserts(queries, TABLES.recipients, recipients),
    ...insertLanes(queries, lanes),
  ]);
  await insertWords(queries, all);
};

/** Stores the last From and Reply-To of each user in each tenant. */
export const rememberChoices = async (queries: Queries, choices: readonly Choice[]): Promise<void> => {
  // One row per user and tenant, always in the same order: prevents deadlocks between processes.
  const last = new Map(choices.map((choice) => [`${choice.user} ${choice.tenant}`, choice]));
  const rows = [...last.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { user, tenant, from, replyTo }]) => ({
      user_id: user,
      tenant,
      from_identity: from,
      reply_identity: replyTo,
    }));
  if (rows.length > 0) await queries(TABLES.lastChoices).insert(rows).onConflict(['user_id', 'tenant']).merge();
};
