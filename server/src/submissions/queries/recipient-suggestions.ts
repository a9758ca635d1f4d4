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

/** Submissions that are searched, and the rows that are read of their recipients. */
const LAST_SUBMISSIONS = 500;
const MAX_USES = 2000;

/**
 * Returns the user's last recipients, by the index of user, tenant and time. Canceled submissions do not count: they
 * reached no recipient.
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
    .limit(MAX_USES);
  return rows.map(({ key, name, email, n, last_at }) => ({
    email,
    key,
    name,
    count: Number(n),
    lastAt: int(last_at) ?? 0,
  }));
};

/**
 * Suggests recipients from the user's own submissions in a tenant; other users' recipients stay private. The search runs
 * here because SQLite ignores case for ASCII only.
 */
export const createSuggestions =
  ({ strapi, identities }: SuggestionsDependencies) =>
  /** @throws FORBIDDEN_TO_SEND, TENANT_MISMATCH */
  async ({ actor, tenant: named, q = '' }: { actor: Actor; tenant?: string; q?: string }): Promise<Suggestion[]> => {
    const user = (await identities.writerOf(actor)) ?? stop('FORBIDDEN_TO_SEND');
    const tenant = (await identities.membershipOf(user, named)) ?? stop('TENANT_MISMATCH');
    return suggest(await usesOf(connectionOf(strapi), user, tenant), q);
  };
