import { route } from '../strapi/routes';

export const tenantsRoutes = [
  route('GET', '/tenants', 'tenants.find', ['tenants.manage']),
  route('GET', '/tenants/:id', 'tenants.findOne', ['tenants.manage']),
  route('GET', '/tenants/:id/members', 'tenants.members', ['tenants.manage']),
  route('POST', '/tenants', 'tenants.create', ['tenants.manage']),
  route('PUT', '/tenants/:id', 'tenants.update', ['tenants.manage']),
  route('DELETE', '/tenants/:id', 'tenants.delete', ['tenants.manage']),
];
