import * as yup from 'yup';
import { accept, adminId, ownId, parse, reject, text, type Parsed } from './parse';

const entry = {
  user: adminId(),
  role: adminId(),
  expiresAt: yup.string().strict().datetime({ allowOffset: true }).nullable(),
};

export const grantSchema = yup.object({ mailbox: text(255).min(1).required(), ...entry });

/** Entries of each list in one save: its transaction locks the mailbox. */
export const MAX_GRANTS = 100;

/** Changes of the grants in a save of their mailbox. */
export const grantsSchema = yup.object({
  add: yup.array().strict().of(yup.object(entry).required()).max(MAX_GRANTS),
  remove: yup.array().strict().of(ownId().required()).max(MAX_GRANTS),
});

/** A grant to add. */
export interface GrantEntry {
  subject: { user: number } | { role: number };
  /** Milliseconds since the epoch; null: no end. */
  expiresAt: number | null;
}

export interface GrantDraft extends GrantEntry {
  mailbox: string;
}

export interface GrantsChange {
  add: GrantEntry[];
  /** Ids */
  remove: string[];
}

/**
 * @param now milliseconds since the epoch
 * @returns `UNKNOWN_FIELD`; `INVALID_INPUT`, also for neither or both of user and role, and for an end before `now`
 */
export const parseGrantDraft = (input: unknown, now: number): Parsed<GrantDraft> => {
  const parsed = parse(grantSchema, input);
  if (!parsed.ok) return parsed;
  const read = readEntry(parsed.value, now);
  return read.ok ? accept({ mailbox: parsed.value.mailbox, ...read.value }) : read;
};

/** @returns as `parseGrantDraft`, with the path in the body of the mailbox */
export const readGrants = (
  { add = [], remove = [] }: yup.InferType<typeof grantsSchema>,
  now: number
): Parsed<GrantsChange> => {
  const entries: GrantEntry[] = [];
  for (const [index, raw] of add.entries()) {
    const read = readEntry(raw, now, `grants.add[${index}].`);
    if (!read.ok) return read;
    entries.push(read.value);
  }
  return accept({ add: entries, remove });
};

type RawEntry = Pick<yup.InferType<typeof grantSchema>, 'user' | 'role' | 'expiresAt'>;

/** @param at path of the entry in the body, with a dot at its end */
function readEntry({ user, role, expiresAt }: RawEntry, now: number, at = ''): Parsed<GrantEntry> {
  if ((user === undefined) === (role === undefined))
    return reject('INVALID_INPUT', { path: `${at}user`, reason: 'exactly one of user and role' });
  const end = expiresAt === undefined || expiresAt === null ? null : Date.parse(expiresAt);
  if (end !== null && !(end > now))
    return reject('INVALID_INPUT', { path: `${at}expiresAt`, reason: 'must be later than now' });
  return accept({ subject: user !== undefined ? { user } : { role: role as number }, expiresAt: end });
}
