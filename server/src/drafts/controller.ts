import { parseListQuery, parseQuery } from '../contracts/query';
import { authorFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { pagination } from '../contracts/page';
import type { DraftsService } from './service';

export const createDraftsController = (drafts: DraftsService) => ({
  async find(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const query = orThrow(parseListQuery(ctx.query, ['tenant']));
    const { rows, total } = await drafts.findPage({ actor, ...query });
    ctx.body = { data: rows, meta: pagination(query, total) };
  },

  async create(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const draft = await drafts.create(bodyFrom(ctx), { actor });
    ctx.status = 201;
    ctx.body = { data: draft };
  },

  async findOne(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await drafts.get(idFrom(ctx), { actor }) };
  },

  async update(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const input = bodyFrom(ctx);
    ctx.body = { data: await drafts.update(idFrom(ctx), input, { actor }) };
  },

  async delete(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parseQuery(ctx.query, []));
    await drafts.delete(idFrom(ctx), { actor });
    ctx.status = 204;
  },
});
