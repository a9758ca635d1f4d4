/**
 * The rooms of the server and what each may import, besides itself: a whole room, or one file of it as `room/file`.
 * `.dependency-cruiser.cjs` makes a rule of each line; `npm run lint:arrows:proof` plants a violation of each.
 */
const TECHNIQUE = ['domain', 'contracts', 'strapi', 'database', 'secrets'];

const SERVER = {
  domain: [],
  contracts: ['domain'],
  database: ['domain', 'contracts'],
  strapi: ['domain', 'contracts'],
  secrets: ['domain', 'contracts', 'database'],
  message: ['domain', 'contracts'],
  network: ['domain'],
  smtp: ['domain', 'secrets', 'network', 'message'],
  audit: ['domain', 'database'],
  identities: TECHNIQUE,
  tenants: [...TECHNIQUE, 'audit', 'identities/service'],
  'system-mailbox': ['domain', 'contracts', 'network', 'smtp'],
  drafts: [...TECHNIQUE, 'identities/service'],
  outbox: [
    'domain',
    'contracts',
    'database',
    'audit',
    'message',
    'smtp',
    'identities/service',
    'drafts/link-to-submission',
  ],
  submissions: [...TECHNIQUE, 'audit', 'message', 'outbox', 'identities/service', 'drafts/link-to-submission'],
  'own-address': [...TECHNIQUE, 'identities/service', 'submissions/service'],
  mailboxes: [
    ...TECHNIQUE,
    'audit',
    'identities/service',
    'outbox/transport-state',
    'outbox/of-mailboxes',
    'smtp/route',
    'submissions/service',
    'tenants/service',
  ],
  grants: [...TECHNIQUE, 'audit', 'identities/service', 'mailboxes/service'],
  maintenance: ['domain', 'contracts', 'database', 'outbox/transport-state', 'outbox/words'],
  guard: ['domain', 'contracts', 'database', 'strapi', 'submissions/service'],
};

/** Rooms of the admin panel. All see the contracts of the server; `admin/src/index.tsx` sees `app`, and `app` all. */
const SETTINGS = ['shared', 'settings/site'];
const ADMIN = {
  translations: [],
  shared: ['translations'],
  editor: ['shared'],
  recipients: ['shared'],
  compose: ['shared', 'editor', 'recipients'],
  drafts: ['shared', 'compose/index.ts'],
  outbox: ['shared', 'recipients', 'compose/index.ts'],
  widget: ['shared', 'outbox'],
  'settings/site': ['shared'],
  'settings/grants': SETTINGS,
  'settings/guard': SETTINGS,
  'settings/events': SETTINGS,
  'settings/mailboxes': [...SETTINGS, 'settings/grants', 'settings/guard/api.ts'],
  'settings/access': [...SETTINGS, 'settings/grants', 'settings/mailboxes/api.ts', 'settings/mailboxes/site.ts'],
  'settings/rules': [...SETTINGS, 'settings/grants', 'settings/mailboxes/site.ts'],
};

module.exports = { SERVER, ADMIN };
