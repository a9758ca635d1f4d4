import {
  elementKeysOf,
  keyOf,
  problemIn,
  repeatedIn,
  shownOf,
  textOf,
  withAdded,
  without,
} from '../../../admin/src/recipients/chips';
import { recipientsIn } from '../../../admin/src/recipients/parse';

const ada = { email: 'ada@x.example', name: 'Ada' };
const many = (count: number) => Array.from({ length: count }, (_, index) => `r${index}@x.example`);

describe('a chip', () => {
  it.each([
    'a@x.example',
    ada,
    { email: 'a@x.example', name: 'Adams, Ada' },
    { email: 'a@x.example', name: 'Ada "A" \\ Adams' },
    { email: 'a@x.example', name: 'ada@work' },
    { email: 'not an address', name: 'Ada' },
  ])('is unchanged after formatting and parsing: %j', (recipient) => {
    expect(recipientsIn(textOf(recipient))).toEqual([recipient]);
  });

  it.each([
    ['a@x.example', null],
    ['a@bücher.example', null],
    ['Ada Adams', 'address'],
    ['a@localhost', 'address'],
    ['a@x.example.', 'address'],
    [{ email: 'a@x.example', name: 'ada@work' }, null],
    [{ email: 'a@x.example', name: 'A\u200bda' }, 'name'],
    [{ email: 'a@x', name: 'A\u200bda' }, 'address'],
  ])('%j has the problem %j', (recipient, problem) => {
    expect(problemIn(recipient)).toBe(problem);
  });
});

describe('recipients that are added', () => {
  it('follow the present ones, invalid ones included', () => {
    expect(withAdded([ada], ['b@x.example', 'nobody'])).toEqual({
      value: [ada, 'b@x.example', 'nobody'],
      added: 2,
      wrong: 1,
      doubles: 0,
    });
  });

  it('are equal in another case or another spelling of the domain', () => {
    const { value, doubles } = withAdded(['a@bücher.example'], ['A@BÜCHER.example', 'a@xn--bcher-kva.example']);
    expect([value, doubles]).toEqual([['a@bücher.example'], 2]);
  });

  it('add a missing name to a present recipient, and remove none', () => {
    expect(withAdded(['ada@x.example', 'b@x.example'], [ada]).value).toEqual([ada, 'b@x.example']);
    expect(withAdded([ada], ['ada@x.example']).value).toEqual([ada]);
  });

  it('are deduplicated among themselves', () => {
    expect(withAdded([], ['nobody', 'nobody', 'a@x.example', 'A@x.example'])).toMatchObject({
      value: ['nobody', 'a@x.example'],
      added: 2,
      wrong: 1,
      doubles: 2,
    });
  });
});

describe('recipients in the place of an edited chip', () => {
  it('take its position among the others', () => {
    expect(withAdded([ada, 'c@x.example'], ['b1@x.example', 'b2@x.example', 'b1@x.example'], 1)).toEqual({
      value: [ada, 'b1@x.example', 'b2@x.example', 'c@x.example'],
      added: 2,
      wrong: 0,
      doubles: 1,
    });
  });

  it('do not move a present recipient', () => {
    expect(withAdded(['b@x.example', 'ada@x.example'], [ada], 0).value).toEqual(['b@x.example', ada]);
  });
});

describe('a recipient in two fields', () => {
  it('is reported with the label of the first other field', () => {
    expect(
      repeatedIn(
        ['B@x.example', ada, 'c@x.example'],
        [
          { label: 'To', value: ['ada@X.example'] },
          { label: 'Cc', value: ['b@x.example', 'ada@x.example'] },
        ]
      )
    ).toEqual([
      { recipient: 'B@x.example', label: 'Cc' },
      { recipient: ada, label: 'To' },
    ]);
  });
});

it('makes unique React keys for a recipient that a stored draft contains twice', () => {
  const chips = ['a@x.example', 'b@x.example', 'A@x.example'].map((recipient, index) => ({ recipient, index }));
  expect(elementKeysOf(chips)).toEqual(['a@x.example 1', 'b@x.example 1', 'a@x.example 2']);
});

describe('a field with many recipients', () => {
  const isWrong = (wrong: number[]) => (index: number) => wrong.includes(index);

  it('shows up to 30 chips', () => {
    expect(shownOf(many(30), { expansions: 0, isWrong: isWrong([]) })).toMatchObject({ hidden: 0 });
  });

  it('shows the first, the last and the invalid ones of a longer list', () => {
    const { shown, hidden } = shownOf(many(100), { expansions: 0, isWrong: isWrong([50]) });
    expect(shown.map(({ index }) => index)).toEqual([...Array(12).keys(), 50, 97, 98, 99]);
    expect(hidden).toBe(84);
  });

  it('limits the number of invalid ones', () => {
    const { shown, hidden } = shownOf(many(2000), { expansions: 0, isWrong: () => true });
    expect([shown.length, hidden]).toEqual([35, 1965]);
  });

  it('shows 200 more per click on "show more"', () => {
    expect(shownOf(many(100), { expansions: 1, isWrong: isWrong([]) })).toMatchObject({ hidden: 0 });
    expect(shownOf(many(2000), { expansions: 2, isWrong: isWrong([]) }).shown).toHaveLength(415);
  });
});

it('removes a chip by its position', () => {
  expect(without([ada, 'b@x.example', 'c@x.example'], 1)).toEqual([ada, 'c@x.example']);
  expect(keyOf(ada)).toBe('ada@x.example');
});
