import type { Actor } from '../domain/actor';
import type { Queries } from '../database/dialect';
import { sameActor, type SubmissionRow } from '../outbox/repository';

interface UserRow {
  id: number;
  firstname: string | null;
  lastname: string | null;
  email: string | null;
}

export type AuthorNames = ReadonlyMap<number, string>;

/**
 * Reads the names of the admin users who wrote these submissions, in one statement; without one if all are the viewer's.
 *
 * @returns by the user's id: first and last name, else the e-mail address
 */
export const authorNamesOf = async (
  queries: Queries,
  rows: readonly SubmissionRow[],
  viewer: Actor
): Promise<AuthorNames> => {
  const others = rows.filter(({ actor }) => !sameActor(actor, viewer));
  const ids = [...new Set(others.flatMap(({ actor }) => (actor.type === 'user' ? [actor.id] : [])))];
  if (ids.length === 0) return new Map();
  const users: UserRow[] = await queries('admin_users')
    .whereIn('id', ids)
    .select('id', 'firstname', 'lastname', 'email');
  return new Map(
    users.map(({ id, firstname, lastname, email }) => {
      const name = [firstname, lastname].map((part) => part?.trim()).filter(Boolean);
      return [Number(id), name.join(' ') || (email ?? '')];
    })
  );
};
