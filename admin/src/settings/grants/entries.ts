import type { Grant } from '../../../../server/src/contracts/answers';
import type { MailboxInput } from '../../../../server/src/contracts/services';

/** A grant in the form; a stored one has an id. */
export interface GrantEntry {
  kind: 'user' | 'role';
  subject: number;
  /** ISO 8601; null: no end */
  expiresAt: string | null;
  id: string | null;
}

export const entryOf = ({ id, user, role, expiresAt }: Grant): GrantEntry =>
  user !== null ? { kind: 'user', subject: user, expiresAt, id } : { kind: 'role', subject: role ?? 0, expiresAt, id };

export type Subject = Pick<GrantEntry, 'kind' | 'subject'>;

export const sameSubject = (a: Subject, b: Subject): boolean => a.kind === b.kind && a.subject === b.subject;

export const keyOf = ({ kind, subject }: Subject): string => `${kind}-${subject}`;

/** Returns the grants to add and to revoke. */
export const difference = (stored: readonly GrantEntry[], wanted: readonly GrantEntry[]) => ({
  revoked: stored.filter((entry) => !wanted.some((other) => sameSubject(entry, other))),
  granted: wanted.filter(
    (entry) => !stored.some((other) => sameSubject(entry, other) && other.expiresAt === entry.expiresAt)
  ),
});

/** Returns the grants of a save; undefined: unchanged. */
export const grantsBody = ({ granted, revoked }: ReturnType<typeof difference>): MailboxInput['grants'] =>
  granted.length + revoked.length === 0
    ? undefined
    : {
        add: granted.map(({ kind, subject, expiresAt }) => ({ [kind]: subject, expiresAt })),
        remove: revoked.flatMap(({ id }) => id ?? []),
      };

/** Returns the stored grants after a save. @param added answer of the save */
export const afterSave = (
  stored: readonly GrantEntry[],
  { granted, revoked }: ReturnType<typeof difference>,
  added: readonly Grant[]
): GrantEntry[] => [
  ...stored.filter((entry) => ![...granted, ...revoked].some((other) => sameSubject(entry, other))),
  ...added.map(entryOf),
];

const two = (n: number): string => String(n).padStart(2, '0');

/** Returns the day of an end in the time zone of the browser, in the format of a date field. */
export const dayOf = (expiresAt: string | null): string => {
  if (expiresAt === null) return '';
  const date = new Date(expiresAt);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** Returns the last second of a day in the time zone of the browser; null for an empty or incomplete day. */
export const endOf = (day: string): string | null => {
  const date = new Date(`${day}T23:59:59`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

export const isOver = ({ expiresAt }: Pick<GrantEntry, 'expiresAt'>, now: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= now;
