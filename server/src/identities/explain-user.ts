import type { By } from '../domain/actor';
import { mayAdminister } from '../domain/administration';
import { listIdentities, mayAct, type IdentityList } from '../domain/identity';
import { partOf, type Part } from '../contracts/identities';
import type { Queries } from '../database/dialect';
import { stop } from '../strapi/error';
import type { createFactsLoader } from './repository';
import { problemOf } from './subjects';

export interface UserQuestion extends By {
  tenant?: string;
  /** A page of the identities; null: the whole list. */
  part: Part;
}

export const createExplainUser = (loader: Pick<ReturnType<typeof createFactsLoader>, 'administratorOf' | 'load'>) => {
  return explainUser;

  /**
   * Returns the identities offered to a user in a tenant, with reasons, for administrators of its grants; `total` counts
   * them all.
   *
   * @param user id as in the URL
   * @throws FORBIDDEN; NOT_FOUND for a user or tenant hidden from the actor; TENANT_MISMATCH, FORBIDDEN_TO_SEND as `listFor`, with `details.because` (`GrantProblem`)
   */
  async function explainUser(
    queries: Queries,
    user: string,
    { actor, tenant, part }: UserQuestion
  ): Promise<{ list: IdentityList; total: number }> {
    const id = /^[1-9]\d{0,8}$/.test(user) ? Number(user) : 0;
    const admin = await loader.administratorOf(queries, actor);
    const [answer] = await loader.load(queries, [{ actor: { type: 'user', id }, tenant, last: true }]);
    const refused = mayAdminister(admin, 'grants.manage', answer?.facts?.tenant.id ?? null);
    if (refused) return stop(refused);
    if (answer?.facts?.actor.type !== 'user' || !answer.facts.actor.exists) return stop('NOT_FOUND');
    const cannotAct = mayAct(answer.facts);
    if (cannotAct) return stop(cannotAct, { because: problemOf(answer.facts.actor) });
    return partOf(listIdentities(answer.facts), part);
  }
};
