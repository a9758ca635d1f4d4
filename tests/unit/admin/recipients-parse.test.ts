import { recipientsIn, settled } from '../../../admin/src/recipients/parse';

describe('text typed into a recipients field', () => {
  it.each([
    ['', []],
    [' , ;\n', []],
    ['a@x.example', ['a@x.example']],
    ['a@x.example b@x.example', ['a@x.example', 'b@x.example']],
    ['a@x.example, b@x.example;c@x.example\nd@x.example', ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example']],
    ['<a@x.example>', ['a@x.example']],
    ['mailto:a@x.example', ['a@x.example']],
    ['Ada <mailto:a@x.example>', [{ email: 'a@x.example', name: 'Ada' }]],
    ['Ada <a@x.example>', [{ email: 'a@x.example', name: 'Ada' }]],
    ['Ada Adams <a@x.example>, b@x.example', [{ email: 'a@x.example', name: 'Ada Adams' }, 'b@x.example']],
    [
      'Ada <a@x.example> Ben <b@x.example>',
      [
        { email: 'a@x.example', name: 'Ada' },
        { email: 'b@x.example', name: 'Ben' },
      ],
    ],
    ['"Adams, Ada" <a@x.example>', [{ email: 'a@x.example', name: 'Adams, Ada' }]],
    ['"Ada \\"A\\" Adams" <a@x.example>', [{ email: 'a@x.example', name: 'Ada "A" Adams' }]],
    ['Ada Adams (a@x.example)', [{ email: 'a@x.example', name: 'Ada Adams' }]],
    ['Ada Adams [mailto:a@x.example]', [{ email: 'a@x.example', name: 'Ada Adams' }]],
    ['a@x.example (Ada Adams)', [{ email: 'a@x.example', name: 'Ada Adams' }]],
    ['Adams, Ada <a@x.example>', [{ email: 'a@x.example', name: 'Adams, Ada' }]],
    [
      'Adams, Ada <a@x.example>; Baker, Ben, Dr. <b@x.example>; c@x.example',
      [{ email: 'a@x.example', name: 'Adams, Ada' }, { email: 'b@x.example', name: 'Baker, Ben, Dr.' }, 'c@x.example'],
    ],
    [
      'Adams, Ada (a@x.example)\nBaker, Ben (b@x.example)\n',
      [
        { email: 'a@x.example', name: 'Adams, Ada' },
        { email: 'b@x.example', name: 'Baker, Ben' },
      ],
    ],
    ['c@x.example, Ada <a@x.example>', ['c@x.example', { email: 'a@x.example', name: 'Ada' }]],
    [
      'c@x.example, Ada <a@x.example>; d@x.example',
      ['c@x.example', { email: 'a@x.example', name: 'Ada' }, 'd@x.example'],
    ],
    [
      'Ada <a@x.example>, Ben <b@x.example>',
      [
        { email: 'a@x.example', name: 'Ada' },
        { email: 'b@x.example', name: 'Ben' },
      ],
    ],
    ['nobody, no one, Ada <a@x.example>', ['nobody', 'no one', { email: 'a@x.example', name: 'Ada' }]],
    ['\u200b\u202aa@x.example\u202c\ufeff', ['a@x.example']],
    ['\u2066Ada\u2069 <\u200ba@x.example\u00a0>', [{ email: 'a@x.example', name: 'Ada' }]],
    ['a@x.example\u200e b@x.example\u200e', ['a@x.example', 'b@x.example']],
  ])('%j becomes %j', (text, recipients) => {
    expect(recipientsIn(text)).toEqual(recipients);
  });

  it('is not validated: invalid recipients are kept as typed', () => {
    expect(recipientsIn('nobody, "open quote a@x.example')).toEqual(['nobody', '"open', 'quote', 'a@x.example']);
    expect(recipientsIn('Ada Adams')).toEqual(['Ada Adams']);
  });
});

describe('cells copied from a table', () => {
  it('become one recipient per cell of a column', () => {
    expect(recipientsIn('a@x.example\r\nb@x.example\r\n\r\nc@x.example\r\n')).toEqual([
      'a@x.example',
      'b@x.example',
      'c@x.example',
    ]);
  });

  it.each([
    ['a@x.example\tb@x.example', ['a@x.example', 'b@x.example']],
    ['Ada Adams\ta@x.example', [{ email: 'a@x.example', name: 'Ada Adams' }]],
    ['Ada\tAdams\ta@x.example\t', [{ email: 'a@x.example', name: 'Ada Adams' }]],
    ['a@x.example\tAda Adams', [{ email: 'a@x.example', name: 'Ada Adams' }]],
    ['Ada\ta@x.example\tpaid', [{ email: 'a@x.example', name: 'Ada' }]],
    ['7\tAda\tAdams\ta@x.example\tpaid', ['a@x.example']],
    ['Ada\tAdams', ['Ada', 'Adams']],
    ['Adams, Ada\ta@x.example', [{ email: 'a@x.example', name: 'Adams, Ada' }]],
  ])('of the row %j become %j', (row, recipients) => {
    expect(recipientsIn(row)).toEqual(recipients);
  });
});

describe('text while it is typed', () => {
  it.each([
    ['a@x.example', [], 'a@x.example'],
    ['a@x.example,', ['a@x.example'], ''],
    ['a@x.example; b', ['a@x.example'], 'b'],
    ['"Adams, A', [], '"Adams, A'],
    ['"Adams, Ada" <a@x.example>,', [{ email: 'a@x.example', name: 'Adams, Ada' }], ''],
    ['"A \\", B', [], '"A \\", B'],
    [',', [], ''],
    ['a@x.example ', ['a@x.example'], ''],
    ['a@x.example b@x.example c', ['a@x.example', 'b@x.example'], 'c'],
    ['Ada ', [], 'Ada '],
    ['a@x ', [], 'a@x '],
    ['Ada a@x.example ', [], 'Ada a@x.example '],
    ['b@x.example, a@x.example ', ['b@x.example', 'a@x.example'], ''],
    ['Adams, Ada <a@x.example>', [], 'Adams, Ada <a@x.example>'],
    [
      'Adams, Ada <a@x.example>; Baker, Ben <b@x.example>',
      [{ email: 'a@x.example', name: 'Adams, Ada' }],
      'Baker, Ben <b@x.example>',
    ],
  ])('%j becomes %j, and %j remains pending', (text, done, pending) => {
    expect(settled(text)).toEqual({ done, pending });
  });
});
