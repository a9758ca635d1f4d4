import { parseListQuery, parseQuery } from '../contracts/query';
import { refusal } from '../domain/refusal';
import { adminFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { MailboxesError, orThrow } from '../strapi/error';
import { pagination } from '../contracts/page';
import type { TenantsService } from './service';

export const createTenantsController = (tenants: TenantsService) => ({
  async find(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query));
    const { rows, total } = await tenants.findPage({ actor: adminFrom(ctx), ...query });
    ctx.body = { data: rows, meta: pagination(query, total) };
  },

  async findOne(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    const tenant = await tenants.findOne(idFrom(ctx), { actor: adminFrom(ctx) });
    if (!tenant) throw new MailboxesError(refusal('NOT_FOUND'));
    ctx.body = { data: tenant };
  },

  async members(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await tenants.members(idFrom(ctx), { actor: adminFrom(ctx) }) };
  },

  async create(ctx: RequestContext) {
    const tenant = await tenants.create(bodyFrom(ctx), { actor: adminFrom(ctx) });
    ctx.status = 201;
    ctx.body = { data: tenant };
  },

  async update(ctx: RequestContext) {
    ctx.body = { data: await tenants.update(idFrom(ctx), bodyFrom(ctx), { actor: adminFrom(ctx) }) };
  },

  async delete(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    await tenants.delete(idFrom(ctx), { actor: adminFrom(ctx) });
    ctx.status = 204;
  },
});
