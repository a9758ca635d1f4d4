import * as yup from 'yup';
import { parseAddrSpec, toAsciiDomain } from '../domain/address';
import type { DuplicatePolicy, Members, OwnAddressRule, SystemSenderRule, TenantRules } from '../domain/tenant';
import { nameProblem, normalise, recipientNameProblem } from '../domain/text';
import { accept, adminId, integer, isPlainObject, parse, reject, text, type Parsed } from './parse';

export const OWN_ADDRESS_RULES = [
  'off',
  'reply-to',
  'sender-and-reply-to',
] as const satisfies readonly OwnAddressRule[];
export const DUPLICATE_POLICIES = ['own-name', 'both', 'mailbox-name'] as const satisfies readonly DuplicatePolicy[];
export const SYSTEM_SENDER_RULES = ['everyone', 'when-nothing-else'] as const satisfies readonly SystemSenderRule[];
export const MAX_MAILBOX_LIMIT = 100_000;

const KEY = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const memberIds = () => yup.array().strict().of(adminId().required()).max(10_000).required();
const listed = yup.object({ users: memberIds(), roles: memberIds() });

const domains = () => yup.array().strict().of(text(255).required()).max(1000);

const shape = {
  name: text(255),
  key: text(63).matches(KEY, 'is not a key: lower-case letters, digits and inner hyphens'),
  members: yup
    .mixed<'everyone' | { users: number[]; roles: number[] }>()
    .test(
      'members',
      "is neither 'everyone' nor { users, roles }",
      (value) => value === undefined || value === 'everyone' || (isPlainObject(value) && parse(listed, value).ok)
    ),
  mailboxLimit: integer(0, MAX_MAILBOX_LIMIT).nullable(),
  mailboxDomains: domains(),
  ownAddress: yup.string().strict().oneOf(OWN_ADDRESS_RULES),
  ownAddressDomains: domains(),
  duplicatePolicy: yup.string().strict().oneOf(DUPLICATE_POLICIES),
  systemSender: yup.string().strict().oneOf(SYSTEM_SENDER_RULES),
  system: yup
    .object({ name: yup.string().strict(), email: yup.string().strict() })
    .nullable()
    .optional()
    .default(undefined),
};

export const tenantCreateSchema = yup.object({ ...shape, name: shape.name.defined() });
export const tenantUpdateSchema = yup.object(shape);

export interface TenantChange extends Partial<TenantRules> {
  name?: string;
  key?: string;
  members?: Members;
  /** Replaces the whole override; both null: none. */
  system?: { name: string | null; email: string | null };
}

export type TenantDraft = TenantChange & { name: string };

const readDomains = (list: readonly string[]): string[] | null => {
  const ascii = list.map((domain) => toAsciiDomain(domain));
  return ascii.includes(null) ? null : [...new Set(ascii as string[])];
};

const read = (value: yup.InferType<typeof tenantUpdateSchema>): Parsed<TenantChange> => {
  const { name, mailboxDomains, ownAddressDomains, system, members, ...rest } = value;
  const change: TenantChange = { ...rest };
  if (name !== undefined) {
    const clean = normalise(name).trim();
    if (clean === '') return reject('INVALID_INPUT', { path: 'name', reason: 'must not be empty' });
    // Never sent, so it may contain `@`. NFC can make a text longer, so the length is checked again.
    const problem = recipientNameProblem(clean);
    if (problem !== null) return reject('INVALID_NAME', { path: 'name', reason: problem });
    change.name = clean;
  }
  if (members !== undefined) {
    change.members =
      members === 'everyone' ? members : { users: [...new Set(members.users)], roles: [...new Set(members.roles)] };
  }
  for (const [path, list] of Object.entries({ mailboxDomains, ownAddressDomains })) {
    if (list === undefined) continue;
    const ascii = readDomains(list);
    if (!ascii) return reject('INVALID_INPUT', { path, reason: 'holds something that is not a domain' });
    change[path as 'mailboxDomains' | 'ownAddressDomains'] = ascii;
  }
  if (system !== undefined) {
    const override = { name: null as string | null, email: null as string | null };
    if (system?.email !== undefined) {
      const address = parseAddrSpec(system.email);
      if (!address.ok) return reject('INVALID_ADDRESS', { path: 'system.email', reason: address.reason });
      override.email = address.email;
    }
    const systemName = normalise(system?.name ?? '').trim();
    if (systemName !== '') {
      const problem = nameProblem(systemName);
      if (problem !== null) return reject('INVALID_NAME', { path: 'system.name', reason: problem });
      override.name = systemName;
    }
    change.system = override;
  }
  return accept(change);
};

/** `members` has two shapes, for which yup cannot check unknown keys. */
const unknownMembersKey = (input: unknown): string | null => {
  const members = isPlainObject(input) ? input.members : undefined;
  const key = isPlainObject(members) ? Object.keys(members).find((name) => !Object.hasOwn(listed.fields, name)) : null;
  return key ? `members.${key}`.slice(0, 200) : null;
};

const parseShape = <S extends yup.AnyObjectSchema>(schema: S, input: unknown): Parsed<yup.InferType<S>> => {
  const parsed = parse(schema, input);
  if (parsed.ok || parsed.refusal.code === 'UNKNOWN_FIELD') return parsed;
  const unknown = unknownMembersKey(input);
  return unknown === null ? parsed : reject('UNKNOWN_FIELD', { path: unknown });
};

/** @returns `UNKNOWN_FIELD`, `INVALID_INPUT`, `INVALID_ADDRESS`, `INVALID_NAME` */
export const parseTenantDraft = (input: unknown): Parsed<TenantDraft> => {
  const parsed = parseShape(tenantCreateSchema, input);
  return parsed.ok ? (read(parsed.value) as Parsed<TenantDraft>) : parsed;
};

/** @returns as `parseTenantDraft`; only the given keys are in the result */
export const parseTenantChange = (input: unknown): Parsed<TenantChange> => {
  const parsed = parseShape(tenantUpdateSchema, input);
  return parsed.ok ? read(parsed.value) : parsed;
};

/** Derives a key from a name, in lower-case ASCII. */
export const keyFromName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 50)
    .replace(/-$/, '') || 'tenant';
