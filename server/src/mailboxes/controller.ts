import { parse } from '../contracts/parse';
import { parseListQuery, parseQuery } from '../contracts/query';
import { signatureSchema } from '../contracts/submission';
import { refusal } from '../domain/refusal';
import { adminFrom, authorFrom, bodyFrom, idFrom, type RequestContext } from '../strapi/actor-from';
import { MailboxesError, orThrow } from '../strapi/error';
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

  async signature(ctx: RequestContext) {
    const actor = authorFrom(ctx);
    const { tenant, ...asked } = orThrow(parseQuery(ctx.query, ['tenant', 'from']));
    const { from } = orThrow(parse(signatureSchema, asked));
    ctx.body = { data: await signatureOf({ actor, tenant, from }) };
  },

  async findOne(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    const mailbox = await mailboxes.findOne(idFrom(ctx), { actor: adminFrom(ctx) });
    if (!mailbox) throw new MailboxesError(refusal('NOT_FOUND'));
    ctx.body = { data: mailbox };
  },

  async create(ctx: RequestContext) {
    const mailbox = await mailboxes.create(bodyFrom(ctx), { actor: adminFrom(ctx) });
    ctx.status = 201;
    ctx.body = { data: mailbox };
  },

  async update(ctx: RequestContext) {
    ctx.body = { data: await mailboxes.update(idFrom(ctx), bodyFrom(ctx), { actor: adminFrom(ctx) }) };
  },

  async delete(ctx: RequestContext) {
    const { cancelUnfinished } = orThrow(parseQuery(ctx.query, ['cancelUnfinished']));
    await mailboxes.delete(idFrom(ctx), {
      actor: adminFrom(ctx),
      cancelUnfinished: cancelUnfinished === 'true',
    });
    ctx.status = 204;
  },

  async forgetLostPermissions(ctx: RequestContext) {
    orThrow(parseQuery(ctx.query, []));
    await site.forgetLostPermissions(adminFrom(ctx));
    ctx.status = 204;
  },

  async test(ctx: RequestContext) {
    ctx.body = { data: await connection.test(bodyFrom(ctx), { actor: adminFrom(ctx) }) };
  },

  async whoMayUse(ctx: RequestContext) {
    const query = orThrow(parseListQuery(ctx.query, ['tenant']));
    const { rows, total } = await mailboxes.whoMayUse(idFrom(ctx), { actor: adminFrom(ctx), ...query });
    ctx.body = { data: rows, meta: pagination(query, total) };
  },
});
