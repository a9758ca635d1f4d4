import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import { suggest, type Suggestion, type Use } from '../../domain/suggestion';
import { int, type Queries } from '../../database/dialect';
import { TABLES } from '../../database/tables';
import { connectionOf } from '../../database/transaction';
import type { IdentitiesService } from '../../identities/service';
import { stop } from '../../strapi/error';

export interface SuggestionsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'membershipOf' | 'writerOf'>;
}

/** How far back is looked, and how much of that is read. */
const LAST_SUBMISSIONS = 500;
const MOST_USES = 2000;

/**
 * Whom this user wrote to last. The submissions are found by the index of user, tenant and time, whatever their number;
 * what was called back was written to nobody.
 */
const usesOf = async (queries: Queries, user: number, tenant: string): Promise<Use[]> => {
  const last = queries(TABLES.submissions)
    .where({ actor_user: user, tenant })
    .orderBy('created_at', 'desc')
    .limit(LAST_SUBMISSIONS)
    .select('id', 'state', 'created_at')
    .as('s');
  const rows: { key: string; name: string | null; email: string; n: unknown; last_at: unknown }[] = await queries
    .from(last)
    .join(`${TABLES.recipients} as r`, 'r.submission', 's.id')
    .where('s.state', '<>', 'canceled')
    .groupBy('r.email_key', 'r.name')
    .select({ key: 'r.email_key', name: 'r.name' })
    .count({ n: '*' })
    .max({ last_at: 's.created_at', email: 'r.email' })
    .orderBy('last_at', 'desc')
    .limit(MOST_USES);
  return rows.map(({ key, name, email, n, last_at }) => ({
    email,
    key,
    name,
    count: Number(n),
    lastAt: int(last_at) ?? 0,
  }));
};

/**
 * Recipients that a user may mean, from its own submissions in a tenant: nobody's log says whom others write to. They are
 * looked through here and not by the database: SQLite knows the two cases of ASCII only.
 */
export const createSuggestions =
  ({ strapi, identities }: SuggestionsDependencies) =>
  /** @throws FORBIDDEN_TO_SEND, TENANT_MISMATCH */
  async ({ actor, tenant: named, q = '' }: { actor: Actor; tenant?: string; q?: string }): Promise<Suggestion[]> => {
    const user = (await identities.writerOf(actor)) ?? stop('FORBIDDEN_TO_SEND');
    const tenant = (await identities.membershipOf(user, named)) ?? stop('TENANT_MISMATCH');
    return suggest(await usesOf(connectionOf(strapi), user, tenant), q);
  };
