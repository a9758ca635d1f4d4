import { suggest, type Use } from '../../../server/src/domain/suggestion';

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 0, 15);

const use = (email: string, differs: Partial<Use> & { daysAgo?: number } = {}): Use => {
  const { daysAgo = 0, ...rest } = differs;
  return { email, key: email.toLowerCase(), name: null, count: 1, lastAt: NOW - daysAgo * DAY, ...rest };
};
const emails = (uses: Use[], q: string): string[] => suggest(uses, q).map(({ email }) => email);

describe('a suggestion', () => {
  const ADA = use('ada@club.example', { name: 'Ada Archer' });
  const BEN = use('ben@ada-fans.example', { name: 'Ben Bäcker' });

  it.each([
    ['the beginning of an address', 'ADA@', ['ada@club.example']],
    ['a part of an address', 'fans', ['ben@ada-fans.example']],
    ['the beginning of a name', 'ben b', ['ben@ada-fans.example']],
    ['a word of a name', 'arch', ['ada@club.example']],
    ['a part of a name, in whatever case and form', 'A\u0308CK', ['ben@ada-fans.example']],
    ['the beginning before a part', 'ada', ['ada@club.example', 'ben@ada-fans.example']],
    ['blanks around', ' ada@ ', ['ada@club.example']],
    ['a wildcard, which is none', '%', []],
    ['another, which is none', 'a_a', []],
    ['nothing that there is', 'zoe', []],
  ])('is found by %s', (_what, q, found) => expect(emails([BEN, ADA], q)).toEqual(found));

  it('is one per address, with its latest spelling and name', () => {
    const uses = [
      use('Ada@club.example', { name: 'Ada A.', daysAgo: 9 }),
      use('ada@club.example', { name: 'Ada Archer', daysAgo: 2 }),
      use('ADA@club.example', { daysAgo: 1 }),
    ];
    expect(suggest(uses, 'ada')).toEqual([{ email: 'ADA@club.example', name: 'Ada Archer' }]);
  });

  it('is ranked by frequency and age', () => {
    const often = use('a-often@club.example', { count: 9, daysAgo: 20 });
    const now = use('a-now@club.example', { count: 2 });
    const once = use('a-once@club.example', { daysAgo: 1 });
    const longAgo = use('a-long-ago@club.example', { count: 9, daysAgo: 300 });
    expect(emails([longAgo, once, now, often], 'a')).toEqual([often, now, once, longAgo].map(({ email }) => email));
  });

  it('without a text is one of the ten latest', () => {
    const uses = Array.from({ length: 12 }, (_, n) => use(`${n}@club.example`, { daysAgo: 12 - n, count: 12 - n }));
    expect(emails(uses, ' ')).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((n) => `${n}@club.example`));
    expect(emails(uses, 'club')).toHaveLength(10);
    expect(suggest([], '')).toEqual([]);
  });
});
