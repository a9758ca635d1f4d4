import * as yup from 'yup';
import { refusal, type Refusal } from '../domain/refusal';

/** Validated input, or a refusal. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const reject = (...args: Parameters<typeof refusal>): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: refusal(...args),
});

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (schema: unknown): boolean =>
  schema instanceof yup.StringSchema || schema instanceof yup.NumberSchema || schema instanceof yup.BooleanSchema;

/** Returns the path of the first key that the schema does not define; null: none. */
const unknownPath = (schema: unknown, value: unknown, path = ''): string | null => {
  if (schema instanceof yup.ObjectSchema && isPlainObject(value)) {
    const fields = schema.fields as Record<string, unknown>;
    for (const key of Object.keys(value)) {
      const at = path ? `${path}.${key}` : key;
      if (!Object.hasOwn(fields, key)) return at;
      const inner = unknownPath(fields[key], value[key], at);
      if (inner) return inner;
    }
  }
  if (schema instanceof yup.ArraySchema && Array.isArray(value) && !isScalar(schema.innerType)) {
    for (const [index, item] of value.entries()) {
      const inner = unknownPath(schema.innerType, item, `${path}[${index}]`);
      if (inner) return inner;
    }
  }
  return null;
};

/** No schema is nested deeper. yup recurses into the value for its error texts, which overflows the stack at great depth. */
const MAX_DEPTH = 20;

const isDeeperThan = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return inner.some((one) => typeof one === 'object' && one !== null && isDeeperThan(one, depth - 1));
};

/** No list may have more. */
const MAX_ITEMS = 10_000;
const WRONG_TYPE = 'has a wrong type';

export interface Problem {
  path: string;
  reason: string;
}

/**
 * Finds problems that are expensive in yup, which copies a value of the wrong type into its error, and checks every item
 * of a list that is too long.
 */
const costlyProblem = (schema: unknown, value: unknown, path = ''): Problem | null => {
  if (typeof value !== 'object' || value === null) return null;
  if (isScalar(schema)) return { path, reason: WRONG_TYPE };
  if (schema instanceof yup.ArraySchema) {
    if (!Array.isArray(value)) return { path, reason: WRONG_TYPE };
    if (value.length > MAX_ITEMS) return { path, reason: 'has too many items' };
    return firstOf(value, (item, index) => costlyProblem(schema.innerType, item, `${path}[${index}]`));
  }
  if (!(schema instanceof yup.ObjectSchema)) return null;
  if (!isPlainObject(value)) return { path, reason: WRONG_TYPE };
  const fields = schema.fields as Record<string, unknown>;
  return firstOf(Object.keys(fields), (key) => costlyProblem(fields[key], value[key], path ? `${path}.${key}` : key));
};

const firstOf = <T>(items: readonly T[], problemOf: (item: T, index: number) => Problem | null): Problem | null => {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index);
    if (problem !== null) return problem;
  }
  return null;
};

/**
 * Validates untrusted input by a closed schema, without coercion. Unknown keys take precedence over every other refusal
 * (rules §9).
 *
 * @returns the value with the schema's defaults, or `UNKNOWN_FIELD` / `INVALID_INPUT` with `details.path`
 */
export const parse = <S extends yup.AnyObjectSchema>(schema: S, input: unknown): Parsed<yup.InferType<S>> => {
  if (!isPlainObject(input)) return reject('INVALID_INPUT', { path: '' });
  const unknown = unknownPath(schema, input);
  if (unknown !== null) return reject('UNKNOWN_FIELD', { path: unknown.slice(0, 200) });
  const costly = costlyProblem(schema, input);
  if (costly !== null) return reject('INVALID_INPUT', { ...costly });
  if (isDeeperThan(input, MAX_DEPTH)) return reject('INVALID_INPUT', { path: '', reason: 'is nested too deeply' });
  try {
    schema.validateSync(input, { strict: true, abortEarly: true });
  } catch (error) {
    if (!(error instanceof yup.ValidationError)) throw error;
    // yup's text for a wrong type contains the value, which may be a password.
    const reason = error.type === 'typeError' ? WRONG_TYPE : error.message.slice(0, 300);
    return reject('INVALID_INPUT', { path: error.path ?? '', reason });
  }
  return accept(schema.cast(input) as yup.InferType<S>);
};

/** A string without coercion. PostgreSQL refuses NUL in text columns. */
export const text = (max: number) =>
  yup
    .string()
    .strict()
    .max(max)
    .matches(/^[^\0]*$/, 'holds a NUL character');
export const flag = () => yup.boolean().strict();
export const integer = (min: number, max: number) => yup.number().strict().integer().min(min).max(max);

const MAX_VERSION = 2_147_483_647;

/** Version of a draft. */
export const version = () => integer(1, MAX_VERSION);

/** documentId or key */
export const tenantRef = () => text(255).min(1);
/** Greatest integer of PostgreSQL. */
export const MAX_ADMIN_ID = 2_147_483_647;
/** Numeric id of an admin user or role. */
export const adminId = () => integer(1, MAX_ADMIN_ID);

/** Ids of the plugin, numeric ids of users, keys of tenants. PostgreSQL fails at a NUL, and MariaDB ignores case. */
export const ID = /^[a-z0-9-]{1,255}$/;
/** Id of a row of the plugin. */
export const ownId = () => yup.string().strict().matches(ID, 'is not an id');
