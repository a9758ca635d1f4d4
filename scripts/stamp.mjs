import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** All that `npm run build` reads. */
export const SOURCES = [
  'strapi-server.ts',
  'strapi-admin.tsx',
  'server',
  'admin',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** Files of `exports` in package.json, all of them built; the command's entry has no types. */
export const ENTRIES = Object.values(exports)
  .flatMap((entry) => (typeof entry === 'string' ? [] : [entry.types, entry.import, entry.require]))
  .filter(Boolean)
  .map((path) => path.replace(/^\.\//, ''));

/** All files and folders below a path of the repository, in a fixed order. */
const below = (path) =>
  statSync(join(root, path)).isDirectory()
    ? [
        path,
        ...readdirSync(join(root, path))
          .sort()
          .flatMap((name) => below(join(path, name))),
      ]
    : [path];

/** A hash of the names and contents below the paths. A path that does not exist counts as such. */
export const stampOf = (paths) => {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((one) => (existsSync(join(root, one)) ? below(one) : []))) {
    hash.update(`\0${path}\0`);
    if (statSync(join(root, path)).isFile()) hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
};

const changedAt = (path) => statSync(join(root, path)).mtimeMs;

/** Entries that are missing in `dist/`. */
export const missingEntries = () => ENTRIES.filter((path) => !existsSync(join(root, path)));

/** Whether a source changed after the build; a folder changes when a file of it is added, renamed or deleted. */
export const isOutdated = () =>
  Math.max(...SOURCES.flatMap(below).map(changedAt)) > Math.min(...ENTRIES.map(changedAt));
