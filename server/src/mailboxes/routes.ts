import { route } from '../strapi/routes';

export const mailboxesRoutes = [
  route('GET', '/mailboxes', 'mailboxes.find', ['mailboxes.read', 'tenants.manage']),
  route('GET', '/mailboxes/:id', 'mailboxes.findOne', ['mailboxes.read', 'tenants.manage']),
  route('POST', '/mailboxes', 'mailboxes.create', ['mailboxes.create', 'tenants.manage']),
  route('POST', '/mailboxes/test', 'mailboxes.test', ['mailboxes.create', 'mailboxes.update', 'tenants.manage']),
  route('PUT', '/mailboxes/:id', 'mailboxes.update', ['mailboxes.update', 'tenants.manage']),
  route('DELETE', '/mailboxes/:id', 'mailboxes.delete', ['mailboxes.delete', 'tenants.manage']),
  route('GET', '/mailboxes/:id/who-may-use', 'mailboxes.whoMayUse', ['mailboxes.read', 'tenants.manage']),
  route('GET', '/identities/signature', 'mailboxes.signature', ['communication.send']),
  route('DELETE', '/lost-permissions', 'mailboxes.forgetLostPermissions', ['tenants.manage']),
];
