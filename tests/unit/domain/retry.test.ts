import fc from 'fast-check';
import { outcomeOf, type Attempt, type Mark } from '../../../server/src/domain/outcome';
import { backoffMs, isProbing, judge, type Streaks } from '../../../server/src/domain/retry';
import { brokenBy, refusedAt, reply } from '../../support/attempts';

const MINUTE_MS = 60_000;
const NONE: Streaks = { unreachable: 0, hostUnknown: 0, senderRejected: 0 };

describe('the wait after an attempt', () => {
  it.each([
    [1, 1],
    [2, 5],
    [3, 15],
    [4, 30],
    [5, 60],
    [6, 120],
    [7, 240],
    [8, 240],
    [1000, 240],
    // No attempt counted, because the server was never reached: as after the first.
    [0, 1],
  ])('is after attempt %d %d minutes', (attempt, minutes) => {
    expect(backoffMs(attempt, 0.5)).toBe(minutes * MINUTE_MS);
  });

  it('varies by up to 20 %', () => {
    expect(backoffMs(1, 0)).toBe(48_000);
    expect(backoffMs(1, 1)).toBe(72_000);
    fc.assert(
      fc.property(fc.nat(20), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, chance) => {
        const wait = backoffMs(attempt, chance) / backoffMs(attempt, 0.5);
        return wait >= 0.8 && wait <= 1.2;
      })
    );
  });
});

describe('the health of a transport after consecutive attempts (delivery §4)', () => {
  const after = (...marks: Mark[]) =>
    marks.reduce<ReturnType<typeof judge>>((before, mark) => judge(before.streaks, mark), {
      kind: 'open',
      streaks: NONE,
    });
  const times = (count: number, mark: Mark): Mark[] => Array<Mark>(count).fill(mark);

  it.each<[what: string, marks: Mark[], expected: object]>([
    ['four times unreachable goes on', times(4, 'unreachable'), { kind: 'open' }],
    ['five times opens the circuit', times(5, 'unreachable'), { kind: 'circuit', pause: { code: 'UNREACHABLE' } }],
    ['one more opens it again', times(6, 'unreachable'), { kind: 'circuit' }],
    [
      'four, an answer, and four more go on',
      [...times(4, 'unreachable'), 'reached', ...times(4, 'unreachable')],
      { kind: 'open' },
    ],
    ['two unknown hosts go on', times(2, 'hostUnknown'), { kind: 'open' }],
    ['three pause', times(3, 'hostUnknown'), { kind: 'pause', pause: { code: 'HOST_UNKNOWN' } }],
    ['two refused senders go on', times(2, 'senderRejected'), { kind: 'open' }],
    ['three in a row pause', times(3, 'senderRejected'), { kind: 'pause', pause: { code: 'SENDER_REJECTED' } }],
    [
      'one that is taken ends the row',
      [...times(2, 'senderRejected'), 'sender-accepted', 'senderRejected'],
      { kind: 'open' },
    ],
    [
      'a refused sender has reached the server',
      [...times(4, 'unreachable'), 'senderRejected', ...times(4, 'unreachable')],
      { kind: 'open' },
    ],
    [
      'a login that fails does not end a row of refused senders',
      [...times(2, 'senderRejected'), 'reached', 'senderRejected'],
      { kind: 'pause' },
    ],
  ])('%s', (_what, marks, expected) => {
    expect(after(...marks)).toMatchObject(expected);
  });

  it('probes an unreachable transport with one submission at a time', () => {
    expect(isProbing(after(...times(4, 'unreachable')).streaks)).toBe(false);
    expect(isProbing(after(...times(5, 'unreachable')).streaks)).toBe(true);
    expect(isProbing(after(...times(5, 'unreachable'), 'reached').streaks)).toBe(false);
  });
});

describe('the mark of an attempt for its transport', () => {
  it.each<[what: string, attempt: Attempt, mark: Mark | null]>([
    ['accepted', { kind: 'accepted', reply: reply('250 Ok'), refused: [] }, 'sender-accepted'],
    ['no reply to the dot', { kind: 'uncertain', refused: [] }, 'sender-accepted'],
    ['our own fence', { kind: 'lost' }, null],
    ['connection refused', brokenBy('connection'), 'unreachable'],
    ['connection lost before data', brokenBy('connection', 'rcpt'), 'unreachable'],
    ['silence', brokenBy('timeout', 'greeting'), 'unreachable'],
    ['an unknown host', brokenBy('host-unknown'), 'hostUnknown'],
    ['a certificate', brokenBy('certificate', 'tls'), null],
    ['a busy greeting', refusedAt('greeting', '421 Busy'), 'unreachable'],
    ['closing at MAIL', refusedAt('mail', '421 Closing'), 'unreachable'],
    ['a throttled login', refusedAt('auth', '454 4.7.0 Later'), 'unreachable'],
    ['a wrong password', refusedAt('auth', '535 5.7.8 No'), 'reached'],
    ['a refused sender', refusedAt('mail', '550 5.7.1 No'), 'senderRejected'],
    ['a sender for later', refusedAt('mail', '451 4.3.0 Later'), 'reached'],
    ['a refused recipient', refusedAt('rcpt', '550 5.1.1 No'), 'sender-accepted'],
    ['spam', refusedAt('dot', '554 5.7.1 Spam'), 'sender-accepted'],
  ])('%s', (_what, attempt, mark) => {
    expect(outcomeOf(attempt, [{ email: 'ada@reader.example', state: 'pending' }]).mark).toBe(mark);
  });
});
