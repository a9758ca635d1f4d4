import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

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

/** When something below the paths last changed; a folder changes when a file of it is added, renamed or deleted. */
export const changedAt = (paths) => Math.max(...paths.flatMap(below).map((path) => statSync(join(root, path)).mtimeMs));
