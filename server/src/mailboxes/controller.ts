import { parse } from '../contracts/parse';
import { parseListQuery } from '../contracts/query';
import { signatureSchema } from '../contracts/submission';
import { adminFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { orThrow, stop } from '../strapi/error';
import { forAdmins, forAuthors } from '../strapi/handlers';
import { pagination } from '../contracts/page';
import type { ConnectionService } from './connection';
import type { MailboxesService } from './service';
import type { Signatures } from './signature';
import type { SiteStatus } from './site-status';

export const createMailboxesController = (
  mailboxes: MailboxesService,
  connection: ConnectionService,
  signatureOf: Signatures,
  site: SiteStatus & { contact: { text?: string; url?: string } }
) => ({
  async find(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query, ['tenant']));
    const actor = adminFrom(ctx);
    const { rows, total, quota, ...access } = await mailboxes.findPage({ actor, ...query });
    ctx.body = {
      data: rows,
      meta: {
        ...pagination(query, total),
        quota: { ...quota, contact: site.contact },
        system: await site.systemStatus(actor),
        setup: await site.setup(),
        ...access,
      },
    };
  },

  signature: forAuthors.read(['tenant', 'from'], ({ actor, tenant, ...asked }) => {
    const { from } = orThrow(parse(signatureSchema, asked));
    return signatureOf({ actor, tenant, from });
  }),

  findOne: forAdmins.read([], async (by, ctx) => (await mailboxes.findOne(idFrom(ctx), by)) ?? stop('NOT_FOUND')),
  create: forAdmins.create((input, by) => mailboxes.create(input, by)),
  update: forAdmins.update((id, input, by) => mailboxes.update(id, input, by)),
  delete: forAdmins.remove(['cancelUnfinished'], ({ actor, cancelUnfinished }, ctx) =>
    mailboxes.delete(idFrom(ctx), { actor, cancelUnfinished: cancelUnfinished === 'true' })
  ),

  forgetLostPermissions: forAdmins.remove([], ({ actor }) => site.forgetLostPermissions(actor)),

  async test(ctx: RequestContext) {
    ctx.body = { data: await connection.test(bodyFrom(ctx), { actor: adminFrom(ctx) }) };
  },

  whoMayUse: forAdmins.page(['tenant'], (question, ctx) => mailboxes.whoMayUse(idFrom(ctx), question)),
});
