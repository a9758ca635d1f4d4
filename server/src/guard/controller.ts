import { parseListQuery, parseQuery } from '../contracts/query';
import { adminFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { pagination } from '../contracts/page';
import type { GuardService } from './service';

export const createGuardController = (guard: GuardService) => ({
  async status(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await guard.status({ actor: adminFrom(ctx) }) };
  },

  async findings(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query));
    const { rows, total } = await guard.findPage({ actor: adminFrom(ctx), ...query });
    ctx.body = { data: rows, meta: pagination(query, total) };
  },

  async forget(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    await guard.forget({ actor: adminFrom(ctx) });
    ctx.status = 204;
  },
});
