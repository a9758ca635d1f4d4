import { forAdmins } from '../strapi/handlers';
import type { GuardService } from './service';

export const createGuardController = (guard: GuardService) => ({
  status: forAdmins.read([], (by) => guard.status(by)),
  findings: forAdmins.page([], (question) => guard.findPage(question)),
  forget: forAdmins.remove([], (by) => guard.forget(by)),
});
