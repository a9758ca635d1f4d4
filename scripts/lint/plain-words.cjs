/** ESLint rules over the words of code: comments, titles of tests, and messages in `server/src`. */
const { ESCAPE, findHabits } = require('./habits.cjs');

const TESTS = new Set(['it', 'test', 'describe']);

/** `describe` of `describe.each(rows)('title')`. */
const rootOf = (node) => {
  if (node.type === 'MemberExpression') return rootOf(node.object);
  if (node.type === 'CallExpression') return rootOf(node.callee);
  if (node.type === 'TaggedTemplateExpression') return rootOf(node.tag);
  return node.type === 'Identifier' ? node.name : '';
};

const isText = (node) =>
  node?.type === 'TemplateLiteral' || (node?.type === 'Literal' && typeof node.value === 'string');

/** A message has spaces and starts with a letter; SQL and class names are no messages. */
const isMessage = (text) =>
  /^[A-Za-z][^\n]*[a-z,] [a-z][^\n]* /.test(text) && !/^(?:select|insert|update|delete) /i.test(text);

const replaceRange = (text, [start, end], from) =>
  text.slice(0, start - from) + text.slice(start - from, end - from).replace(/[^\n]/g, 'x') + text.slice(end - from);

/** The static text between the quotes, in place: expressions become letters. */
const staticText = (node, sourceCode) => {
  const start = node.range[0] + 1;
  const text = sourceCode.text.slice(start, node.range[1] - 1);
  if (node.type === 'Literal') return { start, text };
  const holes = node.expressions.map(({ range }) => [range[0] - 2, range[1] + 1]);
  return { start, text: holes.reduce((result, hole) => replaceRange(result, hole, start), text) };
};

const isContinued = (before, after) =>
  before?.type === 'Line' &&
  after.type === 'Line' &&
  before.loc.start.line + 1 === after.loc.start.line &&
  before.loc.start.column === after.loc.start.column &&
  ![before, after].some(({ value }) => ESCAPE.test(value));

/** Comments as texts, in place: markers become spaces, and lines of `//` that belong together are one text. */
const commentTexts = (sourceCode) => {
  const groups = [];
  for (const comment of sourceCode.getAllComments()) {
    const group = groups.at(-1);
    if (group && isContinued(group.at(-1), comment)) group.push(comment);
    else groups.push([comment]);
  }
  return groups.map((group) => {
    const start = group[0].range[0] + 2;
    const isBlock = group[0].type === 'Block';
    const end = group.at(-1).range[1] - (isBlock ? 2 : 0);
    const text = sourceCode.text.slice(start, end);
    const marker = isBlock ? /^[ \t]*\*+/gm : /^[ \t]*\/\//gm;
    return { start, text: text.replace(marker, (found) => ' '.repeat(found.length)) };
  });
};

const escapesOf = (sourceCode) =>
  sourceCode.getAllComments().flatMap((comment) => {
    const match = ESCAPE.exec(comment.value);
    return match ? [{ comment, line: comment.loc.end.line, reason: match[1].trim() }] : [];
  });

const words = {
  meta: { type: 'suggestion', schema: [], messages: { habit: '"{{text}}": {{instead}} (CONTRIBUTING.md, "Words")' } },
  create({ sourceCode, filename, report }) {
    const escaped = new Set(escapesOf(sourceCode).flatMap(({ line }) => [line, line + 1]));
    const isServer = /[\\/]server[\\/]src[\\/]/.test(filename);
    const titles = new Set();
    const check = ({ start, text }, kind) => {
      if (escaped.has(sourceCode.getLocFromIndex(start).line)) return;
      for (const { index, text: found, instead } of findHabits(text, kind)) {
        const loc = sourceCode.getLocFromIndex(start + index);
        if (!escaped.has(loc.line)) report({ loc, messageId: 'habit', data: { text: found, instead } });
      }
    };
    const checkMessage = (node) => {
      if (!isServer || !isText(node)) return;
      const message = staticText(node, sourceCode);
      if (isMessage(message.text)) check(message, 'message');
    };
    return {
      Program() {
        for (const comment of commentTexts(sourceCode)) if (!ESCAPE.test(comment.text)) check(comment, 'comment');
      },
      CallExpression(node) {
        const [title] = node.arguments;
        const root = rootOf(node.callee);
        if (!TESTS.has(root) || !isText(title) || titles.has(title)) return;
        titles.add(title);
        check(staticText(title, sourceCode), root === 'describe' ? 'group' : 'title');
      },
      Literal: checkMessage,
      TemplateLiteral: checkMessage,
    };
  },
};

const reason = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: 'An exception from the words needs a reason: `plain-words: reason`.' },
  },
  create: ({ sourceCode, report }) => ({
    Program() {
      for (const { comment, reason: given } of escapesOf(sourceCode))
        if (given.length < 3) report({ loc: comment.loc, messageId: 'missing' });
    },
  }),
};

module.exports = { rules: { words, reason } };
