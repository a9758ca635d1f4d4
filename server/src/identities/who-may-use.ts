import { setImmediate as turn } from 'node:timers/promises';
import type { UserFacts } from '../domain/actor';
import { mayAct, reasonsToUse, type Because } from '../domain/identity';
import type { WhoMayUseRow } from '../contracts/answers';
import type { Page } from '../contracts/query';
import { contains, joined, orNothing, type Queries } from '../database/dialect';
import { offsetOf } from '../contracts/page';
import type { FactsLoader } from './repository';

/** Users × tenants decided per turn of the event loop: deciding blocks the process. */
const QUESTIONS_AT_ONCE = 1000;

export interface WhoQuestion extends Page {
  /** Part of a name or of the account e-mail; '': all users. */
  q: string;
  tenant: string | undefined;
  /** documentIds of the tenants to include; undefined: every tenant in which the mailbox can be used. */
  within: ReadonlySet<string> | undefined;
}

/** Returns ids of users after one of them, ascending. */
const usersAfter = async (queries: Queries, q: string, after: number, limit: number): Promise<number[]> => {
  const query = queries('admin_users as u').where('u.id', '>', after).orderBy('u.id').limit(limit).select('u.id');
  if (q !== '') {
    const fullName = joined(queries, ["COALESCE(u.firstname, '')", "COALESCE(u.lastname, '')"], ' ');
    query.where((where) => {
      for (const text of ['u.email', fullName]) where.orWhere(contains(queries, text, q));
    });
  }
  const rows: { id: number }[] = await orNothing(query, []);
  return rows.map(({ id }) => id);
};

/**
 * Pages through the users of a mailbox: by tenant, oldest first, then by the user's id. Decides about every user,
 * because no SQL repeats a rule and `total` is exact (decision 0006).
 */
export function createWhoMayUse(loader: Pick<FactsLoader, 'load' | 'tenantsFor'>) {
  return async (
    queries: Queries,
    mailbox: string,
    { q, tenant, within, ...page }: WhoQuestion
  ): Promise<{ rows: WhoMayUseRow[]; total: number }> => {
    const tenants = (await loader.tenantsFor(queries, mailbox)).flatMap(({ id, key }) =>
      (tenant === undefined || id === tenant || key === tenant) && (within === undefined || within.has(id)) ? [id] : []
    );
    const first = offsetOf(page);
    const last = first + page.pageSize;
    // Keeps at most the rows that the page can need: all of them may be users × tenants.
    const found = new Map(tenants.map((id): [string, WhoMayUseRow[]] => [id, []]));
    const limit = Math.max(1, Math.floor(QUESTIONS_AT_ONCE / Math.max(1, tenants.length)));
    let total = 0;
    let users = tenants.length > 0 ? await usersAfter(queries, q, 0, limit) : [];
    while (users.length > 0) {
      const rows = await decide(queries, users, tenants, mailbox);
      total += rows.length;
      for (const row of rows) {
        const kept = found.get(row.tenant);
        if (kept && kept.length < last) kept.push(row);
      }
      // SQLite resolves within the same turn, so waiting for it never yields to other requests.
      await turn();
      users = users.length < limit ? [] : await usersAfter(queries, q, users.at(-1) ?? 0, limit);
    }
    return { rows: [...found.values()].flat().slice(first, last), total };
  };

  async function decide(
    queries: Queries,
    users: readonly number[],
    tenants: readonly string[],
    mailbox: string
  ): Promise<WhoMayUseRow[]> {
    const questions = tenants.flatMap((tenant) =>
      users.map((id) => ({ actor: { type: 'user' as const, id }, tenant }))
    );
    const answers = await loader.load(queries, questions, { mailbox });
    return answers.flatMap(({ facts }) => {
      const because = facts && mayAct(facts) === null ? reasonsToUse(facts, mailbox) : null;
      return facts?.actor.type === 'user' && because ? [rowOf(facts.actor, facts.tenant.id, because)] : [];
    });
  }
}

const rowOf = ({ id, firstname, lastname, email }: UserFacts, tenant: string, because: Because[]): WhoMayUseRow => ({
  user: id,
  name: [firstname, lastname].filter(Boolean).join(' '),
  email,
  tenant,
  because,
});
