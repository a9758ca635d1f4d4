import type { Grant } from '../../../server/src/contracts/answers';

/** A grant as the form holds it: one that is stored has an id. */
export interface GrantEntry {
  kind: 'user' | 'role';
  subject: number;
  expiresAt: string | null;
  id: string | null;
}

export const entryOf = ({ id, user, role, expiresAt }: Grant): GrantEntry =>
  user !== null ? { kind: 'user', subject: user, expiresAt, id } : { kind: 'role', subject: role ?? 0, expiresAt, id };

export const sameSubject = (a: GrantEntry, b: GrantEntry): boolean => a.kind === b.kind && a.subject === b.subject;

/** What has to be done so that the stored grants become those of the form. */
export const difference = (stored: readonly GrantEntry[], wanted: readonly GrantEntry[]) => ({
  revoked: stored.filter((entry) => !wanted.some((other) => sameSubject(entry, other))),
  granted: wanted.filter(
    (entry) => !stored.some((other) => sameSubject(entry, other) && other.expiresAt === entry.expiresAt)
  ),
});
