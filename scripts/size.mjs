/**
 * Measures the plugin's part of the admin panel, gzipped. Reads the admin panel that Strapi built with the plugin in it
 * (the playground's), and first builds it if it is out of date.
 *
 *   npm run size        ends with 1 when a limit is passed
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { buildAdmin, buildPlugin } from '../playground/build.mjs';

/** Loaded by every user of the admin panel, without opening a page of the plugin. */
const UPFRONT_LIMIT_BYTES = 5_000;
/** Loaded once by users who compose: the page, its texts in one language, and the editor. */
const COMPOSE_LIMIT_BYTES = 250_000;

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

/** Minified per module: Strapi's build minifies the whole, where the plugin's code is no longer distinguishable. */
const ownIn = async (names) => {
  const modules = names.flatMap((name) => files.get(name).own).filter(({ module }) => module.startsWith('dist/'));
  const minified = await Promise.all(modules.map(({ code }) => transform(code, { minify: true, format: 'esm' })));
  return gzipBytes(minified.map(({ code }) => code).join('\n'));
};
const sizeOf = (names) => names.reduce((sum, name) => sum + gzipBytes(readFileSync(join(build, name))), 0);

const atStart = closureOf([...files.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
const later = (names) => closureOf(names).filter((name) => !atStart.includes(name));

const upfrontBytes = await ownIn(atStart);
const lazy = [...files.values()].filter(
  ({ fileName, startsWith }) => startsWith !== null && !atStart.includes(fileName)
);
const title = ({ startsWith }) => startsWith.replace(/^dist\/admin\/(.*)-.{8}\.mjs$/, '$1');

const widget = lazy
  .filter(({ startsWith }) => /\/(Widget|widget\.en)-/.test(startsWith))
  .map(({ fileName }) => fileName);
const homeBytes = await ownIn([...new Set([...atStart, ...later(widget)])]);

log(`${written(upfrontBytes)}  as soon as somebody signs in`);
log(
  `${written(homeBytes)}  with the widget on Strapi's home page; the limit is ${written(UPFRONT_LIMIT_BYTES).trim()}`
);
for (const file of lazy) log(`${written(sizeOf(later([file.fileName])))}  more for ${title(file)}`);

const partsOf = (names) => lazy.filter((file) => names.test(title(file))).map(({ fileName }) => fileName);
const compose = later(partsOf(/^(?:Communication|RichText|(?:widget|shared|communication)\.en)$/));
const composeBytes = sizeOf(compose);
log(
  `${written(composeBytes)}  more to write a message, with the editor; the limit is ${written(COMPOSE_LIMIT_BYTES).trim()}`
);

const problems = [];
if (composeBytes === 0) problems.push('The page to write on was not found.');
if (composeBytes > COMPOSE_LIMIT_BYTES) problems.push('Too much is loaded to write a message.');
if (upfrontBytes === 0) problems.push('The plugin is not in the admin panel.');
if (homeBytes > UPFRONT_LIMIT_BYTES) problems.push('Too much is loaded before a page of ours is opened.');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
