import * as yup from 'yup';
import { parseAddrSpec, toAsciiDomain } from '../domain/address';
import type { Auth } from '../domain/auth';
import type { Encryption, MailboxFlags } from '../domain/mailbox';
import { nameProblem, normalise } from '../domain/text';
import { grantsSchema, readGrants, type GrantsChange } from './grant';
import type { MailboxInput } from './services';
import { accept, flag, integer, parse, reject, tenantRef, text, type Parsed } from './parse';

export const ENCRYPTIONS = ['tls', 'starttls', 'none'] as const satisfies readonly Encryption[];
export const AUTHS = ['password', 'none'] as const satisfies readonly Auth['type'][];
export type { Encryption, MailboxFlags };

const MAX_SIGNATURE = 50_000;
/** A host name, an IPv4 or IPv6 address, the latter with or without brackets. */
const HOST = /^[\p{L}\p{M}\p{N}.:[\]-]+$/u;
/** User name or password. No control characters: SMTP is a line protocol. */
const CREDENTIAL = /^[^\p{Cc}]*$/u;

export const smtpSchema = yup.object({
  host: text(255).min(1).matches(HOST, 'is not a host').required().meta({ allowed: 'a host name or an IP address' }),
  port: integer(1, 65_535).required(),
  encryption: yup.string().strict().oneOf(ENCRYPTIONS).required(),
  auth: yup.string().strict().oneOf(AUTHS).required(),
  username: text(255).min(1).matches(CREDENTIAL, 'holds control characters'),
  password: text(1024).min(1).matches(CREDENTIAL, 'holds control characters').nullable(),
});

/** Without `.default(undefined)` yup casts a missing object to an empty one. */
const optional = <S extends yup.AnyObjectSchema>(schema: S) => schema.optional().default(undefined);

const shape = {
  email: yup.string().strict(),
  name: yup.string().strict(),
  tenant: tenantRef(),
  enabled: flag(),
  sender: flag(),
  reply: flag(),
  global: flag(),
  restricted: flag(),
  authenticated: flag(),
  smtp: optional(smtpSchema),
  signature: optional(yup.object({ html: text(MAX_SIGNATURE), text: text(MAX_SIGNATURE) })),
  limits: optional(yup.object({ perMinute: integer(1, 1_000_000), connections: integer(1, 100) })),
  grants: optional(grantsSchema),
};

export const mailboxCreateSchema = yup.object({ ...shape, email: shape.email.defined(), name: shape.name.defined() });
export const mailboxUpdateSchema = yup.object(shape);

export type { SmtpSettings as SmtpInput } from './services';

/** The validated input of a mailbox; address and name are normalized. */
export interface MailboxChange extends Omit<Partial<MailboxInput>, 'email' | 'grants'> {
  address?: { email: string; key: string; domain: string };
  grants?: GrantsChange;
}

export type MailboxDraft = MailboxChange & Required<Pick<MailboxChange, 'address' | 'name'>>;

const normaliseHost = (host: string): string => (/[^\x00-\x7f]/.test(host) ? (toAsciiDomain(host) ?? host) : host);

type Raw = Omit<MailboxChange, 'address' | 'grants'> & {
  email?: string;
  grants?: yup.InferType<typeof grantsSchema>;
};

const read = ({ email, name, smtp, grants, ...rest }: Raw, now: number): Parsed<MailboxChange> => {
  const change: MailboxChange = { ...rest };
  if (email !== undefined) {
    const address = parseAddrSpec(email);
    if (!address.ok) return reject('INVALID_ADDRESS', { path: 'email', reason: address.reason });
    change.address = { email: address.email, key: address.key, domain: address.domain };
  }
  if (name !== undefined) {
    const clean = normalise(name).trim();
    const problem = clean === '' ? 'empty' : nameProblem(clean);
    if (problem !== null) return reject('INVALID_NAME', { path: 'name', reason: problem });
    change.name = clean;
  }
  if (smtp !== undefined) {
    const host = normaliseHost(smtp.host);
    if (/[^\x00-\x7f]/.test(host)) return reject('INVALID_INPUT', { path: 'smtp.host' });
    change.smtp = { ...smtp, host };
  }
  if (grants !== undefined) {
    const parsed = readGrants(grants, now);
    if (!parsed.ok) return parsed;
    change.grants = parsed.value;
  }
  return accept(change);
};

/**
 * @param now milliseconds since the epoch, for the end of a grant
 * @returns `UNKNOWN_FIELD`, `INVALID_INPUT`, `INVALID_ADDRESS`, `INVALID_NAME`
 */
export const parseMailboxDraft = (input: unknown, now: number): Parsed<MailboxDraft> => {
  const parsed = parse(mailboxCreateSchema, input);
  return parsed.ok ? (read(parsed.value as Raw, now) as Parsed<MailboxDraft>) : parsed;
};

/** @returns as `parseMailboxDraft`; only the given keys are in the result */
export const parseMailboxChange = (input: unknown, now: number): Parsed<MailboxChange> => {
  const parsed = parse(mailboxUpdateSchema, input);
  return parsed.ok ? read(parsed.value as Raw, now) : parsed;
};
