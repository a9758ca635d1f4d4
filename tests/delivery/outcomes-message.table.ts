import { ADA, OK, submitted, transient, type OutcomeRow } from './outcomes.table';

const BEN = 'ben@reader.example';
const CAT = 'cat@reader.example';
const DAN = 'dan@reader.example';

const rejected = (code: string, reply: string) =>
  ({ state: 'failed', code, recipients: ['rejected', reply], attempts: 1 }) as const;
const uncertain = {
  state: 'uncertain',
  code: 'UNCERTAIN',
  recipients: ['uncertain', null],
  attempts: 1,
} as const;

export const envelope: Record<string, OutcomeRow> = {
  '5yz at MAIL': {
    server: () => ({ replies: { mail: '553 5.7.1 Not your address' } }),
    ...rejected('SENDER_REJECTED', '553 5.7.1 Not your address'),
  },
  '421 at MAIL': {
    again: true,
    server: () => ({ replies: { mail: '421 4.7.0 Too many messages' } }),
    ...transient('421 4.7.0 Too many messages'),
    attempts: 1,
  },
  '4yz at MAIL': {
    server: () => ({ replies: { mail: '451 4.3.0 Later' } }),
    ...transient('451 4.3.0 Later'),
    attempts: 1,
  },
  'one recipient greylisted': {
    server: () => ({ replies: { rcpt: '450 4.2.0 Greylisted' } }),
    ...transient('450 4.2.0 Greylisted'),
    attempts: 1,
  },
  'all recipients refused': {
    server: () => ({ replies: { rcpt: ['550 5.1.1 No such user', '551 5.1.6 Moved'] } }),
    to: [ADA, BEN],
    state: 'failed',
    code: 'RECIPIENTS_REJECTED',
    recipients: { [ADA]: ['rejected', '550 5.1.1 No such user'], [BEN]: ['rejected', '551 5.1.6 Moved'] },
    attempts: 1,
  },
  'all recipients refused by a server that takes DATA all the same, and then says nothing': {
    server: () => ({ replies: { rcpt: '550 5.1.1 No such user', data: '354 Go ahead', dot: { silent: true } } }),
    to: [ADA, BEN],
    state: 'failed',
    code: 'RECIPIENTS_REJECTED',
    recipients: { [ADA]: ['rejected', '550 5.1.1 No such user'], [BEN]: ['rejected', '550 5.1.1 No such user'] },
    attempts: 1,
  },
  'some recipients accepted, the others refused or put off': {
    server: () => ({
      on: ({ stage, arg }) =>
        stage === 'rcpt'
          ? { [BEN]: '550 5.1.1 No such user', [CAT]: '450 4.2.0 Greylisted', [DAN]: '552 5.5.3 Too many' }[arg]
          : undefined,
    }),
    to: [ADA, BEN, CAT, DAN],
    state: 'queued',
    code: null,
    recipients: {
      [ADA]: ['accepted', OK],
      [BEN]: ['rejected', '550 5.1.1 No such user'],
      [CAT]: ['deferred', '450 4.2.0 Greylisted'],
      [DAN]: ['deferred', '552 5.5.3 Too many'],
    },
    attempts: 1,
    accepted: 1,
  },
  'one recipient accepted and one refused': {
    server: () => ({ replies: { rcpt: ['250 Ok', '550 5.1.1 No such user'] } }),
    to: [ADA, BEN],
    state: 'submitted',
    code: null,
    recipients: { [ADA]: ['accepted', OK], [BEN]: ['rejected', '550 5.1.1 No such user'] },
    attempts: 1,
    accepted: 1,
  },
  'a SIZE smaller than the message': {
    takesNone: true,
    server: () => ({ ehlo: ['SIZE 100'] }),
    state: 'failed',
    code: 'TOO_LARGE',
    recipients: ['rejected', null],
  },
};

export const content: Record<string, OutcomeRow> = {
  '5yz at DATA': {
    server: () => ({ replies: { data: '554 5.6.0 No' } }),
    ...rejected('CONTENT_REJECTED', '554 5.6.0 No'),
  },
  '4yz at DATA': {
    server: () => ({ replies: { data: '451 4.3.0 Later' } }),
    ...transient('451 4.3.0 Later'),
    attempts: 1,
  },
  'a connection dropped instead of 354': {
    again: true,
    server: () => ({ replies: { data: { drop: true } } }),
    ...transient(null),
  },
  '5yz at the dot': {
    server: () => ({ replies: { dot: '554 5.7.1 Spam' } }),
    ...rejected('CONTENT_REJECTED', '554 5.7.1 Spam'),
  },
  '5yz at the dot after one recipient was refused': {
    server: () => ({ replies: { rcpt: ['250 Ok', '550 5.1.1 No such user'], dot: '554 5.7.1 Spam' } }),
    to: [ADA, BEN],
    state: 'failed',
    code: 'CONTENT_REJECTED',
    recipients: { [ADA]: ['rejected', '554 5.7.1 Spam'], [BEN]: ['rejected', '550 5.1.1 No such user'] },
    attempts: 1,
  },
  '4yz at the dot': {
    server: () => ({ replies: { dot: '451 4.3.0 Later' } }),
    ...transient('451 4.3.0 Later'),
    attempts: 1,
  },
  '421 at the dot': {
    server: () => ({ replies: { dot: '421 4.3.2 Shutting down' } }),
    ...transient('421 4.3.2 Shutting down'),
    attempts: 1,
  },
  'a connection dropped after the dot': { server: () => ({ replies: { dot: { drop: true } } }), ...uncertain },
  'a connection reset after the dot': { server: () => ({ replies: { dot: { reset: true } } }), ...uncertain },
  'a connection dropped after the dot when one recipient was refused': {
    server: () => ({ replies: { rcpt: ['250 Ok', '550 5.1.1 No such user'], dot: { drop: true } } }),
    to: [ADA, BEN],
    ...uncertain,
    recipients: { [ADA]: ['uncertain', null], [BEN]: ['rejected', '550 5.1.1 No such user'] },
  },
  'garbage after the dot': {
    server: () => ({ replies: { dot: { garbage: 'lorem ipsum\r\n' } } }),
    ...uncertain,
  },
  'garbage after the dot that begins like a success': {
    server: () => ({ replies: { dot: { garbage: '2 many cooks\r\n' } } }),
    ...uncertain,
  },
  'garbage after the dot that begins like a refusal': {
    server: () => ({ replies: { dot: { garbage: '5501234\r\n' } } }),
    ...uncertain,
  },
  'a second 354 after the dot': { server: () => ({ replies: { dot: { garbage: '354 More\r\n' } } }), ...uncertain },
  'an endless reply after the dot': {
    server: () => ({ replies: { dot: { flood: '250-and another thing' } } }),
    ...uncertain,
  },
  '250 and then a reset': {
    server: () => ({ replies: { dot: { reply: OK, thenReset: true } } }),
    ...submitted,
  },
  success: {
    server: () => ({}),
    ...submitted,
  },
};
