import * as yup from 'yup';
import type { Refusal } from '../domain/refusal';
import { isPlainObject } from './parse';

/** The used part of the result of `schema.describe()`. */
interface Description {
  type?: string;
  nullable?: boolean;
  meta?: { allowed?: string };
  oneOf?: unknown[];
  tests?: { name?: string; params?: Record<string, unknown> }[];
  fields?: Record<string, unknown>;
  innerType?: Description | Description[];
}

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;

const limit = ({ tests = [] }: Description, name: string): number | null => {
  const value = tests.find((test) => test.name === name)?.params?.[name];
  return typeof value === 'number' && value < Number.MAX_SAFE_INTEGER ? value : null;
};

const integers = (description: Description): string => {
  const [min, max] = [limit(description, 'min'), limit(description, 'max')];
  return max === null ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
};

const texts = (description: Description): string => {
  const max = limit(description, 'max');
  return max === null ? 'a text' : `a text of at most ${max} characters`;
};

const valuesOf = (description: Description): string => {
  const { type, meta, oneOf = [], fields = {}, innerType } = description;
  if (meta?.allowed !== undefined) return meta.allowed;
  if (oneOf.length > 0) return listed(oneOf.map((value) => `'${String(value)}'`));
  if (type === 'number') return integers(description);
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return `a list, each entry ${valuesOf([innerType].flat()[0] ?? {})}`;
  return type === 'object' ? `an object with the keys ${Object.keys(fields).join(', ')}` : texts(description);
};

/** Describes the values that a schema accepts; `meta({ allowed })` takes precedence. */
export const allowedBy = (schema: yup.ISchema<unknown>): string => {
  const description = schema.describe() as Description;
  return `${valuesOf(description)}${description.nullable ? ' or null' : ''}`;
};

const KINDS: Record<string, string> = { string: 'a text', boolean: 'a boolean', function: 'a function' };

/** Describes the type of a value. Never shows the value, which may be a secret. */
export const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isNaN(value) ? 'not a number (NaN)' : 'a number';
  return KINDS[typeof value] ?? 'an object';
};

const schemaAt = (schema: yup.AnyObjectSchema, path: string): yup.ISchema<unknown> =>
  path === '' ? schema : (yup.reach(schema, path) as yup.ISchema<unknown>);

const valueAt = (input: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);

const READERS: Record<string, string> = { number: 'env.int()', boolean: 'env.bool()' };

const wrongValue = (schema: yup.ISchema<unknown>, value: unknown): string => {
  const allowed = `allowed: ${allowedBy(schema)}`;
  if (value === undefined) return `is missing; ${allowed}`;
  const { type = '' } = schema.describe() as Description;
  const suits = type !== 'object' && typeof value === type && value !== '' ? ' that is not allowed' : '';
  const reader = typeof value === 'string' ? READERS[type] : undefined;
  return `is ${kindOf(value)}${suits}; ${allowed}${reader === undefined ? '' : ` (${reader} reads one from the environment)`}`;
};

/**
 * Describes a refusal of `parse` for the author of a configuration: the type of the given value, never the value itself,
 * and the allowed values.
 */
export const problemOf = (schema: yup.AnyObjectSchema, input: unknown, { code, details }: Refusal): string => {
  const path = String(details?.path ?? '');
  if (code === 'UNKNOWN_FIELD') {
    const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
    return `is not known; ${allowedBy(schemaAt(schema, parent))}`.replace('an object with the keys', 'allowed keys:');
  }
  if (path === '' && isPlainObject(input)) return String(details?.reason);
  return wrongValue(schemaAt(schema, path), valueAt(input, path));
};
