import { afterBeginning, searchTerms, searchWords } from '../../../server/src/domain/search-words';

const wordsOfSubject = (subject: string): string[] => searchWords({ subject, recipients: [] });

describe('the words of a submission', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['– ??? –', []],
    ['News of week 7', ['7', 'news', 'of', 'week']],
    ['"Größe" für ÉVA', ['eva', 'fur', 'große"']],
    ['U\u0308berblick 100%', ['100%', 'uberblick']],
    ['news NEWS newsletter', ['newsletter']],
    ['anna-maria@x.de', ['anna-maria@x.de', 'de', 'maria@x.de', 'x.de']],
    ['会議 A', ['a', '会議', '議']],
    ['Hurra 🎉', ['hurra', '🎉']],
    ['x'.repeat(70), ['x'.repeat(64)]],
  ])('of the subject %j', (subject, words) => {
    expect(wordsOfSubject(subject).sort()).toEqual(words.sort());
  });

  it('include addresses without their top-level domain, and names', () => {
    const recipients = [
      { email: 'Max.Muster@Mail.Firm.example', name: 'Dr. Max Muster' },
      { email: 'root@localhost', name: null },
    ];
    expect(searchWords({ subject: 'Hi', recipients })).toEqual([
      'dr.',
      'firm.example',
      'hi',
      'localhost',
      'mail.firm.example',
      'max.muster@mail.firm.example',
      'muster@mail.firm.example',
      'root@localhost',
    ]);
  });

  it('are at most 100 of each text', () => {
    expect(wordsOfSubject(Array.from({ length: 300 }, (_, n) => `w${1000 + n}`).join(' '))).toHaveLength(100);
  });
});

describe('the terms of a search', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' % ', []],
    ['  Spring  "überblick" ', ['spring', 'uberblick"']],
    ['@Quartz.example', ['quartz.example']],
    ['a A', ['a']],
  ])('of %j', (q, terms) => {
    expect(searchTerms(q)).toEqual(terms);
  });
});

describe('the end of the range of a beginning', () => {
  it.each([
    ['a', 'b'],
    ['ab', 'ac'],
    ['\ud7ff', '\ue000'],
    ['a\u{10ffff}', 'b'],
    ['🎉', '🎊'],
  ])('of %j is %j', (beginning, end) => {
    expect(afterBeginning(beginning)).toBe(end);
  });
});
