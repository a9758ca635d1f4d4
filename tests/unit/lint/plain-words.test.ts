import { RuleTester } from 'eslint';
import { slowText } from '../../support/regular-expressions';
import { EXAMPLES } from './examples.table';

interface Habit {
  text: string;
  instead: string;
}

interface Habits {
  HABITS: { find: RegExp }[];
  findHabits: (text: string, kind: string) => Habit[];
  faultOfSubject: (subject: string) => string | null;
  withoutMarkup: (markdown: string) => string;
}

const { HABITS, findHabits, faultOfSubject, withoutMarkup } = require('../../../scripts/lint/habits.cjs') as Habits;
const { rules } = require('../../../scripts/lint/plain-words.cjs') as {
  rules: Record<'words' | 'reason', Parameters<RuleTester['run']>[1]>;
};

/** Grammatical, and only wrong in its place: no pattern finds these without false alarms. */
const NOT_FOUND = [21, 48];

const textsOf = (text: string, kind: string) => findHabits(text, kind).map((habit) => habit.text);

describe('the list of habits', () => {
  it.each(EXAMPLES.filter(([, number]) => !NOT_FOUND.includes(number)))('finds the %s %i: %s', (kind, _, before) => {
    if (kind === 'subject') expect(faultOfSubject(`fix: ${before}`)).not.toBeNull();
    else expect(findHabits(before, kind)).not.toEqual([]);
  });

  it.each(EXAMPLES)('accepts the replacement of the %s %i: %s › %s', (kind, _, __, after) => {
    if (kind === 'subject') expect(faultOfSubject(after)).toBeNull();
    else expect(findHabits(after, kind)).toEqual([]);
  });

  it.each([
    ['Reads the rest of the message over the REST API.'],
    ['Users who may send see the page.'],
    ['A person asks again; the author knows why.'],
    ['Which port? What does the server say?'],
    ['Not so many that the page grows.'],
    ['Calls `whatever` and `nobody()`.'],
    ['Tells two drafts apart.'],
  ])('accepts %s', (text) => {
    expect(textsOf(text, 'comment')).toEqual([]);
  });

  it('searches titles for a start that continues the title before', () => {
    expect(textsOf('nor is a draft', 'title')).toEqual(['nor']);
    expect(textsOf('nor is a draft', 'comment')).toEqual([]);
  });

  it('ignores code blocks, link targets and HTML comments of documents', () => {
    const markdown = '[guard](whoever.md)\n\n```sh\nwhoever\n```\n\n<!-- whoever -->\n\nA worker.\n';
    expect(textsOf(withoutMarkup(markdown), 'document')).toEqual([]);
  });

  it('ignores released versions of the changelog', () => {
    const changelog = '## Unreleased\n\n- A worker.\n\n## 1.0.0\n\n- Whoever sends.\n';
    expect(textsOf(withoutMarkup(changelog), 'document')).toEqual([]);
  });

  it.each(HABITS.map(({ find }) => [find]))('costs linear time: %s', (find) => {
    expect(slowText(find)).toBeNull();
  });
});

describe('the subject of a commit', () => {
  it.each([
    'fix(editor): place caret above the signature',
    'feat(api)!: embed pictures',
    'docs: address the review',
    'Revert "fix(editor): places"',
  ])('may be %s', (subject) => {
    expect(faultOfSubject(subject)).toBeNull();
  });

  it.each(
    Object.entries({
      'place caret above the signature': 'not of the form',
      'fix(editor): places the caret': '"places": start with a verb',
      'fix(editor): placed the caret': '"placed": start with a verb',
      'fix(editor): placing the caret': '"placing": start with a verb',
      'fix(editor): who clicks below the signature writes above it': '"who": start with a verb',
      'fix(html): the bounds stand in one place': '"the": start with a verb',
      'fix(outbox): keep what is left': '"what is": name the thing',
    })
  )('may not be %s', (subject, fault) => {
    expect(faultOfSubject(subject)).toContain(fault);
  });
});

/* RuleTester calls `describe` and `it` itself. */
const tester = new RuleTester({ languageOptions: { sourceType: 'module' } });
const habit = (line: number, column: number) => [{ messageId: 'habit', line, column }];

tester.run('plain-words/words', rules.words, {
  valid: [
    '// Locks the lane rows until commit.',
    '/** Returns the draft. */ const a = "whoever sends gets it";',
    'it("rejects a hidden identity with FORBIDDEN", f);',
    'run("what is left", f);',
    'it(`rejects ${whoever}`, f);',
    '// plain-words: quotes RFC 5321\n// Whoever sends.',
    'a(); // Whoever sends. plain-words: quotes RFC 5321',
    '// plain-words: quotes RFC 5321\n/**\n * Text.\n * Whoever sends.\n */',
    '// plain-words: Strapi’s own words\nit("is told", f);',
    { code: 'log("SELECT id, whoever from a where b");', filename: '/x/server/src/a.ts' },
    { code: 'log("what others left behind could not be looked at");', filename: '/x/admin/src/a.ts' },
  ],
  invalid: [
    { code: '// Locks. Whoever holds it.', errors: habit(1, 11) },
    { code: '// Waits so\n// long after a change.', errors: habit(1, 10) },
    { code: '/**\n * Returns it.\n * What is left waits.\n */', errors: habit(3, 4) },
    { code: '/** Returns it. @returns what is left */', errors: habit(1, 26) },
    { code: 'it("is told", f);', errors: habit(1, 5) },
    { code: 'it(`${a} is told`, f);', errors: habit(1, 10) },
    { code: 'describe.each([[1]])("what of %i", f);', errors: habit(1, 23) },
    { code: 'test.only("nor a draft", f);', errors: habit(1, 12) },
    { code: 'it.each`\na\n${1}\n`("by two at once", f);', errors: habit(4, 4) },
    {
      code: 'log("what others left behind could not be looked at");',
      filename: '/x/server/src/a.ts',
      errors: [...habit(1, 6), ...habit(1, 43)],
    },
    { code: '// Whoever sends.\n// plain-words: not the line before\n', errors: habit(1, 4) },
    { code: '// plain-words: only the next line\n\n// Whoever sends.', errors: habit(3, 4) },
  ],
});

tester.run('plain-words/reason', rules.reason, {
  valid: ['// plain-words: quotes RFC 5321', '// plain words'],
  invalid: [
    { code: '// plain-words:', errors: [{ messageId: 'missing' }] },
    { code: 'a(); /* plain-words: */', errors: [{ messageId: 'missing' }] },
  ],
});
