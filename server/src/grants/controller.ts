import { isPlainObject } from '../contracts/parse';
import { idFrom } from '../strapi/actor-from';
import { forAdmins } from '../strapi/handlers';
import { pageOf } from '../contracts/page';
import type { Pickers } from './pickers';
import type { GrantsService } from './service';

export const createGrantsController = (grants: GrantsService, pickers: Pickers) => ({
  find: forAdmins.page([], async ({ actor, ...query }, ctx) => {
    const rows = await grants.findMany({ actor, mailbox: idFrom(ctx) });
    return { rows: pageOf(rows, query), total: rows.length };
  }),

  /** Names for the ids in the grants, and why a grant has no effect. */
  subjects: forAdmins.read([], ({ actor }, ctx) => grants.subjects({ actor, mailbox: idFrom(ctx) })),

  create: forAdmins.create((body, { actor }, ctx) => {
    const input = isPlainObject(body) && body.mailbox === undefined ? { ...body, mailbox: idFrom(ctx) } : body;
    return grants.create(input, { actor, within: idFrom(ctx) });
  }),

  delete: forAdmins.remove([], ({ actor }, ctx) =>
    grants.delete(idFrom(ctx, 'grantId'), { actor, within: idFrom(ctx) })
  ),

  users: forAdmins.page(['id'], ({ actor, ...query }) => pickers.users(actor, query)),
  roles: forAdmins.page([], ({ actor, ...query }) => pickers.roles(actor, query)),
});
