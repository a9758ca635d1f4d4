import { paragraphsIn } from '../../../admin/src/editor/plain-text';

describe('plain text that is pasted', () => {
  it.each([
    ['one', [[{ text: 'one' }]]],
    [' one ', [[{ text: ' one ' }]]],
    ['', [[]]],
    ['one\ntwo', [[{ text: 'one' }, 'break', { text: 'two' }]]],
    ['one\r\n\r\ntwo\rthree', [[{ text: 'one' }], [{ text: 'two' }, 'break', { text: 'three' }]]],
    ['one\n\n\n \ntwo', [[{ text: 'one' }], [], [], [{ text: 'two' }]]],
    ['\none\n', [[], [{ text: 'one' }]]],
  ])('%j has the paragraphs %j', (text, paragraphs) => {
    expect(paragraphsIn(text)).toEqual(paragraphs);
  });

  it.each([
    ['www.club.example', [{ text: 'www.club.example', href: 'https://www.club.example' }]],
    ['http://club.example/a?b=c#d', [{ text: 'http://club.example/a?b=c#d', href: 'http://club.example/a?b=c#d' }]],
    ['news@club.example', [{ text: 'news@club.example', href: 'mailto:news@club.example' }]],
    [
      'See (www.club.example/a_(b)), or „news@club.example“!',
      [
        { text: 'See (' },
        { text: 'www.club.example/a_(b)', href: 'https://www.club.example/a_(b)' },
        { text: '), or „' },
        { text: 'news@club.example', href: 'mailto:news@club.example' },
        { text: '“!' },
      ],
    ],
    [
      '(https://club.example).',
      [{ text: '(' }, { text: 'https://club.example', href: 'https://club.example' }, { text: ').' }],
    ],
    ['readme.txt, club.example and @club', [{ text: 'readme.txt, club.example and @club' }]],
    ['javascript:alert(1) www.', [{ text: 'javascript:alert(1) www.' }]],
  ])('%j is the line %j', (text, line) => {
    expect(paragraphsIn(text)).toEqual([line]);
  });

  it('has no link in a word above the length limit', () => {
    const text = `https://club.example/${'a'.repeat(2000)}`;
    expect(paragraphsIn(text)).toEqual([[{ text }]]);
  });
});
