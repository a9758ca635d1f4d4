import { route } from '../strapi/routes';

export const identitiesRoutes = [
  route('GET', '/identities', 'identities.list', ['communication.send']),
  route('POST', '/identities/check', 'identities.check', ['communication.send']),
  route('GET', '/users/:id/identities', 'identities.ofUser', ['grants.manage', 'tenants.manage']),
];
