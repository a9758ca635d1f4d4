import type { Core } from '@strapi/types';
import bootstrap from './bootstrap';
import { pluginOf, type Plugin } from './container';
import config from './config';
import destroy from './destroy';
import { createDraftsController } from './drafts/controller';
import { draftsRoutes } from './drafts/routes';
import grant from './grants/content-type';
import { createGrantsController } from './grants/controller';
import { grantsRoutes } from './grants/routes';
import { createGuardController } from './guard/controller';
import { guardRoutes } from './guard/routes';
import { createIdentitiesController } from './identities/controller';
import { identitiesRoutes } from './identities/routes';
import mailbox from './mailboxes/content-type';
import { createMailboxesController } from './mailboxes/controller';
import { mailboxesRoutes } from './mailboxes/routes';
import { createOwnAddressController } from './own-address/controller';
import { ownAddressRoutes } from './own-address/routes';
import register from './register';
import { refusals } from './strapi/refusals';
import { holdsAny, isVerified } from './strapi/routes';
import { createContentApiController } from './submissions/content-api-controller';
import { createSubmissionsController } from './submissions/controller';
import { contentApiRoutes, submissionsRoutes } from './submissions/routes';
import tenant from './tenants/content-type';
import { createTenantsController } from './tenants/controller';
import { tenantsRoutes } from './tenants/routes';

type Services = Plugin['services'];
type With = { strapi: Core.Strapi };

const service =
  <K extends keyof Services>(name: K) =>
  ({ strapi }: With): Services[K] =>
    pluginOf(strapi).services[name];

export default {
  register,
  bootstrap,
  destroy,
  config,
  contentTypes: { tenant, mailbox, grant },
  policies: { 'holds-any': holdsAny, 'is-verified': isVerified },
  middlewares: { refusals },
  services: {
    identities: service('identities'),
    tenants: service('tenants'),
    mailboxes: service('mailboxes'),
    grants: service('grants'),
    submissions: service('submissions'),
    'own-address': service('own-address'),
    connection: service('connection'),
    health: service('health'),
    secrets: service('secrets'),
  },
  controllers: {
    identities: ({ strapi }: With) => createIdentitiesController(pluginOf(strapi).services.identities),
    tenants: ({ strapi }: With) => createTenantsController(pluginOf(strapi).services.tenants),
    mailboxes: ({ strapi }: With) => {
      const { services, settings, signatureOf, ...site } = pluginOf(strapi);
      return createMailboxesController(services.mailboxes, services.connection, signatureOf, {
        ...site,
        contact: settings.contact,
      });
    },
    grants: ({ strapi }: With) => createGrantsController(pluginOf(strapi).services.grants, pluginOf(strapi).pickers),
    submissions: ({ strapi }: With) => createSubmissionsController(pluginOf(strapi).services.submissions),
    drafts: ({ strapi }: With) => createDraftsController(pluginOf(strapi).drafts),
    guard: ({ strapi }: With) => createGuardController(pluginOf(strapi).guard),
    'own-address': ({ strapi }: With) => createOwnAddressController(pluginOf(strapi).services['own-address']),
    'content-api': ({ strapi }: With) => {
      const { services, settings } = pluginOf(strapi);
      return createContentApiController(services.submissions, settings.contentApi);
    },
  },
  routes: {
    admin: {
      type: 'admin',
      routes: [
        ...identitiesRoutes,
        ...ownAddressRoutes,
        ...submissionsRoutes,
        ...draftsRoutes,
        ...mailboxesRoutes,
        ...grantsRoutes,
        ...tenantsRoutes,
        ...guardRoutes,
      ],
    },
    'content-api': { type: 'content-api', routes: [...contentApiRoutes] },
  },
};
