import { nounRoutes, route } from '../strapi/routes';

export const tenantsRoutes = [
  ...nounRoutes('tenants', ['tenants.manage']),
  route('GET', '/tenants/:id/members', 'tenants.members', ['tenants.manage']),
];
