import {
  countOf,
  filtersIn,
  isBackwards,
  filterParams,
  NO_FILTERS,
  paramsWith,
  type Filters,
} from '../../../admin/src/outbox/list/filters';

const BERLIN = 'Europe/Berlin';
const NOW = Date.parse('2026-11-25T22:30:00.000Z');

const some = (part: Partial<Filters> = {}): Filters => ({ ...NO_FILTERS, ...part });
const asked = (part: Partial<Filters>, zone = BERLIN) => filterParams(some(part), { zone, nowMs: NOW });

describe('filters in the address of the outbox', () => {
  it('are restored from the address unchanged', () => {
    const filters = some({
      states: ['failed', 'uncertain'],
      q: 'a+b & 50 % "c"',
      period: 'dates',
      since: '2026-11-01',
      until: '2026-11-10',
      from: 'mailbox:abc',
      author: '7',
    });
    const address = paramsWith(new URLSearchParams('tenant=club&page=3'), filters).toString();
    expect(filtersIn(new URLSearchParams(address))).toEqual(filters);
    expect(new URLSearchParams(address).get('tenant')).toBe('club');
    expect(new URLSearchParams(address).get('page')).toBeNull();
  });

  it('leave no parameters when they are cleared', () => {
    const narrowed = paramsWith(new URLSearchParams('pageSize=50'), some({ states: ['failed'], q: 'x', author: '7' }));
    expect(paramsWith(narrowed, NO_FILTERS).toString()).toBe('pageSize=50');
  });

  it.each([
    ['states that there are not', 'state=failed,gone,,', { states: ['failed'] }],
    ['a period that there is not', 'period=century', {}],
    ['days without the period that has days', 'since=2026-11-01&until=2026-11-02', {}],
    ['days of another millennium', 'period=dates&since=0020-11-01&until=2026-13-40', { period: 'dates' }],
    ['something else than an identity', 'from=ceo@elsewhere.example', {}],
    ['something else than the id of a user', 'author=ada', {}],
  ] as const)('say nothing with %s', (_, address, expected) => {
    expect(filtersIn(new URLSearchParams(address))).toEqual(some(expected as Partial<Filters>));
  });

  it('are counted by kind', () => {
    expect(countOf(NO_FILTERS)).toBe(0);
    expect(countOf(some({ period: 'dates' }))).toBe(0);
    expect(countOf(some({ states: ['failed', 'held'], q: 'x', period: 'dates', since: '2026-11-01' }))).toBe(3);
  });
});

describe('a period', () => {
  it('begins when the day does where the reader is', () => {
    expect(asked({ period: 'today' }).since).toBe('2026-11-24T23:00:00.000Z');
    expect(asked({ period: 'today' }, 'Asia/Kathmandu').since).toBe('2026-11-25T18:15:00.000Z');
    expect(asked({ period: '7-days' }).since).toBe('2026-11-18T23:00:00.000Z');
  });

  it('of 30 days counts days, not hours: the clocks went back in between', () => {
    const inNovember = filterParams(some({ period: '30-days' }), {
      zone: BERLIN,
      nowMs: Date.parse('2026-11-10T12:00:00Z'),
    });
    expect(inNovember.since).toBe('2026-10-11T22:00:00.000Z');
  });

  it('of two days has both of them, also one of 25 hours', () => {
    expect(asked({ period: 'dates', since: '2026-10-25', until: '2026-10-25' })).toMatchObject({
      since: '2026-10-24T22:00:00.000Z',
      until: '2026-10-25T22:59:59.999Z',
    });
  });

  it('may be open at either end, and is invalid when its end is before its beginning', () => {
    expect(asked({ period: 'dates', until: '2026-11-10' })).toMatchObject({
      since: '',
      until: '2026-11-10T22:59:59.999Z',
    });
    expect(isBackwards({ since: '2026-11-10', until: '' })).toBe(false);
    expect(isBackwards({ since: '2026-11-10', until: '2026-11-10' })).toBe(false);
    expect(isBackwards({ since: '2026-11-10', until: '2026-11-09' })).toBe(true);
  });
});

it('sends several states in one parameter', () => {
  expect(asked({ states: ['failed', 'uncertain'] }).state).toBe('failed,uncertain');
});
