import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor';
import type { SubmitRequest } from '../contracts/submission';
import { latest, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import type { Idempotency } from '../outbox/insert';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const sorted = (headers: Record<string, string>): [string, string][] =>
  Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));

/** What makes a repetition the same: everything that was read of the input, in one order. */
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

/** Null: the request may be repeated as often as one likes, each is another submission. */
export const idempotencyOf = (
  actor: Actor,
  request: SubmitRequest,
  resentFrom: string | null = null
): Idempotency | null =>
  request.idempotencyKey === null
    ? null
    : {
        actor: actor.type === 'user' ? `user:${actor.id}` : `system:${actor.name}`,
        // Not as it is: MySQL takes "a" and "a " for the same, even where it compares byte by byte.
        key: sha256(request.idempotencyKey),
        hash: sha256(contentOf(request, resentFrom)),
      };

export const keyOf = ({ actor, key }: Pick<Idempotency, 'actor' | 'key'>): string => `${actor} ${key}`;

/**
 * What these keys were used for before, by `keyOf`.
 *
 * @param fresh is it among the transaction's first reads? An older one may not see what was committed since
 */
export const findRepeated = async (
  queries: Queries,
  asked: readonly Idempotency[],
  fresh: boolean
): Promise<Map<string, { id: string; hash: string }>> => {
  if (asked.length === 0) return new Map();
  const query = queries(TABLES.submissions)
    .whereIn('idempotency_actor', [...new Set(asked.map(({ actor }) => actor))])
    .whereIn('idempotency_key', [...new Set(asked.map(({ key }) => key))])
    .select({ id: 'id', actor: 'idempotency_actor', key: 'idempotency_key', hash: 'input_hash' });
  const rows: { id: string; actor: string; key: string; hash: string }[] = await (fresh
    ? query
    : latest(queries, query));
  return new Map(rows.map(({ id, actor, key, hash }) => [keyOf({ actor, key }), { id, hash }]));
};
