import * as yup from 'yup';
import { parse, text } from '../../../server/src/contracts/parse';
import { countingReads } from '../../support/cost';

const schema = yup.object({
  name: text(10),
  count: yup.number().strict(),
  list: yup.array().strict().of(text(10).required()).max(3),
  inner: yup.object({ flag: yup.boolean().strict() }).optional().default(undefined),
});

const refusalOf = (input: unknown) => {
  const parsed = parse(schema, input);
  return parsed.ok ? null : { code: parsed.refusal.code, ...parsed.refusal.details };
};

describe('parse', () => {
  const many = () => Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`key${n}`, n]));

  it.each<[string, string, (large: object) => object]>([
    ['an object for a text', 'name', (large) => ({ name: large })],
    ['a list for a number', 'count', (large) => ({ count: Object.values(large) })],
    ['an object for a list', 'list', (large) => ({ list: large })],
    ['an object for a text of a list', 'list[1]', (large) => ({ list: ['a', large] })],
    ['an object for a boolean within', 'inner.flag', (large) => ({ inner: { flag: large } })],
    ['a list for an object', 'inner', () => ({ inner: Array.from({ length: 1000 }, () => 1) })],
  ])('rejects %s by its type without reading it', (_, path, inputOf) => {
    const counting = countingReads({ input: inputOf(many()) });
    const { input } = counting.value;
    expect(refusalOf(input)).toEqual({ code: 'INVALID_INPUT', path, reason: 'has a wrong type' });
    expect(counting.reads()).toBeLessThan(50);
  });

  it('rejects a list with too many items without reading them', () => {
    const counting = countingReads({ list: Array.from({ length: 10_001 }, () => 'a') });
    expect(refusalOf(counting.value)).toEqual({ code: 'INVALID_INPUT', path: 'list', reason: 'has too many items' });
    expect(counting.reads()).toBeLessThan(50);
  });

  it('rejects input that is nested too deeply', () => {
    expect(refusalOf({ name: 'a', count: 1, list: ['a'], inner: { flag: true } })).toBeNull();
    let deep: unknown = 1;
    for (let n = 0; n < 25; n += 1) deep = { deep };
    const open = yup.object({ any: yup.mixed() });
    expect(parse(open, { any: deep })).toMatchObject({
      refusal: { code: 'INVALID_INPUT', details: { path: '', reason: 'is nested too deeply' } },
    });
  });
});
