import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { holds } from '../domain/administration';
import { refusal } from '../domain/refusal';
import type { ListQuery } from '../contracts/query';
import { orNothing } from '../database/dialect';
import type { IdentitiesService } from '../identities/service';
import { MailboxesError } from '../strapi/error';
import { offsetOf } from '../contracts/page';

export interface Choice {
  id: number;
  name: string;
  email: string | null;
}

export interface Rows {
  rows: Choice[];
  total: number;
}

/** Users and roles to grant a mailbox to: names and addresses only, so that administrators need no `admin::users.read`. */
export function createPickers(
  strapi: Core.Strapi,
  identities: { administratorOf: IdentitiesService['administratorOf'] }
) {
  return { users, roles };

  async function users(actor: Actor, { q, id, ...page }: ListQuery): Promise<Rows> {
    await allow(actor);
    const where = {
      ...(id === undefined ? {} : { id }),
      ...(q === '' ? {} : { $or: ['email', 'firstname', 'lastname'].map((field) => ({ [field]: { $containsi: q } })) }),
    };
    const query = strapi.db.query('admin::user');
    const rows: { id: number; firstname: string | null; lastname: string | null; email: string }[] = await orNothing(
      query.findMany({
        where,
        select: ['id', 'firstname', 'lastname', 'email'],
        orderBy: [{ email: 'asc' }, { id: 'asc' }],
        limit: page.pageSize,
        offset: offsetOf(page),
      }),
      []
    );
    return {
      rows: rows.map(({ id, firstname, lastname, email }) => ({
        id,
        name: [firstname, lastname].filter(Boolean).join(' '),
        email,
      })),
      total: await orNothing(query.count({ where }), 0),
    };
  }

  async function roles(actor: Actor, { q, ...page }: ListQuery): Promise<Rows> {
    await allow(actor);
    const where = q === '' ? {} : { name: { $containsi: q } };
    const query = strapi.db.query('admin::role');
    const rows: { id: number; name: string }[] = await orNothing(
      query.findMany({
        where,
        select: ['id', 'name'],
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        limit: page.pageSize,
        offset: offsetOf(page),
      }),
      []
    );
    return {
      rows: rows.map(({ id, name }) => ({ id, name, email: null })),
      total: await orNothing(query.count({ where }), 0),
    };
  }

  async function allow(actor: Actor): Promise<void> {
    if (!holds(await identities.administratorOf(actor), 'grants.manage'))
      throw new MailboxesError(refusal('FORBIDDEN'));
  }
}

export type Pickers = ReturnType<typeof createPickers>;
