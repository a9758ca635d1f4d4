import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';

/* Every regular expression of a folder of sources, and texts that make a careless one slow. */

const ROOT = path.resolve(__dirname, '../..');

/** One regular expression of the sources. `pattern` is null where the source builds it from values of the run. */
export interface Found {
  at: string;
  pattern: RegExp | null;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(file);
    return /\.tsx?$/.test(entry.name) ? [file] : [];
  });

/** The value of an expression of literals and of constants of the same file; null: something else. */
const textOf = (node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string | null => {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) {
    const value = constants.get(node.text);
    return value ? textOf(value, constants) : null;
  }
  if (!ts.isTemplateExpression(node)) return null;
  const spans = node.templateSpans.map((span) => {
    const value = textOf(span.expression, constants);
    return value === null ? null : value + span.literal.text;
  });
  return spans.includes(null) ? null : node.head.text + spans.join('');
};

const patternOf = (node: ts.Node, constants: ReadonlyMap<string, ts.Expression>): RegExp | null | undefined => {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/');
    return new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
  }
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'RegExp') return undefined;
  const [source, flags] = (node.arguments ?? []).map((argument) => textOf(argument, constants));
  return typeof source === 'string' && flags !== null ? new RegExp(source, flags) : null;
};

/** Every regular expression in a source text, by its syntax tree: a comment or a string holds none. */
export const expressionsOf = (text: string, name: string): Found[] => {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const found: Found[] = [];
  const collect = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer);
    ts.forEachChild(node, collect);
  };
  const visit = (node: ts.Node): void => {
    const pattern = patternOf(node, constants);
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (pattern !== undefined) found.push({ at: `${name}:${line}`, pattern });
    ts.forEachChild(node, visit);
  };
  collect(source);
  visit(source);
  return found;
};

/** Every regular expression of the sources in these folders of the repository. */
export const expressionsIn = (...folders: string[]): Found[] =>
  folders
    .flatMap((folder) => filesIn(path.join(ROOT, folder)))
    .flatMap((file) => expressionsOf(readFileSync(file, 'utf8'), path.relative(ROOT, file)));

/** Without a repetition that has no end, each start of a match costs a fixed number of steps. */
export const isUnbounded = ({ source }: RegExp): boolean =>
  /[*+]|\{\d+,\}/.test(source.replace(/\\[^]|\[(?:\\[^]|[^\]])*\]/g, 'x'));

/** Words of an expression, such as `<img ` of `/<img [^>]*>/`: repeated, they begin a match again and again. */
const wordsOf = ({ source }: RegExp): string[] => {
  const words = source
    .replace(/\(\?(?::|<?[=!])|\\[bB]/g, '')
    .replace(/\\[pP]\{[^}]*\}|\\[swdSWD]|\\u[0-9a-f]{4}|\[(?:\\[^]|[^\]])*\]|\{\d*,?\d*\}|\\[.*+?()|^$[\]]/g, '\0')
    .replace(/\\[rn]/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\/g, '')
    .split(/[\0*+?|()^$.]+/);
  return [...new Set(words)].filter((word) => word !== '');
};

const FILLERS = [
  ...[' ', '\t', '\n', '\r\n', '"', '\\', '\\"', '"\\', ',', '<', '>', '@', '=?', '=?a?b?', '{{', '-', '.', ':', '/'],
  ...['a', 'a.', 'a ', 'A', '7', '.7', 'é', '</', '<p></p>', '(', '\0'],
];
/** Ends a match in failure: no class of signs holds all of these. No quote, which would close an open one. */
const TAIL = '\0x<\n@';

interface Attack {
  head: string;
  filler: string;
}

const attacksOn = (pattern: RegExp): Attack[] => {
  const words = wordsOf(pattern);
  const heads = new Set(['', 'a@', '"', words[0] ?? '', words.join('')]);
  const fillers = new Set([...FILLERS, ...words, ...words.map((word) => `${word} `)]);
  return [...heads].flatMap((head) => [...fillers].map((filler) => ({ head, filler })));
};

const textOfAttack = ({ head, filler }: Attack, units: number): string =>
  head + filler.repeat(Math.ceil(units / filler.length)) + TAIL;

const context = vm.createContext({});
const SEARCH = new vm.Script('pattern.global ? text.replace(pattern, "") : pattern.test(text)');

/** Searches for every match of a global expression, else for the first. @returns false: stopped at the deadline */
const endsWithin = (pattern: RegExp, text: string, deadlineMs: number): boolean => {
  Object.assign(context, { pattern, text });
  try {
    SEARCH.runInContext(context, { timeout: deadlineMs });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
};

/** A linear search takes some ms for it, a quadratic one minutes. */
const UNITS = 1_000_000;
const DEADLINE_MS = 15_000;
/** Enough to tell which texts are worth the full size: the clock chooses among texts, it judges none. */
const SAMPLE_UNITS = 32_000;
const MOST = 3;

/**
 * The text by which the expression costs more than linear time: one that repeats a sign, or a word of the expression,
 * up to a million units, and was not searched after 15 s.
 *
 * @returns null: there is none
 */
export const slowText = (pattern: RegExp, deadlineMs = DEADLINE_MS): string | null => {
  const took = new Map<Attack, number>();
  for (const attack of attacksOn(pattern)) {
    const text = textOfAttack(attack, SAMPLE_UNITS);
    const start = process.hrtime.bigint();
    if (!endsWithin(pattern, text, deadlineMs)) return text.slice(0, 40);
    took.set(attack, Number(process.hrtime.bigint() - start));
  }
  const worst = [...took].sort(([, a], [, b]) => b - a).slice(0, MOST);
  const texts = worst.map(([attack]) => textOfAttack(attack, UNITS));
  return texts.find((text) => !endsWithin(pattern, text, deadlineMs))?.slice(0, 40) ?? null;
};
