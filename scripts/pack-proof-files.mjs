import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { homedir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';
import { ENTRIES } from './stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const filesIn = (folder, prefix = '') =>
  readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(prefix, entry.name);
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });

/** Imported and required modules, found by a parser: texts and comments contain "from" as well. */
const importsOf = (text) => typescript.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Declarations that no entry reaches are ballast; a missing one that an entry needs becomes `any`. */
const missingDeclarations = (read, files, entry) => {
  const seen = new Set();
  const missing = [];
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of importsOf(read(file)).filter((name) => name.startsWith('.'))) {
      const base = posix.join(posix.dirname(file), specifier);
      const target = [`${base}.d.ts`, `${base}/index.d.ts`].find((path) => files.includes(path));
      if (target) visit(target);
      else missing.push(`${file} imports ${specifier}`);
    }
  };
  visit(entry);
  return missing;
};

/**
 * Checks every file of the package.
 *
 * @param unpacked its folder
 * @param check called with a rule and its problems
 */
export const inspect = (unpacked, check) => {
  const files = filesIn(unpacked);
  const read = (file) => readFileSync(join(unpacked, file), 'utf8');
  const code = files.filter((file) => /\.(js|mjs)$/.test(file));
  const texts = files.filter((file) => /\.(js|mjs|ts|json|md)$/.test(file));
  console.log(`  ${files.length} files`);

  const single = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'bin/mailboxes.mjs'];
  check(
    'nothing but dist, the command, the documentation and the four files a user reads first',
    files.filter((file) => !/^(dist|docs)\//.test(file) && !single.includes(file))
  );
  check(
    'every entry of package.json and those files are there',
    [...ENTRIES, ...single].filter((file) => !files.includes(file)).map((file) => `${file} is missing`)
  );
  check(
    'dist holds code and declarations only: no source, no source map, no test',
    files.filter(
      (file) =>
        file.startsWith('dist/') &&
        (!/\.(js|mjs|d\.ts)$/.test(file) || /(^|\/)(tests?|__tests__|playground|bench)\/|\.(test|spec)\./.test(file))
    )
  );
  check(
    'the admin half brings no declarations of the server, nor the server of the admin',
    files.filter((file) => /^dist\/admin\/server\/|^dist\/server\/admin\//.test(file))
  );
  check(
    'no path of the machine that packed it',
    texts.filter((file) => [root, join(homedir(), '/')].some((path) => path.length > 2 && read(file).includes(path)))
  );
  const known = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies), ...builtinModules]);
  check(
    'code imports dependencies and peers only',
    code.flatMap((file) =>
      importsOf(read(file))
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !known.has(packageOf(name)))
        .map((name) => `${file} imports ${name}`)
    )
  );
  check(
    'declarations of every entry are complete',
    ENTRIES.filter((file) => file.endsWith('.d.ts') && files.includes(file)).flatMap((file) =>
      missingDeclarations(read, files, file)
    )
  );
};
