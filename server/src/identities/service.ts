import type { Actor, UserFacts, By } from '../domain/actor';
import type { WhoMayUseRow } from '../contracts/answers';
import { listIdentities, mayAct, resolve, type Decision, type IdentityId, type IdentityList } from '../domain/identity';
import { MESSAGE } from '../domain/refusal';
import { DEFAULT_TENANT_KEY, tenantOf as meantTenant } from '../domain/tenant';
import { DEFAULT_PAGE } from '../contracts/query';
import type { Queries } from '../database/dialect';
import { connectionOf } from '../database/transaction';
import { stop } from '../strapi/error';
import { loadAuthor } from './author';
import { createFactsLoader, type FactsDependencies } from './repository';
import { createExplainUser, type UserQuestion } from './explain-user';
import { createSubjects } from './subjects';
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

export function createIdentitiesService(dependencies: FactsDependencies) {
  const { strapi } = dependencies;
  const loader = createFactsLoader(dependencies);
  const who = createWhoMayUse(loader);
  const subjects = createSubjects(strapi, loader);
  const explainUser = createExplainUser(loader);
  const db = (): Queries => connectionOf(strapi);

  return {
    decide,
    listFor,
    check,
    tenantsOf,
    tenantOf,
    membershipOf,
    userOf,
    writerOf,
    authorOf,
    administratorOf,
    whoMayUse,
    explainUser: (user: string, question: UserQuestion) => explainUser(db(), user, question),
    describe,
  };

  /** Decides any number of questions in at most five statements (rules §8); the decisions keep their order. */
  async function decide(queries: Queries, questions: readonly CheckQuestion[]): Promise<Decided[]> {
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
  }

  /**
   * Returns the identities offered to the actor in From and Reply-To.
   *
   * @throws only TENANT_MISMATCH and FORBIDDEN_TO_SEND
   */
  async function listFor({ actor, tenant }: ListQuestion): Promise<IdentityList> {
    const [answer] = await loader.load(db(), [{ actor, tenant, last: true }]);
    if (!answer?.facts) return stop('TENANT_MISMATCH');
    const refused = mayAct(answer.facts);
    return refused ? stop(refused) : listIdentities(answer.facts);
  }

  /** Decides whether the actor may send as `from`, with replies to `replyTo`. Returns a refusal, never throws it. */
  async function check(question: CheckQuestion): Promise<Decision> {
    const [decided] = await decide(db(), [question]);
    if (!decided) throw new Error('[mailboxes] decide() returned fewer decisions than questions');
    const { tenant: _, ...decision } = decided;
    return decision;
  }

  /** Returns the tenants of a user, for the tenant switch. */
  async function tenantsOf(actor: Actor): Promise<{ id: string; key: string; name: string; default: boolean }[]> {
    const user =
      actor.type === 'user' ? (await loadUsers(strapi, db(), [actor.id], [])).get(actor.id)?.facts : undefined;
    const tenants = user ? await loader.tenantsOf(db(), user) : [];
    return tenants.map(({ id, key, name }) => ({ id, key, name, default: key === DEFAULT_TENANT_KEY }));
  }

  /** Returns the documentId of a request's tenant (rules §6); null without access to it. */
  async function tenantOf(actor: Actor, named: string | undefined): Promise<string | null> {
    return loader.tenantOf(db(), actor, named);
  }

  /** As `tenantOf`, for members only: rights of administration do not count. */
  async function membershipOf(user: number, named: string | undefined): Promise<string | null> {
    const facts = await userOf(user);
    return facts && (meantTenant(facts, await loader.tenantsOf(db(), facts), named)?.id ?? null);
  }

  /** Returns the facts of an admin user, permission to send included; null for an unknown id. */
  async function userOf(id: number): Promise<UserFacts | null> {
    return (await loadUsers(strapi, db(), [id], ['communication.send'])).get(id)?.facts ?? null;
  }

  /** Returns the user's id; null for an actor without permission to send. */
  async function writerOf(actor: Actor): Promise<number | null> {
    const user = actor.type === 'user' ? await userOf(actor.id) : null;
    return user?.exists && user.isActive && !user.blocked && user.maySend ? user.id : null;
  }

  function authorOf(id: number) {
    return loadAuthor(strapi, db(), id);
  }

  function administratorOf(actor: Actor, queries: Queries = db()) {
    return loader.administratorOf(queries, actor);
  }

  /**
   * Returns the users of a mailbox with their reasons, the reverse of `listFor`. Does not check the caller's rights.
   *
   * @param within documentIds of the tenants to include; default every tenant in which the mailbox can be used
   */
  function whoMayUse(
    mailbox: string,
    {
      tenant,
      q = '',
      page = DEFAULT_PAGE.page,
      pageSize = DEFAULT_PAGE.pageSize,
    }: Partial<Omit<WhoQuestion, 'within'>> = {},
    within?: ReadonlySet<string>
  ): Promise<{ rows: WhoMayUseRow[]; total: number }> {
    return who(db(), mailbox, { tenant, q, page, pageSize, within });
  }

  /** Returns names of users and roles, and why a grant to them has no effect. */
  function describe(mailbox: string, of: { users: readonly number[]; roles: readonly number[] }) {
    return subjects(db(), mailbox, of);
  }
}

export type IdentitiesService = ReturnType<typeof createIdentitiesService>;
