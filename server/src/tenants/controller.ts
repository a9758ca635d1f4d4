import { idFrom } from '../strapi/actor-from';
import { stop } from '../strapi/error';
import { forAdmins } from '../strapi/handlers';
import type { TenantsService } from './service';

export const createTenantsController = (tenants: TenantsService) => ({
  find: forAdmins.page([], (question) => tenants.findPage(question)),
  findOne: forAdmins.read([], async (by, ctx) => (await tenants.findOne(idFrom(ctx), by)) ?? stop('NOT_FOUND')),
  members: forAdmins.read([], (by, ctx) => tenants.members(idFrom(ctx), by)),
  create: forAdmins.create((input, by) => tenants.create(input, by)),
  update: forAdmins.update((id, input, by) => tenants.update(id, input, by)),
  delete: forAdmins.remove([], (by, ctx) => tenants.delete(idFrom(ctx), by)),
});
