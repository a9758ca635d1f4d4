import { confirmSchema } from '../contracts/own-address';
import { nothing } from '../contracts/query';
import { parse } from '../contracts/parse';
import { authorFrom, bodyFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow } from '../strapi/error';
import { forAuthors } from '../strapi/handlers';
import type { OwnAddressService } from './service';

export const createOwnAddressController = (ownAddress: OwnAddressService) => ({
  me: forAuthors.read([], (by) => ownAddress.me(by)),

  async request(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    orThrow(parse(nothing, bodyFrom(ctx) ?? {}));
    await ownAddress.request({ actor });
    ctx.body = { data: await ownAddress.status({ actor }) };
  },

  async confirm(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const { code } = orThrow(parse(confirmSchema, bodyFrom(ctx)));
    await ownAddress.confirm({ actor, code });
    ctx.body = { data: await ownAddress.status({ actor }) };
  },
});
