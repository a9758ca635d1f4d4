/**
 * The arrows of the architecture (CONTRIBUTING.md, "Arrows"), checked over every import, `import type` included.
 * A room's rule lists what it may import; everything else is an error. `npm run lint:arrows:proof` tests each rule.
 */

const { SERVER, ADMIN } = require('./scripts/arrows/rooms.cjs');

const FOLDERS = Object.keys(SERVER);
const PUBLIC = '^server/src/public\\.ts$';
const COMMAND = '^server/src/command\\.ts$';
const COMPOSITION = '^server/src/((index|register|bootstrap|destroy|config|command)\\.ts$|container/)';

/** Packages are named by where they resolve to; an uninstalled one keeps the name it is imported by. */
const packages = (names) => [`(^|/)node_modules/(@types/)?(${names})/`, `^(${names})(/|$)`];
const JOBS = '^server/src/outbox/engines/jobs\\.ts$';
const STRAPI = '(^|/)@strapi/';
const STRAPI_TYPES = packages('@strapi/types');
const folders = (names) => `^server/src/(${names.join('|')})/`;
/** A room, or one file of it. */
const seen = (name) => (name.includes('/') ? `^server/src/${name}\\.ts$` : folders([name]));

/** A room of the admin panel, or one file of it, with its extension. */
const seenInAdmin = (name) => `^admin/src/${name}${/\.tsx?$/.test(name) ? '$' : '/'}`;

const LOCAL = '^(server|admin|tests|scripts|playground|bench)/|^strapi-(server|admin)\\.tsx?$';

/** One arrow: files in `from` see, of this repository, only what `may` matches. */
const arrow = (name, from, may, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: LOCAL, pathNot: may },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'arrow-domain',
      severity: 'error',
      comment: 'domain sees nothing but itself: no other folder, no package, no node: module, not even a type.',
      from: { path: folders(['domain']) },
      to: { pathNot: folders(['domain']) },
    },
    {
      name: 'arrow-contracts',
      severity: 'error',
      comment: 'contracts sees domain and yup; the admin panel imports it, so all of it must run in a browser.',
      from: { path: folders(['contracts']) },
      to: { pathNot: [folders(['contracts', 'domain']), ...packages('yup')] },
    },
    ...Object.entries(SERVER)
      .filter(([room]) => !['domain', 'contracts'].includes(room))
      .map(([room, sees]) =>
        arrow(
          `arrow-${room}`,
          folders([room]),
          [room, ...sees].map(seen),
          `${room} sees ${sees.join(', ')}; what it needs of other rooms are arguments.`
        )
      ),
    {
      name: 'protocol-without-strapi',
      severity: 'error',
      comment: 'Protocol and SMTP import types of Strapi only: they run, and are tested, without it.',
      from: { path: folders(['outbox', 'smtp', 'network', 'message']) },
      to: { path: STRAPI, pathNot: STRAPI_TYPES },
    },
    {
      name: 'nodemailer-in-few-files',
      severity: 'error',
      comment: 'nodemailer is imported by the four files that connect to servers or encode messages.',
      from: {
        path: '^(server|admin)/',
        pathNot: '^server/src/(smtp/(pool|connection-test)|message/(encode|serialize))\\.ts$',
      },
      to: { path: packages('nodemailer') },
    },
    {
      name: 'redis-in-one-file',
      severity: 'error',
      comment: 'The packages of the engine bullmq are optional: one file loads them.',
      from: { path: '^(server|admin)/', pathNot: JOBS },
      to: { path: packages('bullmq|ioredis') },
    },
    {
      name: 'redis-loaded-on-demand',
      severity: 'error',
      comment: 'A site without bullmq and ioredis must start: `await import` or `import type`, never `import`.',
      from: { path: JOBS },
      to: { path: packages('bullmq|ioredis'), dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'composition-is-the-top',
      severity: 'error',
      comment: 'Only strapi-server.ts and the composition files see the composition files.',
      from: { path: LOCAL, pathNot: ['^strapi-server\\.ts$', COMPOSITION, '^tests/'] },
      to: { path: COMPOSITION },
    },
    {
      name: 'arrow-public',
      severity: 'error',
      comment: 'What other code imports of this package is types, and no more of the server than contracts and domain.',
      from: { path: PUBLIC },
      to: { pathNot: folders(['contracts', 'domain']) },
    },
    {
      name: 'only-known-folders',
      severity: 'error',
      comment: 'A new folder in server/src needs an arrow of its own here before anybody imports from it.',
      from: {},
      to: { path: '^server/src/', pathNot: [PUBLIC, COMPOSITION, folders(FOLDERS)] },
    },
    {
      name: 'only-known-folders-import',
      severity: 'error',
      comment: 'A new folder in server/src needs an arrow of its own here before it imports anything.',
      from: { path: '^server/src/', pathNot: [PUBLIC, COMPOSITION, folders(FOLDERS)] },
      to: {},
    },
    arrow(
      'arrow-admin',
      '^admin/',
      ['^admin/src/', folders(['contracts'])],
      'admin sees contracts and nothing else of the server.'
    ),
    ...Object.entries(ADMIN).map(([room, sees]) =>
      arrow(
        `arrow-admin-${room.replace('/', '-')}`,
        `^admin/src/${room}/`,
        [...[room, ...sees].map(seenInAdmin), folders(['contracts'])],
        `${room} sees ${sees.join(', ')} and the contracts.`
      )
    ),
    {
      name: 'only-known-rooms-of-admin',
      severity: 'error',
      comment: 'A new folder in admin/src needs a line of its own in scripts/arrows/rooms.cjs.',
      from: {
        path: '^admin/src/',
        pathNot: ['^admin/src/(index\\.tsx$|app/)', ...Object.keys(ADMIN).map(seenInAdmin)],
      },
      to: {},
    },
    {
      name: 'admin-doors-of-strapi',
      severity: 'error',
      comment: 'Any other door to the admin panel than @strapi/strapi/admin is a second copy of its React contexts.',
      from: { path: '^admin/' },
      to: {
        path: STRAPI,
        pathNot: [...STRAPI_TYPES, ...packages('@strapi/(design-system|icons)'), '@strapi/strapi/(dist/)?admin(\\.|$)'],
      },
    },
    {
      name: 'admin-in-a-browser',
      severity: 'error',
      comment: 'There are no node: modules in a browser.',
      from: { path: '^admin/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'strapi-server-door',
      severity: 'error',
      from: { path: '^strapi-server\\.ts$' },
      to: { pathNot: '^server/src/index\\.ts$' },
    },
    {
      name: 'strapi-admin-door',
      severity: 'error',
      from: { path: '^strapi-admin\\.tsx$' },
      to: { pathNot: '^admin/src/index\\.tsx$' },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Cycles of types count: two files that need each other are one file.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      comment:
        "Every file is reached from one of Strapi's two doors or from the command; what is not is dead. The door for other code is apart.",
      from: { path: ['^strapi-(server|admin)\\.tsx?$', COMMAND] },
      to: { path: '^(server|admin)/src/', pathNot: [PUBLIC, COMMAND], reachable: false },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'strapi-types-are-types',
      severity: 'error',
      comment: '@strapi/types is not shipped: `import type` only.',
      from: { path: '^(server|admin)/' },
      to: { path: STRAPI_TYPES, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shipped-dependencies',
      severity: 'error',
      comment:
        'What runs at a user is a dependency or a peer: strapi-plugin build copies a devDependency into dist, and a copied @strapi/utils turns every refusal into a 500.',
      from: { path: '^(server|admin)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only', 'npm', 'npm-peer'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
    },
    skipAnalysisNotInRules: true,
  },
};
