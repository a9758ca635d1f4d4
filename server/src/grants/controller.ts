import { isPlainObject } from '../contracts/parse';
import { parseListQuery, parseQuery } from '../contracts/query';
import { adminFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { pageOf, pagination } from '../contracts/page';
import type { Pickers } from './pickers';
import type { GrantsService } from './service';

export const createGrantsController = (grants: GrantsService, pickers: Pickers) => ({
  async find(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query));
    const rows = await grants.findMany({ actor: adminFrom(ctx), mailbox: idFrom(ctx) });
    ctx.body = { data: pageOf(rows, query), meta: pagination(query, rows.length) };
  },

  /** Names for the ids in the grants, and why a grant has no effect. */
  async subjects(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await grants.subjects({ actor: adminFrom(ctx), mailbox: idFrom(ctx) }) };
  },

  async create(ctx: RequestContext) {
    const body = bodyFrom(ctx);
    const input = isPlainObject(body) && body.mailbox === undefined ? { ...body, mailbox: idFrom(ctx) } : body;
    const grant = await grants.create(input, { actor: adminFrom(ctx), within: idFrom(ctx) });
    ctx.status = 201;
    ctx.body = { data: grant };
  },

  async delete(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    await grants.delete(idFrom(ctx, 'grantId'), { actor: adminFrom(ctx), within: idFrom(ctx) });
    ctx.status = 204;
  },

  async users(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query, ['id']));
    const { rows, total } = await pickers.users(adminFrom(ctx), query);
    ctx.body = { data: rows, meta: pagination(query, total) };
  },

  async roles(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query));
    const { rows, total } = await pickers.roles(adminFrom(ctx), query);
    ctx.body = { data: rows, meta: pagination(query, total) };
  },
});
