import { accept, isPlainObject, reject, type Parsed } from '../parse';

/**
 * Returns the body of a submit request. The session or token determines the actor: `actor` and uploaded files are refused
 * like any other unknown field.
 */
export const readRequest = (body: unknown, files?: unknown): Parsed<Record<string, unknown>> => {
  if (!isPlainObject(body)) return reject('INVALID_INPUT', { path: '' });
  if (Object.hasOwn(body, 'actor')) return reject('UNKNOWN_FIELD', { path: 'actor' });
  const [file] = isPlainObject(files) ? Object.keys(files) : [];
  return file === undefined ? accept(body) : reject('UNKNOWN_FIELD', { path: file.slice(0, 200) });
};

/**
 * Merges the header `Idempotency-Key` into the body. If the keys differ, the field becomes a list, which validation
 * refuses in the order of rules §9.
 */
export const withIdempotencyKey = (
  input: Record<string, unknown>,
  header: readonly string[] = []
): Record<string, unknown> => {
  if (header.length === 0) return input;
  const keys = new Set([...header, ...(Object.hasOwn(input, 'idempotencyKey') ? [input.idempotencyKey] : [])]);
  const [key] = keys;
  return { ...input, idempotencyKey: keys.size === 1 ? key : [...keys] };
};
