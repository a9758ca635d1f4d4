import { recipientsIn } from '../../../admin/src/compose/recipients';

describe("what is typed into a recipients' field", () => {
  it.each([
    ['', []],
    [' , ;\n', []],
    ['a@x.example', ['a@x.example']],
    ['a@x.example b@x.example', ['a@x.example', 'b@x.example']],
    ['a@x.example, b@x.example;c@x.example\nd@x.example', ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example']],
    ['<a@x.example>', ['a@x.example']],
    ['Ada <a@x.example>', [{ email: 'a@x.example', name: 'Ada' }]],
    ['Ada Adams <a@x.example>, b@x.example', [{ email: 'a@x.example', name: 'Ada Adams' }, 'b@x.example']],
    ['"Adams, Ada" <a@x.example>', [{ email: 'a@x.example', name: 'Adams, Ada' }]],
    ['"Ada \\"A\\" Adams" <a@x.example>', [{ email: 'a@x.example', name: 'Ada "A" Adams' }]],
  ])('%j names %j', (text, recipients) => {
    expect(recipientsIn(text)).toEqual(recipients);
  });

  it('is not judged: the server says what is wrong', () => {
    expect(recipientsIn('nobody, "open quote a@x.example')).toEqual(['nobody', '"open', 'quote', 'a@x.example']);
  });
});
