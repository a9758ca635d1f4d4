import type { Core } from '@strapi/types';
import type { UserFacts } from '../domain/actor';
import { mayAct } from '../domain/identity';
import type { GrantProblem, GrantSubject } from '../contracts/answers';
import type { Queries } from '../database/dialect';
import type { FactsLoader } from './repository';
import { joinTableOf } from './users';

/** Number of users of a role read per batch. */
const BATCH = 500;

/** Returns why this user cannot send; without another reason it is the missing membership. */
export const problemOf = ({ blocked, isActive, maySend }: UserFacts): GrantProblem => {
  if (blocked) return 'blocked';
  if (!isActive) return 'inactive';
  return maySend ? 'not-a-member' : 'cannot-send';
};

/** Describes users and roles by name, and whether a grant to them has an effect, by the rule of sending (rules §2). */
export function createSubjects(strapi: Core.Strapi, loader: Pick<FactsLoader, 'load' | 'tenantsFor'>) {
  return async (
    queries: Queries,
    mailbox: string,
    { users, roles }: { users: readonly number[]; roles: readonly number[] }
  ): Promise<GrantSubject[]> => {
    const tenants = await loader.tenantsFor(queries, mailbox);
    const found = users.length > 0 ? await usersIn(queries, users, tenants) : new Map<number, never>();
    const named: { id: number; name: string }[] =
      roles.length > 0 ? await queries('admin_roles').whereIn('id', roles).orderBy('id').select('id', 'name') : [];
    const subjects: GrantSubject[] = [...found.values()].map(({ facts, problem }) => ({
      kind: 'user',
      id: facts.id,
      name: [facts.firstname, facts.lastname].filter(Boolean).join(' '),
      email: facts.email,
      problem,
    }));
    for (const { id, name } of named)
      subjects.push({ kind: 'role', id, name, email: null, problem: await problemOfRole(queries, id, tenants) });
    return subjects;
  };

  /** Returns the users, each with the problem that it has in all of the tenants; null without one. */
  async function usersIn(queries: Queries, users: readonly number[], tenants: readonly { id: string }[]) {
    const found = new Map<number, { facts: UserFacts; problem: GrantProblem | null }>();
    for (const { id: tenant } of tenants) {
      const answers = await loader.load(
        queries,
        users.map((id) => ({ actor: { type: 'user', id }, tenant }))
      );
      for (const { facts } of answers) {
        if (facts?.actor.type !== 'user' || !facts.actor.exists) continue;
        const { actor } = facts;
        const problem = mayAct(facts) === null ? null : problemOf(actor);
        if (problem === null || !found.has(actor.id)) found.set(actor.id, { facts: actor, problem });
      }
    }
    return found;
  }

  async function problemOfRole(
    queries: Queries,
    role: number,
    tenants: readonly { id: string }[]
  ): Promise<GrantProblem | null> {
    const { table, own, other } = joinTableOf(strapi, 'admin::user', 'roles');
    const rows: { id: number }[] = await queries(table)
      .where({ [other]: role })
      .orderBy(own)
      .select({ id: own });
    for (let from = 0; from < rows.length; from += BATCH) {
      const users = await usersIn(
        queries,
        rows.slice(from, from + BATCH).map(({ id }) => id),
        tenants
      );
      if ([...users.values()].some(({ problem }) => problem === null)) return null;
    }
    return rows.length === 0 ? 'no-users' : 'none-can-send';
  }
}
