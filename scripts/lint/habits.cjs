/**
 * Habits of wording that the project avoids (CONTRIBUTING.md, "Words"): free relative clauses as subjects, code as a
 * person, idioms where the field has a term. Shared by the ESLint rule (plain-words.cjs) and by words.mjs.
 */

/** `warn` until every room is reworded, then `error`: the only place to change. */
const SEVERITY = 'error';

/** Start of a sentence, of a table cell or of a `@returns`. Questions are filtered by `notAsked`. */
const START = String.raw`\b(?<=^\s{0,80}|[.:;!?|]\s{1,80}|[-*]\s|\n\s{1,80}\n\s{0,80}|@returns?\s|@param\s\S{1,80}\s)`;
const notAsked = String.raw`(?![^.?!]{0,160}\?)`;
/** Persons may ask and know; code may not. */
const notPerson = String.raw`(?<!\b(?:who|users?|person|people|author|editor|administrator|admin|operator|reader|owner|member|recipient|client)\s(?:\w{1,20}\s)?)`;
const any = (source) => new RegExp(source, 'gi');

/** `in`: the kinds of text that a habit is searched in; without it, all. */
const HABITS = [
  {
    find: any(
      String.raw`\b(?:whoever|whatever|whichever|whom(?! to\b)|nobody(?:'s|s)?|somebody(?:'s)?|everybody(?:'s)?|anybody(?:'s)?)\b`
    ),
    instead: 'name the user, process or caller',
  },
  { find: any(String.raw`${START}(?:who|whose)\s+\w+${notAsked}`), instead: 'start with a noun, not with Who' },
  {
    find: any(String.raw`\b(?:to|by|for|from|with|as|than|or|but)\s+who\s+(?!is\b\s+\w+\s*\?)\w+`),
    instead: 'name the user: "users who …"',
  },
  { find: any(String.raw`${START}what\s+\w+${notAsked}`), instead: 'start with a noun, not with a What clause' },
  {
    find: any(
      String.raw`\bwhat\s+(?:else\s+)?(?:is|was|are|were|has|had|cannot|can|could|may|must|will|would|comes|came|goes|stands|others|of|failed)\b${notAsked}`
    ),
    instead: 'name the thing',
  },
  {
    find: any(String.raw`\bwhat\s+\w+\s+(?:says?|said|knows|remembers|left|leaves|sees|saw)\b${notAsked}`),
    instead: 'name the thing',
  },
  { find: new RegExp(String.raw`${START}How\s+(?:much|many)\b${notAsked}`, 'g'), instead: 'name the number or limit' },
  {
    find: any(String.raw`\b(?<!not\s)so\s+(?:long|many|much|often)\b(?!\s+(?:as|that)\b)`),
    instead: 'name the duration, number or limit',
  },
  {
    find: any(String.raw`${START}of\s+(?:two|what|those|several|all)\s+that\b`),
    instead: 'make the thing the subject',
  },
  {
    find: any(String.raw`\b(?:once more|all the same|as one likes|one likes|what became of|by that(?=[.,;:]|$))\b`),
    instead: 'plain adverb: again, anyway, thereby',
  },
  { find: any(String.raw`\bby (?:itself|themselves)\b`), instead: '"automatically", or say what triggers it' },
  {
    find: any(
      String.raw`\b(?:is|are|was|were|be|been|being)\s+told\b|${notPerson}\btells\b(?!\s+(?:\w+\s+){1,4}apart)|\btold\b`
    ),
    instead: 'report, return, show, distinguish',
  },
  {
    find: any(String.raw`${notPerson}\b(?:do|does|did)\s+not\s+(?:know|ask|want|tell(?!\s+(?:\w+\s+){1,4}apart))\b`),
    instead: 'code is no person',
  },
  {
    find: any(
      String.raw`\b(?:stands?|stood)\s+(?:in|on|at|there|before|after|behind|beside|above|below|alone|still)\b`
    ),
    instead: 'is, contains, precedes',
  },
  {
    find: any(String.raw`\brests\b|\bresting\b|\b(?:may|must|to|lets?\s+\w+\s+\w+)\s+rest\b`),
    instead: 'paused (by an administrator) or unreachable (back-off)',
  },
  { find: any(String.raw`\b(?:goes|go|went|gone)\s+(?:on|without|away|along)\b`), instead: 'continue, omit, delete' },
  {
    find: any(String.raw`\b(?:look(?:s|ed|ing)\s+(?:at|after)|look\s+after)\b`),
    instead: 'check, read, scan, inspect',
  },
  {
    find: any(String.raw`${notPerson}\b(?:asks|knows|wants|thinks|believes|forgets|remembers)\b`),
    instead: 'code is no person: queries, has, requires, clears',
  },
  {
    find: any(String.raw`\b(?:is|are|was|were)\s+(?:asked|forgotten|tried again|meant(?!\s+(?:for|to)\b))\b`),
    instead: 'name the operation: queried, cleared, retried',
  },
  {
    find: any(
      String.raw`\b(?:puts?|putting)\s+off\b|\btak(?:es?|en|ing)\s+(?:\w+\s+)?(?:away|back)\b|\btook\s+(?:\w+\s+)?(?:away|back)\b`
    ),
    instead: 'defer, remove, revoke, cancel',
  },
  { find: any(String.raw`\b(?:mend(?:s|ed|ing)?|verdicts?|sayings|keepers?)\b`), instead: 'the term of the glossary' },
  {
    find: any(String.raw`\b(?:guarded |front |back |third |two |other |no |every |each |one |this |its )doors?\b`),
    instead: 'entry point, API',
  },
  { find: any(String.raw`\bthe way\s+(?:to|of|mail|back)\b`), instead: 'route, link' },
  { find: any(String.raw`\b(?:no|by|of)\s+chance\b`), instead: 'randomness' },
  { find: any(String.raw`\bquestions? (?:is|are|was|were) (?:not )?answered\b`), instead: 'decision' },
  { find: any(String.raw`${START}(?:beyond[,:]|beneath\b)`), instead: 'name the limit' },
  { find: any(String.raw`\b(?:the|a) \w+ (?:goes|comes)(?=[.,;:])`), instead: 'closes, is deleted, arrives' },
  { find: any(String.raw`@(?:param|returns?)\s[^.?@]{0,160}\?`), instead: 'a statement, not a question' },
  {
    in: ['title'],
    find: any(String.raw`^(?:nor|neither|not|by|and|but|or|what|who|whose|where|however|nothing|none)\b`),
    instead: 'verb + object + condition, readable alone',
  },
];

/** Same length, so that places stay right. */
const blank = (text) => text.replace(/[^\n]/g, 'x');

/** Code, addresses and paths are no words. */
const withoutCode = (text) => text.replace(/`[^`]{0,400}`/g, blank).replace(/\bhttps?:\/\/\S+/g, blank);

/** @returns the habits found, in order, one per place: `{ index, text, instead }` */
const findHabits = (text, kind) => {
  const words = withoutCode(text);
  const found = HABITS.filter((habit) => !habit.in || habit.in.includes(kind)).flatMap(({ find, instead }) =>
    [...words.matchAll(find)].map((match) => ({ index: match.index, text: match[0].replace(/\s+/g, ' '), instead }))
  );
  found.sort((a, b) => a.index - b.index);
  return found.filter(({ index }, at) => at === 0 || found[at - 1].index + found[at - 1].text.length <= index);
};

/** The words that exempt a line; a reason must follow. */
const ESCAPE = /\bplain-words:[ \t]*(.*)/;

/** Documents without code blocks, headings' marks, link targets and HTML comments; of the changelog, what is unreleased. */
const withoutMarkup = (markdown) =>
  markdown
    .replace(/^```[^]*?^```/gm, blank)
    .replace(/\]\([^)\n]{0,400}\)/g, blank)
    .replace(/<!--[^]*?-->/g, blank)
    .replace(/^## \[?\d[^]*/m, '');

const TYPES = 'build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test';
const SUBJECT = new RegExp(String.raw`^(?:${TYPES})(?:\([\w, /-]+\))?!?: (?=\S)`);
const NO_VERB = new Set(
  'a all also an another any each every how it its many more most new no not nothing now one only other same so some that the these this those what when where which who whose why'.split(
    ' '
  )
);
/** Imperatives that end like other forms of a verb. */
const VERBS = new Set('bring embed focus led ping shred spring string'.split(' '));

const isImperative = (word) =>
  !NO_VERB.has(word) && (VERBS.has(word) || !/(?:[^s]s|[^e]ed|\wing)$/.test(word)) && /^[a-z]/.test(word);

/** @returns why a commit's subject is not `type(scope): imperative object`; null: it is */
const faultOfSubject = (subject) => {
  if (/^(?:Revert "|fixup! |squash! )/.test(subject)) return null;
  const match = SUBJECT.exec(subject);
  if (!match) return `not of the form "type(scope): imperative object" (${TYPES.replaceAll('|', ', ')})`;
  const words = subject.slice(match[0].length);
  const [first] = words.split(/[\s,:]/);
  if (!isImperative(first)) return `"${first}": start with a verb in the imperative`;
  const [habit] = findHabits(words, 'subject');
  return habit ? `"${habit.text}": ${habit.instead}` : null;
};

module.exports = { ESCAPE, HABITS, SEVERITY, faultOfSubject, findHabits, withoutMarkup };
