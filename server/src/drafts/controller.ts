import { idFrom } from '../strapi/actor-from';
import { forAuthors } from '../strapi/handlers';
import type { DraftsService } from './service';

export const createDraftsController = (drafts: DraftsService) => ({
  find: forAuthors.page(['tenant'], (question) => drafts.findPage(question)),
  create: forAuthors.create((input, by) => drafts.create(input, by)),
  findOne: forAuthors.read([], (by, ctx) => drafts.get(idFrom(ctx), by)),
  update: forAuthors.update((id, input, by) => drafts.update(id, input, by)),
  delete: forAuthors.remove([], (by, ctx) => drafts.delete(idFrom(ctx), by)),
});
