import type { Actor, UserFacts, By } from '../domain/actor';
import type { WhoMayUseRow } from '../contracts/answers';
import { mayAdminister } from '../domain/administration';
import { listIdentities, mayAct, resolve, type Decision, type IdentityId, type IdentityList } from '../domain/identity';
import { MESSAGE } from '../domain/refusal';
import { DEFAULT_TENANT_KEY, tenantOf as meantTenant } from '../domain/tenant';
import { partOf, type Part } from '../contracts/identities';
import { DEFAULT_PAGE } from '../contracts/query';
import type { Queries } from '../database/dialect';
import { connectionOf } from '../database/transaction';
import { stop } from '../strapi/error';
import { loadAuthor } from './author';
import { createFactsLoader, type FactsDependencies } from './repository';
import { createSubjects, problemOf } from './subjects';
import { loadUsers } from './users';
import { createWhoMayUse, type WhoQuestion } from './who-may-use';

export interface ListQuestion extends By {
  tenant?: string;
}

export interface CheckQuestion extends ListQuestion {
  from: IdentityId;
  replyTo?: IdentityId;
}

export type Decided = Decision & { tenant: string | null };

export const createIdentitiesService = (dependencies: FactsDependencies) => {
  const { strapi } = dependencies;
  const loader = createFactsLoader(dependencies);
  const who = createWhoMayUse(loader);
  const subjects = createSubjects(strapi, loader);
  const db = (): Queries => connectionOf(strapi);

  /** The decision for any number of questions, in at most five statements (rules §8). */
  const decide = async (queries: Queries, questions: readonly CheckQuestion[]): Promise<Decided[]> => {
    const answers = await loader.load(
      queries,
      questions.map(({ actor, tenant }) => ({ actor, tenant }))
    );
    return answers.map((answer, index) => {
      const question = questions[index] as CheckQuestion;
      if (!answer.facts) return { allowed: false, code: answer.code, message: MESSAGE[answer.code], tenant: null };
      return {
        ...resolve(answer.facts, { from: question.from, replyTo: question.replyTo }),
        tenant: answer.facts.tenant.id,
      };
    });
  };

  /**
   * What the actor is offered in From and Reply-To.
   *
   * @throws TENANT_MISMATCH, FORBIDDEN_TO_SEND and nothing else
   */
  const listFor = async ({ actor, tenant }: ListQuestion): Promise<IdentityList> => {
    const [answer] = await loader.load(db(), [{ actor, tenant, last: true }]);
    if (!answer?.facts) return stop('TENANT_MISMATCH');
    const refused = mayAct(answer.facts);
    return refused ? stop(refused) : listIdentities(answer.facts);
  };

  /** May the actor send as `from`, with answers to `replyTo`? Never throws for a refusal. */
  const check = async (question: CheckQuestion): Promise<Decision> => {
    const [decided] = await decide(db(), [question]);
    if (!decided) throw new Error('[mailboxes] a question was not answered');
    const { tenant: _, ...decision } = decided;
    return decision;
  };

  /** The tenants a user is a member of, for the tenant switch. */
  const tenantsOf = async (actor: Actor): Promise<{ id: string; key: string; name: string; default: boolean }[]> => {
    const user =
      actor.type === 'user' ? (await loadUsers(strapi, db(), [actor.id], [])).get(actor.id)?.facts : undefined;
    const tenants = user ? await loader.tenantsOf(db(), user) : [];
    return tenants.map(({ id, key, name }) => ({ id, key, name, default: key === DEFAULT_TENANT_KEY }));
  };

  /** An admin user with the right to send as it is now. */
  const userOf = async (id: number): Promise<UserFacts | null> =>
    (await loadUsers(strapi, db(), [id], ['communication.send'])).get(id)?.facts ?? null;

  /** The user who writes; null: one who may not, now. */
  const writerOf = async (actor: Actor): Promise<number | null> => {
    const user = actor.type === 'user' ? await userOf(actor.id) : null;
    return user?.exists && user.isActive && !user.blocked && user.maySend ? user.id : null;
  };

  /** documentId of the tenant that a request of the actor means (rules §6); null: none that it may ask about. */
  const tenantOf = async (actor: Actor, named: string | undefined): Promise<string | null> =>
    loader.tenantOf(db(), actor, named);

  /** As `tenantOf`, of those alone that the user is a member of, whatever it administers. */
  const membershipOf = async (user: number, named: string | undefined): Promise<string | null> => {
    const facts = await userOf(user);
    return facts && (meantTenant(facts, await loader.tenantsOf(db(), facts), named)?.id ?? null);
  };

  const administratorOf = (actor: Actor, queries: Queries = db()) => loader.administratorOf(queries, actor);

  /**
   * Everyone who may use a mailbox, and why: the other direction of `listFor`. Asks no rights of the caller.
   *
   * @param within documentIds of the tenants to answer for; none: every tenant in which it could be used
   */
  const whoMayUse = (
    mailbox: string,
    {
      tenant,
      q = '',
      page = DEFAULT_PAGE.page,
      pageSize = DEFAULT_PAGE.pageSize,
    }: Partial<Omit<WhoQuestion, 'within'>> = {},
    within?: ReadonlySet<string>
  ): Promise<{ rows: WhoMayUseRow[]; total: number }> => who(db(), mailbox, { tenant, q, page, pageSize, within });

  /**
   * What a user is offered in a tenant, and why, for somebody who grants there.
   *
   * @param user id as it stands in the URL
   * @param part a page of the identities, `total` counts them all; null: the whole list
   * @throws FORBIDDEN; NOT_FOUND for a user or tenant that is not the asker's to see; TENANT_MISMATCH, FORBIDDEN_TO_SEND as `listFor`, with `details.because` (`GrantProblem`)
   */
  const explainUser = async (
    user: string,
    { actor, tenant, part }: ListQuestion & { part: Part }
  ): Promise<{ list: IdentityList; total: number }> => {
    const id = /^[1-9]\d{0,8}$/.test(user) ? Number(user) : 0;
    const admin = await loader.administratorOf(db(), actor);
    const [answer] = await loader.load(db(), [{ actor: { type: 'user', id }, tenant, last: true }]);
    const refused = mayAdminister(admin, 'grants.manage', answer?.facts?.tenant.id ?? null);
    if (refused) return stop(refused);
    if (answer?.facts?.actor.type !== 'user' || !answer.facts.actor.exists) return stop('NOT_FOUND');
    const cannotAct = mayAct(answer.facts);
    if (cannotAct) return stop(cannotAct, { because: problemOf(answer.facts.actor) });
    return partOf(listIdentities(answer.facts), part);
  };

  return {
    decide,
    listFor,
    check,
    tenantsOf,
    tenantOf,
    membershipOf,
    userOf,
    writerOf,
    authorOf: (id: number) => loadAuthor(strapi, db(), id),
    administratorOf,
    whoMayUse,
    explainUser,
    /** For the noun that grants: who these users and roles are, and what keeps a grant to them from having an effect. */
    describe: (mailbox: string, of: { users: readonly number[]; roles: readonly number[] }) =>
      subjects(db(), mailbox, of),
  };
};

export type IdentitiesService = ReturnType<typeof createIdentitiesService>;
