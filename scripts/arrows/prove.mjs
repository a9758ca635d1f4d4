/**
 * Tests every arrow: plants one violation of each in a copy of the sources, runs dependency-cruiser there as
 * `npm run lint` does, and fails if its rule does not report it, or if an allowed import is reported.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import rooms from './rooms.cjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const S = 'server/src';
const SOURCES = ['server', 'admin', 'strapi-server.ts', 'strapi-admin.tsx'];
const CRUISER = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

const seesOf = (room) => rooms.SERVER[room];
/** A file of the room; never the single one that another room may see. */
const targetIn = (room) => `/${S}/${room}/target.ts`;

/** Forbidden imports by the table: every other room that a room does not see as a whole. */
const BETWEEN_ROOMS = Object.keys(rooms.SERVER).flatMap((room) =>
  Object.keys(rooms.SERVER)
    .filter((other) => other !== room && !seesOf(room).includes(other))
    .map((other, index) => [
      `arrow-${room}`,
      `${S}/${room}/planted-room-${index}.ts`,
      targetIn(other),
      index % 2 === 0 ? 'type' : undefined,
    ])
);

const SEEN = Object.keys(rooms.SERVER).flatMap((room) =>
  seesOf(room).map((seen, index) => [
    `${S}/${room}/allowed-room-${index}.ts`,
    seen.includes('/') ? `/${S}/${seen}.ts` : targetIn(seen),
  ])
);

const A = 'admin/src';
const adminRooms = Object.keys(rooms.ADMIN).filter((room) => room !== 'translations');
const targetInAdmin = (seen) => (/\.tsx?$/.test(seen) ? `/${A}/${seen}` : `/${A}/${seen}/target.ts`);

const BETWEEN_ADMIN_ROOMS = adminRooms.flatMap((room) =>
  [...adminRooms, 'app']
    .filter((other) => other !== room && !rooms.ADMIN[room].includes(other))
    .map((other, index) => [
      `arrow-admin-${room.replace('/', '-')}`,
      `${A}/${room}/planted-room-${index}.ts`,
      targetInAdmin(other),
      index % 2 === 0 ? 'type' : undefined,
    ])
);

const SEEN_IN_ADMIN = adminRooms.flatMap((room) =>
  rooms.ADMIN[room]
    .filter((seen) => seen !== 'translations')
    .map((seen, index) => [`${A}/${room}/allowed-room-${index}.ts`, targetInAdmin(seen)])
);

/** [rule, importing file, imported module]: a path of the repository or, without a leading slash, a package. */
const FORBIDDEN = [
  ...BETWEEN_ROOMS,
  ...BETWEEN_ADMIN_ROOMS,
  ['only-known-rooms-of-admin', 'admin/src/utils/planted-1.ts', `/${A}/shared/target.ts`],
  ['arrow-domain', `${S}/domain/planted-1.ts`, 'node:crypto'],
  ['arrow-domain', `${S}/domain/planted-2.ts`, 'yup'],
  ['arrow-domain', `${S}/domain/planted-3.ts`, '@strapi/types', 'type'],
  ['arrow-contracts', `${S}/contracts/planted-1.ts`, 'node:buffer'],
  ['arrow-contracts', `${S}/contracts/planted-2.ts`, '@strapi/utils'],
  ['arrow-contracts', `${S}/contracts/planted-3.ts`, '@strapi/types', 'type'],
  ['protocol-without-strapi', `${S}/outbox/planted-4.ts`, '@strapi/utils'],
  ['nodemailer-in-few-files', `${S}/outbox/planted-5.ts`, 'nodemailer'],
  ['nodemailer-in-few-files', `${S}/submissions/planted-5.ts`, 'nodemailer', 'type'],
  ['nodemailer-in-few-files', `${S}/bootstrap.ts`, 'nodemailer'],
  ['redis-in-one-file', `${S}/outbox/planted-6.ts`, 'bullmq', 'type'],
  ['redis-in-one-file', `${S}/container/planted-6.ts`, 'ioredis'],
  ['redis-loaded-on-demand', `${S}/outbox/engines/jobs.ts`, 'bullmq'],
  ['redis-loaded-on-demand', `${S}/outbox/engines/jobs.ts`, 'ioredis'],
  ['composition-is-the-top', `${S}/mailboxes/planted-5.ts`, `/${S}/config.ts`, 'type'],
  ['arrow-public', `${S}/public.ts`, `/${S}/mailboxes/service.ts`, 'type'],
  ['arrow-public', `${S}/public.ts`, '@strapi/utils'],
  ['only-known-folders', `${S}/bootstrap.ts`, `/${S}/utils/target.ts`],
  ['only-known-folders-import', `${S}/utils/planted-1.ts`, `/${S}/domain/target.ts`],
  ['arrow-admin', 'admin/src/app/planted-1.ts', `/${S}/domain/target.ts`],
  ['arrow-admin', 'admin/src/app/planted-2.ts', `/${S}/mailboxes/service.ts`, 'type'],
  ['admin-doors-of-strapi', 'admin/src/app/planted-3.ts', '@strapi/admin/strapi-admin'],
  ['admin-doors-of-strapi', 'admin/src/app/planted-4.ts', '@strapi/utils'],
  ['admin-doors-of-strapi', 'admin/src/app/planted-5.ts', '@strapi/strapi'],
  ['admin-in-a-browser', 'admin/src/app/planted-6.ts', 'node:path'],
  ['strapi-types-are-types', `${S}/strapi/planted-4.ts`, '@strapi/types'],
  ['shipped-dependencies', `${S}/strapi/planted-5.ts`, 'fast-check'],
  ['shipped-dependencies', `${S}/strapi/planted-6.ts`, 'koa'],
  ['resolvable', `${S}/strapi/planted-7.ts`, 'no-such-package-anywhere'],
  ['strapi-server-door', 'strapi-server.ts', `/${S}/domain/target.ts`],
  ['strapi-admin-door', 'strapi-admin.tsx', '/admin/src/shared/target.ts'],
  ['no-cycle', `${S}/domain/cycle-a.ts`, `/${S}/domain/cycle-b.ts`, 'type'],
  ['no-orphan', `${S}/domain/orphan.ts`, null],
  ['no-orphan', 'admin/src/shared/orphan.ts', null],
];

/** Allowed imports: an arrow that reports one of these is as wrong as an arrow that reports nothing. */
const ALLOWED = [
  ...SEEN,
  ...SEEN_IN_ADMIN,
  [`${S}/contracts/allowed-1.ts`, 'yup'],
  [`${S}/secrets/allowed-1.ts`, '@strapi/types', 'type'],
  [`${S}/strapi/allowed-1.ts`, '@strapi/utils'],
  [`${S}/submissions/allowed-3.ts`, '@strapi/types', 'type'],
  [`${S}/smtp/pool.ts`, 'nodemailer'],
  [`${S}/message/encode.ts`, 'nodemailer', 'type'],
  [`${S}/outbox/allowed-2.ts`, '@strapi/types', 'type'],
  [`${S}/bootstrap.ts`, `/${S}/outbox/target.ts`],
  ['admin/src/app/allowed-1.ts', `/${S}/contracts/target.ts`],
  ['admin/src/app/allowed-2.ts', '@strapi/strapi/admin', 'type'],
  ['admin/src/app/allowed-3.ts', '@strapi/design-system'],
  ['admin/src/app/allowed-4.ts', '@strapi/icons/symbols'],
];

mkdirSync(join(root, 'tests/tmp'), { recursive: true });
const copy = mkdtempSync(join(root, 'tests/tmp/arrows-'));

let planted = 0;
/** Adds one line to a file of the copy; creates a missing file. */
const plant = (file, line) => {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  const before = existsSync(path) ? readFileSync(path, 'utf8') : 'export const planted = 1;\n';
  writeFileSync(path, `${before}${line}\n`);
};

const plantImport = (file, target, kind) => {
  planted += 1;
  let specifier = target;
  if (target.startsWith('/')) {
    if (!existsSync(join(copy, target))) plant(target.slice(1), '');
    const path = relative(dirname(join(copy, file)), join(copy, target)).replace(/\.tsx?$/, '');
    specifier = path.startsWith('.') ? path : `./${path}`;
  }
  plant(file, `import ${kind === 'type' ? 'type ' : ''}* as planted${planted} from '${specifier}';`);
  if (kind !== 'type') plant(file, `export const kept${planted} = planted${planted};`);
};

/** The report of the copy; only the output type `err`, which lint uses, ends with an exit code. */
const cruise = (outputType, sources) =>
  spawnSync(process.execPath, [CRUISER, '--output-type', outputType, ...sources], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });

/** Whether a dependency of the report is the target in the notation of the tables above. */
const isTarget = (dependency, target) =>
  target.startsWith('/')
    ? dependency === target.slice(1)
    : dependency === target || dependency === target.replace('node:', '') || dependency.includes(packageOf(target));
const packageOf = (target) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

try {
  for (const name of [
    ...SOURCES,
    'tsconfig.json',
    'package.json',
    '.dependency-cruiser.cjs',
    'scripts/arrows/rooms.cjs',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  for (const [, file, target, kind] of FORBIDDEN) target === null ? plant(file, '') : plantImport(file, target, kind);
  for (const [file, target, kind] of ALLOWED) plantImport(file, target, kind);
  plantImport(`${S}/domain/cycle-b.ts`, `/${S}/domain/cycle-a.ts`, 'type');

  const report = cruise('json', SOURCES);
  if (!report.stdout.startsWith('{')) {
    throw new Error(`dependency-cruiser did not run:\n${report.stdout}${report.stderr}`);
  }
  const { violations } = JSON.parse(report.stdout).summary;
  // One folder with violations is enough for the exit code.
  const { status } = cruise('err', [`${S}/domain`]);

  const results = [
    ...FORBIDDEN.map(([rule, file, target, kind]) => ({
      text: `${rule}: ${file}${target === null ? '' : ` → ${kind ?? ''} ${target}`.replace('→  ', '→ ')}`,
      ok: violations.some(
        (found) =>
          found.rule.name === rule &&
          found.rule.severity === 'error' &&
          (rule === 'no-orphan'
            ? found.to === file
            : found.from === file && (rule === 'no-cycle' || isTarget(found.to, target)))
      ),
      wrong: 'not caught',
    })),
    ...ALLOWED.map(([file, target, kind]) => ({
      text: `allowed: ${file} → ${kind ?? ''} ${target}`.replace('→  ', '→ '),
      ok: !violations.some(
        (found) => found.from === file && found.rule.name !== 'no-orphan' && isTarget(found.to, target)
      ),
      wrong: 'reported, although allowed',
    })),
    { text: 'dependency-cruiser ends with an error', ok: status !== 0, wrong: `exit code ${status}` },
  ];

  for (const { text, ok, wrong } of results) if (!ok) console.log(`  FAIL  ${text}: ${wrong}`);
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
