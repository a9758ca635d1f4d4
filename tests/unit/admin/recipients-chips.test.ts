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
  ])('comes back as it was when its text is edited: %j', (recipient) => {
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
  it('stand behind those that are there, and wrong ones are kept', () => {
    expect(withAdded([ada], ['b@x.example', 'nobody'])).toEqual({
      value: [ada, 'b@x.example', 'nobody'],
      added: 2,
      wrong: 1,
      doubles: 0,
    });
  });

  it('are the same recipient in another case or another spelling of the domain', () => {
    const { value, doubles } = withAdded(['a@bücher.example'], ['A@BÜCHER.example', 'a@xn--bcher-kva.example']);
    expect([value, doubles]).toEqual([['a@bücher.example'], 2]);
  });

  it('give a name to one without, and take none away', () => {
    expect(withAdded(['ada@x.example', 'b@x.example'], [ada]).value).toEqual([ada, 'b@x.example']);
    expect(withAdded([ada], ['ada@x.example']).value).toEqual([ada]);
  });

  it('count once among themselves', () => {
    expect(withAdded([], ['nobody', 'nobody', 'a@x.example', 'A@x.example'])).toMatchObject({
      value: ['nobody', 'a@x.example'],
      added: 2,
      wrong: 1,
      doubles: 2,
    });
  });
});

describe('recipients in the place of an edited chip', () => {
  it('stand between the others', () => {
    expect(withAdded([ada, 'c@x.example'], ['b1@x.example', 'b2@x.example', 'b1@x.example'], 1)).toEqual({
      value: [ada, 'b1@x.example', 'b2@x.example', 'c@x.example'],
      added: 2,
      wrong: 0,
      doubles: 1,
    });
  });

  it('leave one that is there already in its own place', () => {
    expect(withAdded(['b@x.example', 'ada@x.example'], [ada], 0).value).toEqual(['b@x.example', ada]);
  });
});

describe('a recipient in two fields', () => {
  it('is named with the first other field that has it', () => {
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

it('chips have keys of their recipients, also where a stored draft names one twice', () => {
  const chips = ['a@x.example', 'b@x.example', 'A@x.example'].map((recipient, index) => ({ recipient, index }));
  expect(elementKeysOf(chips)).toEqual(['a@x.example 1', 'b@x.example 1', 'a@x.example 2']);
});

describe('a field with many recipients', () => {
  const isWrong = (wrong: number[]) => (index: number) => wrong.includes(index);

  it('shows all that fit on a page', () => {
    expect(shownOf(many(30), { asked: 0, isWrong: isWrong([]) })).toMatchObject({ hidden: 0 });
  });

  it('shows the first, the last, and the wrong ones', () => {
    const { shown, hidden } = shownOf(many(100), { asked: 0, isWrong: isWrong([50]) });
    expect(shown.map(({ index }) => index)).toEqual([...Array(12).keys(), 50, 97, 98, 99]);
    expect(hidden).toBe(84);
  });

  it('does not show hundreds of wrong ones either', () => {
    const { shown, hidden } = shownOf(many(2000), { asked: 0, isWrong: () => true });
    expect([shown.length, hidden]).toEqual([35, 1965]);
  });

  it('shows more to whoever asks for it, but not thousands at once', () => {
    expect(shownOf(many(100), { asked: 1, isWrong: isWrong([]) })).toMatchObject({ hidden: 0 });
    expect(shownOf(many(2000), { asked: 2, isWrong: isWrong([]) }).shown).toHaveLength(415);
  });
});

it('one that is removed is gone, by its position', () => {
  expect(without([ada, 'b@x.example', 'c@x.example'], 1)).toEqual([ada, 'c@x.example']);
  expect(keyOf(ada)).toBe('ada@x.example');
});
