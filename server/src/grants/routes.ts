import { route } from '../strapi/routes';

export const grantsRoutes = [
  route('GET', '/mailboxes/:id/grants', 'grants.find', ['grants.manage', 'tenants.manage']),
  route('GET', '/mailboxes/:id/grants/subjects', 'grants.subjects', ['grants.manage', 'tenants.manage']),
  route('POST', '/mailboxes/:id/grants', 'grants.create', ['grants.manage', 'tenants.manage']),
  route('DELETE', '/mailboxes/:id/grants/:grantId', 'grants.delete', ['grants.manage', 'tenants.manage']),
  route('GET', '/pickers/users', 'grants.users', ['grants.manage', 'tenants.manage']),
  route('GET', '/pickers/roles', 'grants.roles', ['grants.manage', 'tenants.manage']),
];
