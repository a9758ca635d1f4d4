import { route } from '../strapi/routes';

export const guardRoutes = [
  route('GET', '/guard', 'guard.status', ['guard.read']),
  route('GET', '/guard/findings', 'guard.findings', ['guard.read']),
  route('DELETE', '/guard/findings', 'guard.forget', ['tenants.manage']),
];
