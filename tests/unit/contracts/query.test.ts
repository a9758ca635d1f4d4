import { parseListQuery, parseQuery } from '../../../server/src/contracts/query';

describe('the query of a list', () => {
  it('has defaults', () => {
    const defaults = { page: 1, pageSize: 25, q: '', tenant: undefined, state: undefined };
    for (const query of [{}, undefined, null, 'x', []])
      expect(parseListQuery(query)).toEqual({ ok: true, value: defaults });
  });

  it.each([
    ['1', 1],
    ['7', 7],
    ['0', 1],
    ['-5', 1],
    ['1e9', 1_000_000],
    ['999999999999999', 1_000_000],
  ])('reads page %j as %i', (page, expected) => {
    expect(parseListQuery({ page })).toMatchObject({ value: { page: expected } });
  });

  it.each([
    ['1', 1],
    ['100', 100],
    ['101', 100],
    ['1000000', 100],
    ['0', 1],
    ['-1', 1],
    ['-5', 1],
    ['1e9', 100],
    ['3', 3],
  ])('clamps pageSize %j to %i', (pageSize, expected) => {
    expect(parseListQuery({ pageSize })).toMatchObject({ value: { pageSize: expected } });
  });

  it.each(['', ' ', 'x', '1.5', '0x10', 'NaN', 'Infinity', '1\0', '+1', ['1'], { $gt: 0 }, 1, null, '9'.repeat(40)])(
    'refuses %j as page and as pageSize',
    (value) => {
      for (const key of ['page', 'pageSize'])
        expect(parseListQuery({ [key]: value })).toMatchObject({
          refusal: { code: 'INVALID_INPUT', details: { path: key } },
        });
    }
  );

  it.each([['x'.repeat(256)], ['a\0b'], [['x']], [{ $ne: 'x' }], [5], [null]])('rejects %j as text', (value) => {
    for (const key of ['q', 'tenant', 'state'])
      expect(parseListQuery({ [key]: value }, ['tenant', 'state'])).toMatchObject({
        refusal: { code: 'INVALID_INPUT', details: { path: key } },
      });
  });

  it('accepts tenant and state only if the route lists them', () => {
    expect(parseListQuery({ q: 'x', tenant: 't', state: 's' }, ['tenant', 'state'])).toMatchObject({
      value: { q: 'x', tenant: 't', state: 's' },
    });
    for (const key of ['tenant', 'state'])
      expect(parseListQuery({ [key]: 'x' })).toMatchObject({
        refusal: { code: 'UNKNOWN_FIELD', details: { path: key } },
      });
  });

  it.each(['filters', 'sort', 'populate', 'fields', '_q', '$where', 'pagination', 'constructor', 'page[]', ''])(
    'refuses the key %j before any value',
    (key) => {
      expect(parseListQuery({ page: 'x', [key]: 'x' })).toMatchObject({
        refusal: { code: 'UNKNOWN_FIELD', details: { path: key } },
      });
    }
  );
});

describe('the query of any other route', () => {
  it('accepts the keys of the route as text', () => {
    expect(parseQuery({ tenant: 'x' }, ['tenant'])).toEqual({ ok: true, value: { tenant: 'x' } });
    expect(parseQuery(undefined, [])).toEqual({ ok: true, value: {} });
    expect(parseQuery({ tenant: ['x'] }, ['tenant'])).toMatchObject({ refusal: { code: 'INVALID_INPUT' } });
    expect(parseQuery({ other: 'x' }, ['tenant'])).toMatchObject({ refusal: { code: 'UNKNOWN_FIELD' } });
  });

  it('cuts a long key in its refusal', () => {
    const answer = parseQuery({ ['x'.repeat(10_000)]: '' }, []);
    expect(answer).toMatchObject({ refusal: { details: { path: 'x'.repeat(200) } } });
  });
});
