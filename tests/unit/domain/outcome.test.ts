import {
  attemptFailed,
  outcomeOf,
  pauseOf,
  withoutReply,
  withoutRetry,
  type Attempt,
  type Stage,
  type Trouble,
} from '../../../server/src/domain/outcome';
import type { PauseCode } from '../../../server/src/domain/mailbox';
import { deriveState, type RecipientState } from '../../../server/src/domain/submission';
import { brokenBy, refusedAt, reply } from '../../support/attempts';

const ADA = 'ada@reader.example';
const BEN = 'ben@reader.example';
const OPEN = [
  { email: ADA, state: 'pending' as const },
  { email: BEN, state: 'deferred' as const },
];

const statesOf = (attempt: Attempt) => outcomeOf(attempt, OPEN).recipients.map(({ state }) => state);

/** Outcomes by stage and reply (delivery §4). */
const REPLIES: [
  stage: Stage,
  text: string,
  meaning: { pause?: PauseCode; error?: string; again?: string; counts: boolean },
][] = [
  ['greeting', '421 4.3.2 Busy', { again: 'transient', counts: false }],
  ['greeting', '450 Later', { again: 'transient', counts: false }],
  ['greeting', '554 5.7.1 No', { pause: 'SERVER_REFUSED', counts: false }],
  ['ehlo', '421 Busy', { again: 'transient', counts: false }],
  ['ehlo', '550 5.7.1 No', { pause: 'SERVER_REFUSED', counts: false }],
  ['tls', '421 Closing', { again: 'transient', counts: false }],
  ['tls', '454 4.7.0 Not available', { pause: 'TLS_FAILED', counts: false }],
  ['tls', '554 5.7.3 No', { pause: 'TLS_FAILED', counts: false }],
  ['auth', '421 4.3.2 Busy', { again: 'transient', counts: false }],
  ['auth', '432 4.7.12 Transition', { again: 'transient', counts: false }],
  ['auth', '454 4.7.0 Later', { again: 'transient', counts: false }],
  ['auth', '500 5.5.1 What?', { pause: 'AUTH_NOT_OFFERED', counts: false }],
  ['auth', '504 5.5.4 Unknown mechanism', { pause: 'AUTH_NOT_OFFERED', counts: false }],
  ['auth', '505 5.7.1 Other', { pause: 'AUTH_FAILED', counts: false }],
  ['auth', '534 5.7.9 Weak', { pause: 'AUTH_FAILED', counts: false }],
  ['auth', '535 5.7.8 Wrong', { pause: 'AUTH_FAILED', counts: false }],
  ['auth', '550 5.7.30 Basic authentication', { pause: 'AUTH_FAILED', counts: false }],
  ['mail', '421 Busy', { again: 'transient', counts: true }],
  ['mail', '451 4.3.0 Later', { again: 'transient', counts: true }],
  ['mail', '530 5.7.0 Login first', { pause: 'AUTH_FAILED', counts: false }],
  ['mail', '550 5.7.1 Not you', { error: 'SENDER_REJECTED', counts: true }],
  ['mail', '553 5.7.1 Not you', { error: 'SENDER_REJECTED', counts: true }],
  ['data', '451 4.3.0 Later', { again: 'transient', counts: true }],
  ['data', '554 5.6.0 No', { error: 'CONTENT_REJECTED', counts: true }],
  ['body', '451 4.3.0 Later', { again: 'transient', counts: true }],
  ['body', '552 5.3.4 Too big', { error: 'CONTENT_REJECTED', counts: true }],
  ['dot', '421 Closing', { again: 'transient', counts: true }],
  ['dot', '452 4.3.1 Full', { again: 'transient', counts: true }],
  ['dot', '554 5.7.1 Spam', { error: 'CONTENT_REJECTED', counts: true }],
];

const TROUBLES: [Trouble, { pause?: PauseCode; error?: string; again?: string }][] = [
  ['connection', { again: 'transient' }],
  ['timeout', { again: 'transient' }],
  ['host-unknown', { again: 'HOST_UNKNOWN' }],
  ['certificate', { pause: 'TLS_FAILED' }],
  ['host-not-allowed', { pause: 'HOST_NOT_ALLOWED' }],
  ['auth-not-offered', { pause: 'AUTH_NOT_OFFERED' }],
  ['secret-required', { pause: 'SECRET_REQUIRED' }],
  ['secret-unreadable', { pause: 'SECRET_UNREADABLE' }],
  ['too-large', { error: 'TOO_LARGE' }],
  ['incomplete', { error: 'ATTACHMENT_NOT_FOUND' }],
];

describe('the outcome of a reply', () => {
  it.each(REPLIES)('at %s: %s', (stage, text, { pause, error, again, counts }) => {
    const outcome = outcomeOf(refusedAt(stage, text), OPEN);
    expect({ ...outcome, pause: outcome.pause?.code, error: outcome.error?.code }).toMatchObject({
      pause,
      error,
      again: again ?? pause ?? null,
      counts,
    });
    // Recipients of a paused transport stay unchanged.
    expect(outcome.recipients.map(({ state }) => state)).toEqual(
      pause ? ['pending', 'deferred'] : error ? ['rejected', 'rejected'] : ['deferred', 'deferred']
    );
    // Before MAIL, and where it pauses, a reply is about the connection or the login, and may name logins and hosts.
    const isOfMessage = ['mail', 'rcpt', 'data', 'body', 'dot'].includes(stage) && !pause;
    expect(outcome.recipients.map((recipient) => recipient.reply)).toEqual(isOfMessage ? [text, text] : [null, null]);
    expect(outcome.transport).toEqual(isOfMessage ? null : { code: pause ?? 'UNREACHABLE', reply: text });
  });
});

describe('the outcome of a failure without a reply', () => {
  it.each(TROUBLES)('%s', (trouble, { pause, error, again }) => {
    const outcome = outcomeOf(brokenBy(trouble), OPEN);
    expect(outcome.pause?.code).toBe(pause);
    expect(outcome.error?.code).toBe(error);
    expect(outcome.again).toBe(again ?? pause ?? null);
    expect(outcome.counts).toBe(false);
    expect(outcome.recipients.every((recipient) => recipient.reply === null)).toBe(true);
  });
});

describe('the outcome for the recipients', () => {
  const refused = (...replies: [email: string, text: string][]) =>
    replies.map(([email, text]) => ({ email, reply: reply(text) }));

  it.each<[string, RecipientState]>([
    ['450 4.2.0 Greylisted', 'deferred'],
    ['451 4.3.0 Later', 'deferred'],
    ['452 4.5.3 Too many', 'deferred'],
    ['552 5.5.3 Too many', 'deferred'],
    ['550 5.1.1 Unknown', 'rejected'],
    ['551 5.1.6 Moved', 'rejected'],
    ['553 5.1.3 Bad', 'rejected'],
    ['554 5.7.1 No', 'rejected'],
  ])('%s at RCPT sets the state %s', (text, state) => {
    const attempt: Attempt = { kind: 'accepted', reply: reply('250 Ok'), refused: refused([BEN, text]) };
    expect(outcomeOf(attempt, OPEN).recipients).toEqual([
      { email: ADA, state: 'accepted', reply: '250 Ok' },
      { email: BEN, state, reply: text },
    ]);
  });

  it('is an error if every recipient was rejected', () => {
    const attempt: Attempt = {
      ...(refusedAt('rcpt', '550 5.1.1 Unknown') as Extract<Attempt, { kind: 'failed' }>),
      refused: refused([ADA, '550 5.1.1 Unknown'], [BEN, '551 5.1.6 Moved']),
    };
    expect(outcomeOf(attempt, OPEN)).toMatchObject({
      error: { code: 'RECIPIENTS_REJECTED' },
      again: null,
      counts: true,
    });
  });

  it('is retried if a recipient was deferred', () => {
    const attempt: Attempt = {
      ...(refusedAt('rcpt', '450 4.2.0 Greylisted') as Extract<Attempt, { kind: 'failed' }>),
      refused: refused([ADA, '550 5.1.1 Unknown'], [BEN, '450 4.2.0 Greylisted']),
    };
    expect(outcomeOf(attempt, OPEN)).toMatchObject({ error: null, again: 'transient', counts: true });
    expect(statesOf(attempt)).toEqual(['rejected', 'deferred']);
  });

  it('is uncertain for recipients that were not refused before', () => {
    const attempt: Attempt = { kind: 'uncertain', refused: refused([BEN, '550 5.1.1 Unknown']) };
    expect(statesOf(attempt)).toEqual(['uncertain', 'rejected']);
    expect(outcomeOf(attempt, OPEN)).toMatchObject({ error: { code: 'UNCERTAIN' }, again: null, counts: true });
  });

  it('leaves them unchanged if the lease was lost', () => {
    expect(outcomeOf({ kind: 'lost' }, OPEN)).toMatchObject({ error: null, again: null, counts: false });
    expect(statesOf({ kind: 'lost' })).toEqual(['pending', 'deferred']);
  });

  it('has no reply if the provider gives none', () => {
    const outcome = outcomeOf({ kind: 'accepted', reply: null, refused: [] }, OPEN);
    expect(outcome.recipients).toEqual([
      { email: ADA, state: 'accepted', reply: null },
      { email: BEN, state: 'accepted', reply: null },
    ]);
  });
});

describe('a submission that gets one attempt only', () => {
  const attempts = [...REPLIES.map(([stage, text]) => refusedAt(stage, text)), ...TROUBLES.map(([t]) => brokenBy(t))];

  it('has no retry after any attempt', () => {
    for (const attempt of attempts) {
      const outcome = withoutRetry(outcomeOf(attempt, OPEN));
      expect(outcome.again).toBeNull();
      expect(deriveState(outcome.recipients.map(({ state }) => state))).toBe('failed');
      expect(outcome.error).not.toBeNull();
    }
  });

  it.each([
    [refusedAt('mail', '451 4.3.0 Later'), 'transient'],
    [brokenBy('timeout'), 'transient'],
    [brokenBy('host-unknown'), 'HOST_UNKNOWN'],
    [refusedAt('auth', '535 5.7.8 Wrong'), 'AUTH_FAILED'],
    [brokenBy('certificate'), 'TLS_FAILED'],
  ])('reports the cause of the failure', (attempt, because) => {
    expect(withoutRetry(outcomeOf(attempt, OPEN)).error).toMatchObject({
      code: 'ATTEMPT_FAILED',
      details: { because },
    });
  });

  it('keeps accepted recipients and the pause', () => {
    const attempt: Attempt = {
      kind: 'accepted',
      reply: reply('250 Ok'),
      refused: [{ email: BEN, reply: reply('450 4.2.0 Greylisted') }],
    };
    const outcome = withoutRetry(outcomeOf(attempt, OPEN));
    expect(outcome.recipients.map(({ state }) => state)).toEqual(['accepted', 'rejected']);
    expect(outcome.error).toMatchObject({ code: 'ATTEMPT_FAILED', details: { because: 'transient' } });
    expect(withoutRetry(outcomeOf(brokenBy('certificate'), OPEN)).pause?.code).toBe('TLS_FAILED');
  });

  it('keeps an outcome without a retry', () => {
    const outcome = outcomeOf(refusedAt('dot', '554 5.7.1 Spam'), OPEN);
    expect(withoutRetry(outcome)).toBe(outcome);
  });
});

describe('the message of a pause', () => {
  it('contains the next step and the reply', () => {
    expect(pauseOf('AUTH_FAILED', reply('535 5.7.8 Wrong')).message).toBe(
      'The mail server refused the login. Check login name and password. The server said: 535 5.7.8 Wrong'
    );
    expect(pauseOf('SECRET_REQUIRED').message).toBe('The password of this mailbox is needed.');
    expect(pauseOf('AUTH_NOT_OFFERED', reply('504 5.5.4 Unknown mechanism')).message).toBe(
      'The mail server offers no login with a password. The server said: 504 5.5.4 Unknown mechanism'
    );
  });

  it('omits the reply for users that are no administrators', () => {
    const pause = pauseOf('AUTH_FAILED', reply('535 5.7.8 login relay-7 from 10.1.2.3 refused. The server said: no'));
    expect(withoutReply({ ...pause, at: 1 })).toEqual({
      code: 'AUTH_FAILED',
      message: 'The mail server refused the login. Check login name and password.',
      at: 1,
    });
    expect(attemptFailed('AUTH_FAILED', pause.message).message).toBe(
      'The mail server refused the login. Check login name and password.'
    );
    expect(withoutReply(pauseOf('TLS_FAILED'))).toEqual(pauseOf('TLS_FAILED'));
  });

  it('names Microsoft for its own reply', () => {
    expect(pauseOf('AUTH_FAILED', reply('550 5.7.30 No')).message).toMatch(
      /^Microsoft no longer accepts passwords here/
    );
    expect(pauseOf('AUTH_FAILED', reply('550 5.7.300 No')).message).not.toContain('Microsoft');
  });

  it('has no reply if there was no attempt', () => {
    expect(attemptFailed('AUTH_FAILED', 'Wrong login.')).toEqual({
      code: 'ATTEMPT_FAILED',
      message: 'Wrong login.',
      details: { because: 'AUTH_FAILED' },
    });
  });
});
