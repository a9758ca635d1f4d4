import { parse } from '../contracts/parse';
import { nothing } from '../contracts/query';
import { readRequest, rescheduleSchema, settleSchema } from '../contracts/submission';
import { authorFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { forAuthors } from '../strapi/handlers';
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

  find: forAuthors.page(['tenant', 'state', 'from', 'since', 'until', 'author', 'after'], (question) =>
    submissions.findPage(question)
  ),

  findOne: forAuthors.read([], (by, ctx) => submissions.get(idFrom(ctx), by)),

  timeline: forAuthors.read([], (by, ctx) => submissions.timeline(idFrom(ctx), by)),

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

  suggest: forAuthors.read(['tenant', 'q'], (question) => submissions.suggest(question)),

  overview: forAuthors.read(['tenant'], (question) => submissions.overview(question)),

  async resend(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const input = orThrow(readRequest(bodyFrom(ctx)));
    ctx.status = 202;
    ctx.body = { data: await submissions.resend(idFrom(ctx), { to: undefined, ...input, actor }) };
  },

  byDay: forAuthors.read(['tenant', 'zone'], (question) => submissions.byDay(question)),
});
