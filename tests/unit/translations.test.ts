import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import communicationDe from '../../admin/src/translations/communication.de.json';
import communicationEn from '../../admin/src/translations/communication.en.json';
import menuDe from '../../admin/src/translations/menu.de.json';
import menuEn from '../../admin/src/translations/menu.en.json';
import settingsDe from '../../admin/src/translations/settings.de.json';
import settingsEn from '../../admin/src/translations/settings.en.json';
import sharedDe from '../../admin/src/translations/shared.de.json';
import sharedEn from '../../admin/src/translations/shared.en.json';
import widgetDe from '../../admin/src/translations/widget.de.json';
import widgetEn from '../../admin/src/translations/widget.en.json';
import { argumentsOf, membersOf, programOf, usesOfTexts } from '../support/texts';

const ROOT = path.resolve(__dirname, '../..');
const ADMIN = path.join(ROOT, 'admin/src');
const OUTCOME = 'server/src/domain/outcome.ts';
const TEST = 'server/src/smtp/test-problems.ts';
const REFUSAL = 'server/src/domain/refusal.ts';

const program = programOf(['strapi-admin.tsx', OUTCOME, TEST, REFUSAL].map((file) => path.join(ROOT, file)));

/** Keys that the code ends with what the server answers, and everything it can answer. */
const MADE: Record<string, readonly string[]> = {
  'refusal.*': membersOf(program, OUTCOME, 'OutcomeCode'),
  // Only some refusals have a next step.
  'next.*': membersOf(program, REFUSAL, 'RefusalCode').filter((code) => `next.${code}` in sharedEn),
  'test.problem.*': membersOf(program, TEST, 'TestProblem'),
};

const ENGLISH = {
  menu: menuEn,
  widget: widgetEn,
  shared: sharedEn,
  communication: communicationEn,
  settings: settingsEn,
};
const GERMAN = {
  menu: menuDe,
  widget: widgetDe,
  shared: sharedDe,
  communication: communicationDe,
  settings: settingsDe,
};
const texts: Record<string, string> = Object.assign({}, ...Object.values(ENGLISH));
const german: Record<string, string> = Object.assign({}, ...Object.values(GERMAN));
const keys = new Set(Object.keys(texts));

describe('the texts of the admin panel', () => {
  const uses = usesOfTexts(program, ADMIN, keys);
  const spelled = uses.flatMap((use) =>
    use.key in MADE ? (MADE[use.key] ?? []).map((end) => ({ ...use, key: use.key.replace('*', end) })) : [use]
  );

  it('are only in the files that this test covers', () => {
    expect(readdirSync(path.join(ADMIN, 'translations')).sort()).toEqual([
      'communication.de.json',
      'communication.en.json',
      'menu.de.json',
      'menu.en.json',
      'settings.de.json',
      'settings.en.json',
      'shared.de.json',
      'shared.en.json',
      'widget.de.json',
      'widget.en.json',
    ]);
  });

  it.each(['menu', 'widget', 'shared', 'communication', 'settings'] as const)(
    'of %s are the same in every language, in the same order',
    (part) => {
      expect(Object.keys(GERMAN[part])).toEqual(Object.keys(ENGLISH[part]));
    }
  );

  it('are each in one file only, and none is empty', () => {
    const all = Object.values(ENGLISH).flatMap((part) => Object.keys(part));
    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
    expect(Object.entries({ ...texts, ...german }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('take the same values in every language', () => {
    const differ = [...keys].filter(
      (key) => String(argumentsOf(texts[key] ?? '')) !== String(argumentsOf(german[key] ?? ''))
    );
    expect(differ).toEqual([]);
  });

  it('exist for every key in use', () => {
    expect(spelled.filter(({ key }) => !keys.has(key)).map(({ key, where }) => `${key} in ${where}`)).toEqual([]);
  });

  it.each([
    ['communication', /^admin\/src\/(?:compose|drafts|editor|outbox|recipients)\/|\/app\/Communication\./],
    ['settings', /^admin\/src\/settings\/|\/app\/Settings\./],
  ] as const)('of %s are used on its pages only: others do not load them', (part, pages) => {
    const elsewhere = spelled.filter(({ key, where }) => key in ENGLISH[part] && !pages.test(where));
    expect(elsewhere.map(({ key, where }) => `${key} in ${where}`)).toEqual([]);
  });

  it('of both kinds of pages are the only shared ones', () => {
    const roomsOf = new Map<string, Set<string>>();
    for (const { key, where } of spelled)
      roomsOf.set(key, (roomsOf.get(key) ?? new Set()).add(where.split('/')[2] ?? ''));
    const single = Object.keys(sharedEn).filter((key) => {
      const rooms = [...(roomsOf.get(key) ?? [])];
      return (
        rooms.every((room) => room === 'settings') || rooms.every((room) => !['settings', 'shared'].includes(room))
      );
    });
    expect(single).toEqual([]);
  });

  it('are all used', () => {
    const used = new Set(spelled.map(({ key }) => key));
    expect([...keys].filter((key) => !used.has(key))).toEqual([]);
  });

  it('get every value that they want', () => {
    const wanting = spelled
      .filter(({ key, values }) => keys.has(key) && values !== null)
      .flatMap(({ key, values, where }) =>
        argumentsOf(texts[key] ?? '')
          .filter((name) => !values?.includes(name))
          .map((name) => `${key} does not get ${name} in ${where}`)
      );
    expect(wanting).toEqual([]);
  });
});

describe('the search for texts', () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mailboxes-texts-')));
  const KEYS = new Set(['one', 'two', 'state.a', 'state.b', 'label', 'unused']);
  const SOURCE = `
    type Key = ${[...KEYS].map((key) => `'${key}'`).join(' | ')};
    declare const t: (key: Key, values?: Record<string, string | number>) => string;
    declare const state: 'a' | 'b'; declare const code: string; declare const yes: boolean;
    const ID = 'mailboxes';
    const LABELS: Record<'x', Key> = { x: 'label' };
    const unusedField = { unused: 'unused' };
    const chosen = yes ? 'one' : 'two';
    export const all = [t(chosen), t(\`state.\${state}\`, { count: 1 }), t(LABELS.x), \`\${ID}.menu.entry\`,
      t(\`problem.\${code}\` as Key), unusedField];
  `;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds keys that are selected, composed or passed on, and takes no other string for a key', () => {
    const file = path.join(folder, 'page.ts');
    writeFileSync(file, SOURCE);
    const found = usesOfTexts(programOf([file]), folder, KEYS);
    expect(found.map(({ key, values }) => [key, values]).sort()).toEqual([
      ['label', null],
      ['menu.entry', null],
      ['one', []],
      ['problem.*', []],
      ['state.a', ['count']],
      ['state.b', ['count']],
      ['two', []],
    ]);
  });

  it('finds the values of every kind of ICU message', () => {
    const text = '{name} has {count, plural, one {# mail from {who}} other {# mails}} <b>{what}</b> on {day, date}';
    expect(argumentsOf(text)).toEqual(['b', 'count', 'day', 'name', 'what', 'who']);
  });
});
