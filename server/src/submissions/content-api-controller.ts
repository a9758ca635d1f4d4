import { parseQuery } from '../contracts/query';
import { readRequest, withIdempotencyKey } from '../contracts/submission';
import { idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { machineFrom, type Bindings } from '../strapi/machine-from';
import type { SubmissionsService } from './service';

/** Submits for API tokens, each as the system actor that the configuration binds it to. */
export const createContentApiController = (submissions: SubmissionsService, bindings: Bindings) => ({
  async submit(ctx: RequestContext) {
    const actor = machineFrom(ctx, bindings);
    orThrow(parseQuery(ctx.query, []));
    const input = orThrow(readRequest(ctx.request.body, ctx.request.files));
    const keyed = withIdempotencyKey(input, ctx.req.headersDistinct['idempotency-key']);
    ctx.status = 202;
    ctx.body = { data: await submissions.submitAs(actor, keyed) };
  },

  async findOne(ctx: RequestContext) {
    const actor = machineFrom(ctx, bindings);
    orThrow(parseQuery(ctx.query, []));
    ctx.body = { data: await submissions.get(idFrom(ctx), { actor }) };
  },
});
