/**
 * Finds the habits of habits.cjs outside of code: in `*.md` and in the English translations; and in code by the ESLint
 * rule, where it counts.
 *
 *   node scripts/lint/words.mjs                   documents and translations, as `npm run lint` does
 *   node scripts/lint/words.mjs --list [FOLDER]   every place, code included
 *   node scripts/lint/words.mjs --counts          places per folder and file, code included
 *   node scripts/lint/words.mjs --commits         subjects of the last commits, as `.ci/run` does
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import habits from './habits.cjs';

const { ESCAPE, SEVERITY, faultOfSubject, findHabits, withoutMarkup } = habits;

/** Translations cannot hold comments: `'file: key': 'reason'`. */
const EXCEPTIONS = {};
const COMMITS = 50;

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const filesOf = (...patterns) =>
  git('ls-files', '-z', ...patterns)
    .split('\0')
    .filter(Boolean);
const lineAt = (text, index) => text.slice(0, index).split('\n').length;

const hitsOfDocument = (file) => {
  const source = readFileSync(file, 'utf8');
  const lines = source.split('\n');
  const reasonOf = (line) =>
    ESCAPE.exec(lines[line - 1] ?? '')?.[1]
      .replace(/-->.*/, '')
      .trim();
  const missing = lines.flatMap((_, at) =>
    reasonOf(at + 1) === ''
      ? [{ file, line: at + 1, text: 'plain-words', instead: 'needs a reason', isError: true }]
      : []
  );
  const found = findHabits(withoutMarkup(source), 'document').map((hit) => ({
    ...hit,
    file,
    line: lineAt(source, hit.index),
  }));
  return [...missing, ...found.filter(({ line }) => !reasonOf(line) && !reasonOf(line - 1))];
};

const hitsOfTranslations = (file) => {
  const source = readFileSync(file, 'utf8');
  return Object.entries(JSON.parse(source))
    .filter(([key]) => !EXCEPTIONS[`${file}: ${key}`])
    .flatMap(([key, text]) =>
      findHabits(text, 'translation').map((hit) => ({
        ...hit,
        file,
        line: lineAt(source, source.indexOf(`"${key}":`)),
      }))
    );
};

const hitsOutside = () => [
  ...filesOf('*.md').flatMap(hitsOfDocument),
  ...filesOf('admin/src/translations/*en.json').flatMap(hitsOfTranslations),
];

/** Skips types and every other rule: 30 s instead of minutes. */
const hitsInCode = async () => {
  const { WORDS_ONLY } = await import('../../eslint.config.mjs');
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: WORDS_ONLY, allowInlineConfig: false });
  const results = await eslint.lintFiles(['.']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => ({ file: path.relative('.', filePath), line, message }))
  );
};

const print = ({ file, line, text, instead, message }) =>
  console.log(`${file}:${line}  ${message ?? `"${text}": ${instead}`}`);

/** Two levels, or three below `src`. */
const folderOf = (file) => {
  const parts = path.dirname(file).split('/');
  return parts.slice(0, parts[1] === 'src' ? 3 : 2).join('/');
};

const printCounts = (hits) => {
  const folders = new Map();
  for (const hit of hits) folders.set(folderOf(hit.file), [...(folders.get(folderOf(hit.file)) ?? []), hit]);
  for (const [folder, all] of [...folders].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(`${String(all.length).padStart(5)}  ${folder}`);
    const files = {};
    for (const { file } of all) files[file] = (files[file] ?? 0) + 1;
    for (const [file, count] of Object.entries(files).sort((a, b) => b[1] - a[1]))
      console.log(`${String(count).padStart(11)}  ${path.relative(folder, file)}`);
  }
  console.log(`${String(hits.length).padStart(5)}  all`);
};

/** Only commits that are newer than this check. @returns null without a history */
const commits = () => {
  try {
    const first = git('log', '--diff-filter=A', '--format=%H', '--', 'scripts/lint/words.mjs')
      .trim()
      .split('\n')
      .at(-1);
    const range = first ? `${first}..HEAD` : 'HEAD';
    return git(
      'log',
      `-${COMMITS}`,
      '--no-merges',
      '--format=%h%x09%s%x09%(trailers:key=Plain-words,valueonly,separator=%x20)',
      range
    )
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
  } catch {
    return null;
  }
};

const checkCommits = () => {
  const all = commits();
  if (!all) return console.log('no history here: no commit was checked');
  const faults = all
    .filter(([, , reason]) => !reason)
    .flatMap(([hash, subject]) => {
      const fault = faultOfSubject(subject);
      return fault ? [`${hash} ${subject}\n    ${fault}`] : [];
    });
  for (const fault of faults) console.log(fault);
  console.log(`${all.length} commit subjects checked, ${faults.length} with faults`);
  if (faults.length > 0) process.exitCode = 1;
};

const [option, folder = ''] = process.argv.slice(2);
if (option === '--commits') checkCommits();
else if (option === '--list' || option === '--counts') {
  const hits = [...hitsOutside(), ...(await hitsInCode())].filter(({ file }) => file.startsWith(folder));
  if (option === '--counts') printCounts(hits);
  else hits.forEach(print);
} else {
  const hits = hitsOutside();
  const errors = SEVERITY === 'error' ? hits : hits.filter(({ isError }) => isError);
  errors.forEach(print);
  console.log(`words: ${hits.length} places in documents and translations to reword (${SEVERITY}); --list shows them`);
  if (errors.length > 0) process.exitCode = 1;
}
