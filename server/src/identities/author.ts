import type { Core } from '@strapi/types';
import type { Author } from '../domain/signature';
import type { Queries } from '../database/dialect';
import { joinTableOf } from './users';

interface Row {
  firstname: string | null;
  lastname: string | null;
  username: string | null;
  email: string;
  role: string | null;
}

/** Returns name and roles of a user as they are now; null for an unknown id. */
export const loadAuthor = async (strapi: Core.Strapi, queries: Queries, id: number): Promise<Author | null> => {
  const { table, own, other } = joinTableOf(strapi, 'admin::user', 'roles');
  const rows: Row[] = await queries('admin_users as u')
    .leftJoin(`${table} as l`, `l.${own}`, 'u.id')
    .leftJoin('admin_roles as r', 'r.id', `l.${other}`)
    .where('u.id', id)
    .orderBy('r.id')
    .select('u.firstname', 'u.lastname', 'u.username', 'u.email', { role: 'r.name' });
  const [user] = rows;
  if (!user) return null;
  const { firstname, lastname, username, email } = user;
  const name = [firstname, lastname]
    .map((part) => part?.trim())
    .filter(Boolean)
    .join(' ');
  return { name: name || username || email, roles: rows.flatMap(({ role }) => role ?? []) };
};
