import { pagination, type Further } from '../contracts/page';
import { parseListQuery, parseQuery, type ListQuery } from '../contracts/query';
import type { Actor, By } from '../domain/actor';
import { adminFrom, authorFrom, bodyFrom, idFrom, type RequestContext } from './actor-from';
import { orThrow } from './error';

type Handler = (ctx: RequestContext) => Promise<void>;
type Run<K extends string> = (question: By & Partial<Record<K, string>>, ctx: RequestContext) => Promise<unknown>;
type ListKeys = NonNullable<Parameters<typeof parseListQuery>[1]>;

/** Handlers of routes for administrators: sessions and admin tokens. */
export const forAdmins = handlersFor(adminFrom);

/** Handlers of routes for sessions only. */
export const forAuthors = handlersFor(authorFrom);

function handlersFor(actorFrom: (ctx: RequestContext) => Actor) {
  return { page, read, create, update, remove };

  /**
   * Answers with one page of a list.
   *
   * @param keys keys of the query besides page, pageSize and q
   */
  function page(
    keys: ListKeys,
    find: (
      question: By & ListQuery,
      ctx: RequestContext
    ) => Promise<{ rows: readonly unknown[]; total: number; further?: Further }>
  ): Handler {
    return async (ctx) => {
      const actor = actorFrom(ctx);
      const query = orThrow(parseListQuery(ctx.query, keys));
      const { rows, total, further } = await find({ actor, ...query }, ctx);
      ctx.body = { data: rows, meta: pagination(query, total, further) };
    };
  }

  /** @param keys keys of the query */
  function read<const K extends string>(keys: readonly K[], find: Run<K>): Handler {
    return async (ctx) => {
      ctx.body = { data: await find(questionOf(ctx, keys), ctx) };
    };
  }

  function create(make: (input: unknown, by: By, ctx: RequestContext) => Promise<unknown>): Handler {
    return async (ctx) => {
      const actor = actorFrom(ctx);
      const made = await make(bodyFrom(ctx), { actor }, ctx);
      ctx.status = 201;
      ctx.body = { data: made };
    };
  }

  function update(change: (id: string, input: unknown, by: By) => Promise<unknown>): Handler {
    return async (ctx) => {
      const actor = actorFrom(ctx);
      ctx.body = { data: await change(idFrom(ctx), bodyFrom(ctx), { actor }) };
    };
  }

  /** @param keys keys of the query */
  function remove<const K extends string>(keys: readonly K[], run: Run<K>): Handler {
    return async (ctx) => {
      await run(questionOf(ctx, keys), ctx);
      ctx.status = 204;
    };
  }

  function questionOf<K extends string>(ctx: RequestContext, keys: readonly K[]): By & Partial<Record<K, string>> {
    const actor = actorFrom(ctx);
    return { actor, ...orThrow(parseQuery(ctx.query, keys)) };
  }
}
