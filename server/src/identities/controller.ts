import { parseIdentitiesQuery } from '../contracts/identities';
import { parse } from '../contracts/parse';
import { identityCheckSchema } from '../contracts/submission';
import { adminFrom, authorFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { forAuthors } from '../strapi/handlers';
import { pagination } from '../contracts/page';
import type { IdentitiesService } from './service';

export const createIdentitiesController = (identities: IdentitiesService) => ({
  list: forAuthors.read(['tenant'], (question) => identities.listFor(question)),

  async check(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const question = orThrow(parse(identityCheckSchema, bodyFrom(ctx)));
    ctx.body = { data: await identities.check({ actor, ...question }) };
  },

  /** The identities of a user with their reasons, for administrators of grants. */
  async ofUser(ctx: RequestContext) {
    const { tenant, part } = orThrow(parseIdentitiesQuery(ctx.query));
    const { list, total } = await identities.explainUser(idFrom(ctx), { actor: adminFrom(ctx), tenant, part });
    ctx.body = { data: list, ...(part === null ? {} : { meta: pagination(part, total) }) };
  },
});
