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
  delivery: ['domain', 'database', 'smtp'],
  identities: TECHNIQUE,
  tenants: [...TECHNIQUE, 'identities/service'],
  drafts: [...TECHNIQUE, 'identities/service'],
  submissions: [...TECHNIQUE, 'message', 'identities/service'],
  'own-address': [...TECHNIQUE, 'identities/service', 'submissions/service'],
  mailboxes: [...TECHNIQUE, 'identities/service', 'submissions/service', 'tenants/service'],
  grants: [...TECHNIQUE, 'identities/service', 'mailboxes/service'],
  guard: ['domain', 'contracts', 'strapi', 'submissions/service'],
};

module.exports = { SERVER };
