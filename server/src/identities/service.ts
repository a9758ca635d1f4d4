import type { Actor, UserFacts } from '../domain/actor';
import { mayAdminister } from '../domain/administration';
import {
  listIdentities,
  mayAct,
  reasonsToUse,
  resolve,
  type Because,
  type Decision,
  type IdentityId,
  type IdentityList,
} from '../domain/identity';
import { MESSAGE } from '../domain/refusal';
import { DEFAULT_TENANT_KEY } from '../domain/tenant';
import { DEFAULT_PAGE, type Page } from '../contracts/query';
import type { Queries } from '../database/dialect';
import { connectionOf } from '../database/transaction';
import { stop } from '../strapi/error';
import { offsetOf } from '../strapi/page';
import { createFactsLoader, type FactsDependencies } from './repository';
import { createSubjects } from './subjects';
import { loadUsers } from './users';

export interface ListQuestion {
  actor: Actor;
  tenant?: string;
}

export interface CheckQuestion extends ListQuestion {
  from: IdentityId;
  replyTo?: IdentityId;
}

export interface WhoMayUseRow {
  user: number;
  name: string;
  email: string;
  /** documentId */
  tenant: string;
  because: Because[];
}

export type Decided = Decision & { tenant: string | null };

/** How many users are read at once to answer who may use a mailbox. */
const USER_BATCH = 500;

export const createIdentitiesService = (dependencies: FactsDependencies) => {
  const { strapi } = dependencies;
  const loader = createFactsLoader(dependencies);
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

  /** documentId of the tenant that a request of the actor means (rules §6); null: none that it may ask about. */
  const tenantOf = async (actor: Actor, named: string | undefined): Promise<string | null> =>
    loader.tenantOf(db(), actor, named);

  const administratorOf = (actor: Actor, queries: Queries = db()) => loader.administratorOf(queries, actor);

  /**
   * Everyone who may use a mailbox, and why: the other direction of `listFor`. Asks no rights of the caller.
   *
   * @param within documentIds of the tenants to answer for; none: every tenant in which it could be used
   */
  const whoMayUse = async (
    mailbox: string,
    { tenant, page = DEFAULT_PAGE.page, pageSize = DEFAULT_PAGE.pageSize }: { tenant?: string } & Partial<Page> = {},
    within?: ReadonlySet<string>
  ): Promise<{ rows: WhoMayUseRow[]; total: number }> => {
    const tenants = (await loader.tenantsFor(db(), mailbox)).filter(
      ({ id, key }) =>
        (tenant === undefined || id === tenant || key === tenant) && (within === undefined || within.has(id))
    );
    const first = offsetOf({ page, pageSize });
    const rows: WhoMayUseRow[] = [];
    let total = 0;
    for (const { id } of tenants) {
      for await (const users of batchesOfUsers(db())) {
        const answers = await loader.load(
          db(),
          users.map((user) => ({ actor: { type: 'user', id: user }, tenant: id }))
        );
        for (const { facts } of answers) {
          const because = facts && mayAct(facts) === null ? reasonsToUse(facts, mailbox) : null;
          if (!facts || !because || facts.actor.type !== 'user') continue;
          if (total >= first && rows.length < pageSize) rows.push(rowOf(facts.actor, id, because));
          total += 1;
        }
      }
    }
    return { rows, total };
  };

  /**
   * What a user is offered in a tenant, and why, for somebody who grants there.
   *
   * @param user id as it stands in the URL
   * @throws FORBIDDEN; NOT_FOUND for a user or tenant that is not the asker's to see; TENANT_MISMATCH, FORBIDDEN_TO_SEND as `listFor`
   */
  const explainUser = async (user: string, { actor, tenant }: ListQuestion): Promise<IdentityList> => {
    const id = /^\d{1,9}$/.test(user) ? Number(user) : 0;
    const admin = await loader.administratorOf(db(), actor);
    const [answer] = await loader.load(db(), [{ actor: { type: 'user', id }, tenant, last: true }]);
    const refused = mayAdminister(admin, 'grants.manage', answer?.facts?.tenant.id ?? null);
    if (refused) return stop(refused);
    if (!answer?.facts?.actor.exists) return stop('NOT_FOUND');
    const cannotAct = mayAct(answer.facts);
    return cannotAct ? stop(cannotAct) : listIdentities(answer.facts);
  };

  const subjects = createSubjects(strapi, loader);

  return {
    decide,
    listFor,
    check,
    tenantsOf,
    tenantOf,
    userOf,
    administratorOf,
    whoMayUse,
    explainUser,
    /** For the noun that grants: who these users and roles are, and what keeps a grant to them from having an effect. */
    describe: (mailbox: string, of: { users: readonly number[]; roles: readonly number[] }) =>
      subjects(db(), mailbox, of),
  };
};

const rowOf = ({ id, firstname, lastname, email }: UserFacts, tenant: string, because: Because[]): WhoMayUseRow => ({
  user: id,
  name: [firstname, lastname].filter(Boolean).join(' '),
  email,
  tenant,
  because,
});

async function* batchesOfUsers(queries: Queries): AsyncGenerator<number[]> {
  for (let after = 0; ;) {
    const rows: { id: number }[] = await queries('admin_users')
      .where('id', '>', after)
      .orderBy('id')
      .limit(USER_BATCH)
      .select('id');
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    yield ids;
    after = Math.max(...ids);
  }
}

export type IdentitiesService = ReturnType<typeof createIdentitiesService>;
