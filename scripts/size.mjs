/**
 * What the plugin costs somebody who opens the admin panel, in gzip. Reads the admin panel that Strapi built with the
 * plugin in it (the playground's), and builds it before when it is not up to date.
 *
 *   npm run size        ends with 1 when a limit is passed
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildAdmin, buildPlugin } from '../playground/build.mjs';

/** Everybody pays this, also who never opens a page of ours. */
const UPFRONT_LIMIT_BYTES = 5_000;

const log = (line) => console.log(line);
await buildPlugin(log);
const build = await buildAdmin(log);

const files = new Map(JSON.parse(readFileSync(join(build, 'files.json'), 'utf8')).map((file) => [file.fileName, file]));

const gzipBytes = (content) => gzipSync(content, { level: 9 }).length;
const written = (bytes) => `${(bytes / 1000).toFixed(2).padStart(7)} kB`;

/** A file and all that the browser has to load before it can run it. */
const closureOf = (names) => {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name) || !files.has(name)) return;
    seen.add(name);
    files.get(name).imports.forEach(visit);
  };
  names.forEach(visit);
  return [...seen];
};

/** Not minified here, as modules of Strapi's own files are not to be told apart afterwards: rather too much. */
const ownIn = (names) =>
  gzipBytes(
    names
      .flatMap((name) => files.get(name).own)
      .map(({ code }) => code)
      .join('\n')
  );
const sizeOf = (names) => names.reduce((sum, name) => sum + gzipBytes(readFileSync(join(build, name))), 0);

const atStart = closureOf([...files.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
const later = (names) => closureOf(names).filter((name) => !atStart.includes(name));

const upfrontBytes = ownIn(atStart);
const lazy = [...files.values()].filter(
  ({ fileName, startsWith }) => startsWith !== null && !atStart.includes(fileName)
);
const title = ({ startsWith }) => startsWith.replace(/^dist\/admin\/(.*)-.{8}\.mjs$/, '$1');

log(`${written(upfrontBytes)}  before a page of ours is opened; the limit is ${written(UPFRONT_LIMIT_BYTES).trim()}`);
for (const file of lazy) log(`${written(sizeOf(later([file.fileName])))}  more for ${title(file)}`);

const problems = [];
if (upfrontBytes === 0) problems.push('The plugin is not in the admin panel.');
if (upfrontBytes > UPFRONT_LIMIT_BYTES) problems.push('Too much is loaded before a page of ours is opened.');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
