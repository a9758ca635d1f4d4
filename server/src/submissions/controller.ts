import { parse } from '../contracts/parse';
import { nothing, parseListQuery, parseQuery } from '../contracts/query';
import { readRequest, rescheduleSchema, settleSchema } from '../contracts/submission';
import { authorFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { pagination } from '../contracts/page';
import type { SubmissionsService } from './service';

export const createSubmissionsController = (submissions: SubmissionsService) => ({
  async create(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const input = orThrow(readRequest(bodyFrom(ctx)));
    ctx.status = 202;
    ctx.body = { data: await submissions.submitFromPage({ ...input, actor }) };
  },

  async preview(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const input = orThrow(readRequest(bodyFrom(ctx)));
    ctx.body = { data: await submissions.preview(actor, input) };
  },

  async find(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const query = orThrow(parseListQuery(ctx.query, ['tenant', 'state', 'from', 'since', 'until', 'author']));
    const { rows, total } = await submissions.findPage({ actor, ...query });
    ctx.body = { data: rows, meta: pagination(query, total) };
  },

  async findOne(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await submissions.get(idFrom(ctx), { actor }) };
  },

  async timeline(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await submissions.timeline(idFrom(ctx), { actor }) };
  },

  async cancel(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parse(nothing, bodyFrom(ctx) ?? {}));
    ctx.body = { data: await submissions.cancel(idFrom(ctx), { actor }) };
  },

  async retry(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parse(nothing, bodyFrom(ctx) ?? {}));
    ctx.body = { data: await submissions.retry(idFrom(ctx), { actor }) };
  },

  async settle(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const { as } = orThrow(parse(settleSchema, bodyFrom(ctx) ?? {}));
    ctx.body = { data: await submissions.settle(idFrom(ctx), { actor, as }) };
  },

  async reschedule(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const moved = orThrow(parse(rescheduleSchema, bodyFrom(ctx) ?? {}));
    ctx.body = { data: await submissions.reschedule(idFrom(ctx), { actor, ...moved }) };
  },

  async suggest(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const query = orThrow(parseQuery(ctx.query, ['tenant', 'q']));
    ctx.body = { data: await submissions.suggest({ actor, ...query }) };
  },

  async overview(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const { tenant } = orThrow(parseQuery(ctx.query, ['tenant']));
    ctx.body = { data: await submissions.overview({ actor, tenant }) };
  },

  async resend(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const input = orThrow(readRequest(bodyFrom(ctx)));
    ctx.status = 202;
    ctx.body = { data: await submissions.resend(idFrom(ctx), { to: undefined, ...input, actor }) };
  },

  async byDay(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const { tenant, zone } = orThrow(parseQuery(ctx.query, ['tenant', 'zone']));
    ctx.body = { data: await submissions.byDay({ actor, tenant, zone }) };
  },
});
