/**
 * Type checks the three builds, each with the ambient types and files of its own, and then everything else, in one
 * process: a declaration file that several of them read is parsed and bound once, and a source file that a build has
 * checked is not checked again.
 *
 *   npm run typecheck             all of them
 *   npm run verify:types          the builds only; passes at once when the same files, with the same packages installed,
 *                                 passed before
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { SOURCES, stampOf } from './stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const BUILDS = ['tsconfig.build.json', 'server/tsconfig.build.json', 'admin/tsconfig.build.json'];
const EVERYTHING = 'tsconfig.json';

const buildsOnly = process.argv.includes('--builds');
const configs = buildsOnly ? BUILDS : [...BUILDS, EVERYTHING];

/** All that the result of the builds depends on; npm writes the last one when it installs. */
const INPUTS = [...SOURCES, 'scripts/types.mjs', 'node_modules/.package-lock.json'];
const CACHE = join(root, 'node_modules/.cache/mailboxes');
const STAMP = join(CACHE, 'types');
const stamp = stampOf(INPUTS);
if (buildsOnly && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) {
  console.log('  ok    unchanged since the last check');
  process.exit();
}

const formatHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => '\n',
};

/** Options that decide how a file is parsed and bound. A file is shared only between programs that agree on them. */
const PARSED_BY = ['target', 'module', 'moduleResolution', 'jsx', 'strict', 'isolatedModules', 'esModuleInterop'];

/** Parsed files by how they were parsed. */
const parsed = new Map();

const sharingHost = (options) => {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  const parsedBy = JSON.stringify(PARSED_BY.map((name) => options[name] ?? null));
  host.getSourceFile = (fileName, how, ...rest) => {
    const key = `${fileName}\n${parsedBy}\n${typeof how === 'object' ? `${how.languageVersion} ${how.impliedNodeFormat}` : how}`;
    if (!parsed.has(key)) parsed.set(key, getSourceFile.call(host, fileName, how, ...rest));
    return parsed.get(key);
  };
  return host;
};

const checked = new Set();
let errorsOfBuilds = 0;
let errors = 0;

for (const config of configs) {
  const startedAt = Date.now();
  const {
    options,
    fileNames,
    errors: problems,
  } = ts.getParsedCommandLineOfConfigFile(
    join(root, config),
    { noEmit: true, emitDeclarationOnly: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => {
        throw new Error(ts.formatDiagnostic(problem, formatHost));
      },
    }
  );
  const program = ts.createProgram({
    rootNames: fileNames,
    options,
    host: sharingHost(options),
    configFileParsingDiagnostics: problems,
  });
  const files = program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && (config !== EVERYTHING || !checked.has(file.fileName)));
  const found = ts.sortAndDeduplicateDiagnostics([
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...(options.declaration ? program.getDeclarationDiagnostics(file) : []),
    ]),
  ]);
  errors += found.length;
  if (config !== EVERYTHING) {
    errorsOfBuilds += found.length;
    for (const file of files) checked.add(file.fileName);
  }
  if (found.length > 0) console.log(ts.formatDiagnostics(found, formatHost));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`  ${found.length === 0 ? 'ok  ' : 'FAIL'}  ${config}: ${files.length} files (${seconds} s)`);
}
if (errorsOfBuilds === 0) {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(STAMP, stamp);
}
process.exitCode = errors > 0 ? 1 : 0;
