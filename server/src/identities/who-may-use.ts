import type { Core } from '@strapi/types';
import type { UserFacts } from '../domain/actor';
import { mayAct, reasonsToUse, type Because } from '../domain/identity';
import type { WhoMayUseRow } from '../contracts/answers';
import type { Page } from '../contracts/query';
import type { Queries } from '../database/dialect';
import { offsetOf } from '../contracts/page';
import { createAlike, type Alike, type Kind } from './alike';
import type { FactsLoader } from './repository';

/** How many users are read at once. */
const BATCH = 500;

export interface WhoQuestion extends Page {
  /** Part of a name or of the account e-mail; '': everybody. */
  q: string;
  tenant: string | undefined;
  /** documentIds of the tenants to answer for; undefined: every tenant in which the mailbox could be used. */
  within: ReadonlySet<string> | undefined;
}

/** Those of the users who may use the mailbox, in their order, each with the reasons. */
type Ask = (users: readonly number[]) => Promise<WhoMayUseRow[]>;

interface Part {
  offset: number;
  limit: number;
}

/** Everyone who may use a mailbox, page by page: tenant after tenant, oldest first, in each by the user's id. */
export const createWhoMayUse = (strapi: Core.Strapi, loader: Pick<FactsLoader, 'load' | 'tenantsFor'>) => {
  const alikeFor = createAlike(strapi);

  const decide = async (
    queries: Queries,
    users: readonly number[],
    tenant: string,
    mailbox: string
  ): Promise<WhoMayUseRow[]> => {
    if (users.length === 0) return [];
    const questions = users.map((id) => ({ actor: { type: 'user' as const, id }, tenant }));
    const answers = await loader.load(queries, questions, { mailbox });
    return answers.flatMap(({ facts }) => {
      const because = facts && mayAct(facts) === null ? reasonsToUse(facts, mailbox) : null;
      return facts?.actor.type === 'user' && because ? [rowOf(facts.actor, tenant, because)] : [];
    });
  };

  /** Where a condition of Strapi's permissions asks who the user is, everybody of such a kind is asked. */
  const walk = async (alike: Alike, kinds: readonly Kind[], ask: Ask, part: Part) => {
    const rows: WhoMayUseRow[] = [];
    let total = 0;
    for (let after = 0; ;) {
      const users = await alike.usersOf(kinds, { limit: BATCH, after });
      if (users.length === 0) return { rows, total };
      const allowed = await ask(users);
      rows.push(...allowed.slice(Math.max(0, part.offset - total), Math.max(0, part.offset + part.limit - total)));
      total += allowed.length;
      after = Math.max(...users);
    }
  };

  const pageOf = async (alike: Alike, ask: Ask, part: Part) => {
    const kinds = await alike.kinds();
    const may = new Set<number>();
    for (let from = 0; from < kinds.length; from += BATCH)
      for (const { user } of await ask(kinds.slice(from, from + BATCH).map(({ someone }) => someone))) may.add(user);
    const wanted = kinds.filter(({ someone, conditional }) => conditional || may.has(someone));
    if (wanted.some(({ conditional }) => conditional)) return walk(alike, wanted, ask, part);
    const total = wanted.reduce((sum, { users }) => sum + users, 0);
    if (part.limit === 0 || part.offset >= total) return { rows: [], total };
    return { rows: await ask(await alike.usersOf(wanted, part)), total };
  };

  return async (
    queries: Queries,
    mailbox: string,
    { q, tenant, within, ...page }: WhoQuestion
  ): Promise<{ rows: WhoMayUseRow[]; total: number }> => {
    const tenants = (await loader.tenantsFor(queries, mailbox)).filter(
      ({ id, key }) =>
        (tenant === undefined || id === tenant || key === tenant) && (within === undefined || within.has(id))
    );
    const first = offsetOf(page);
    const rows: WhoMayUseRow[] = [];
    let total = 0;
    for (const { id, numericId } of tenants) {
      const part = { offset: Math.max(0, first - total), limit: page.pageSize - rows.length };
      const alike = await alikeFor(queries, { mailbox, tenant: numericId, q });
      const found = await pageOf(alike, (users) => decide(queries, users, id, mailbox), part);
      rows.push(...found.rows);
      total += found.total;
    }
    return { rows, total };
  };
};

const rowOf = ({ id, firstname, lastname, email }: UserFacts, tenant: string, because: Because[]): WhoMayUseRow => ({
  user: id,
  name: [firstname, lastname].filter(Boolean).join(' '),
  email,
  tenant,
  because,
});
