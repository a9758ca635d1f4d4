import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor';
import type { SubmitRequest } from '../contracts/submission';
import { latest, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import type { Idempotency } from '../outbox/insert';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const sorted = (headers: Record<string, string>): [string, string][] =>
  Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));

/** Serializes every parsed field in a fixed order, for the hash that distinguishes a repetition from a conflict. */
const contentOf = (
  { idempotencyKey: _, headers, recipients, ...rest }: SubmitRequest,
  resentFrom: string | null
): string =>
  JSON.stringify([
    recipients.map(({ email, name, field }) => [field, email, name]),
    sorted(headers),
    rest.attachments.map(({ file, name, cid }) => [file, name, ...(cid === null ? [] : [cid])]),
    [rest.tenant ?? null, rest.from, rest.replyTo, rest.subject, rest.text, rest.html, rest.sendAt, rest.undoSeconds],
    ...(rest.draft === null ? [] : [rest.draft]),
    ...(rest.sendZone === null ? [] : [{ sendZone: rest.sendZone }]),
    ...(resentFrom === null ? [] : [{ resentFrom }]),
  ]);

/** @returns null without a key: every request creates a submission */
export const idempotencyOf = (
  actor: Actor,
  request: SubmitRequest,
  resentFrom: string | null = null
): Idempotency | null =>
  request.idempotencyKey === null
    ? null
    : {
        actor: actor.type === 'user' ? `user:${actor.id}` : `system:${actor.name}`,
        // Hashed, because MySQL treats "a" and "a " as equal even in binary collations.
        key: sha256(request.idempotencyKey),
        hash: sha256(contentOf(request, resentFrom)),
      };

export const keyOf = ({ actor, key }: Pick<Idempotency, 'actor' | 'key'>): string => `${actor} ${key}`;

/**
 * Finds submissions that were accepted with these keys.
 *
 * @param fresh true among the transaction's first reads; an older snapshot may miss later commits and needs a locking read
 * @returns by `keyOf`
 */
export const findRepeated = async (
  queries: Queries,
  keys: readonly Idempotency[],
  fresh: boolean
): Promise<Map<string, { id: string; hash: string }>> => {
  if (keys.length === 0) return new Map();
  const query = queries(TABLES.submissions)
    .whereIn('idempotency_actor', [...new Set(keys.map(({ actor }) => actor))])
    .whereIn('idempotency_key', [...new Set(keys.map(({ key }) => key))])
    .select({ id: 'id', actor: 'idempotency_actor', key: 'idempotency_key', hash: 'input_hash' });
  const rows: { id: string; actor: string; key: string; hash: string }[] = await (fresh
    ? query
    : latest(queries, query));
  return new Map(rows.map(({ id, actor, key, hash }) => [keyOf({ actor, key }), { id, hash }]));
};
