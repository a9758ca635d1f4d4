import { notAccepted, warningsOf, type Outgoing } from '../../../server/src/domain/warnings';

const SYSTEM = { kind: 'system', email: 'system@site.example' } as const;

/** A message without warnings. */
const message = (differs: Partial<Outgoing> = {}): Outgoing => ({
  from: { email: 'news@site.example', source: 'mailbox', transport: SYSTEM, paused: null },
  subject: 'Hello',
  text: 'Hello',
  visibleRecipients: 1,
  attachments: 0,
  remoteImages: 0,
  ...differs,
});
const warnings = (differs: Partial<Outgoing>) => warningsOf(message(differs));

it('warningsOf returns no warning for a complete message', () => expect(warnings({})).toEqual([]));

it.each(['', ' ', '\t'])('warningsOf reports a missing subject: %j', (subject) =>
  expect(warnings({ subject })).toEqual([{ code: 'NO_SUBJECT' }])
);

it.each(['', ' \n ', '\u00a0\n\u200b\n\ufeff'])('warningsOf reports a missing text: %j', (text) =>
  expect(warnings({ text })).toEqual([{ code: 'NO_TEXT' }])
);

describe('a forgotten attachment', () => {
  it.each([
    'Please find the offer attached.',
    'The ATTACHMENTS are for you',
    'See attachment(s)',
    'enclosed: the terms',
    'Der Plan ist angehängt.',
    'Die angehängte Datei',
    'Der Plan (im Anhang) ist neu',
    'Im\nAnhang ist der Plan',
    'Anbei der Plan',
    'Der beigefügte Plan',
    'angeha\u0308ngt',
  ])('is reported for: %s', (text) => {
    expect(warnings({ text })).toEqual([{ code: 'ATTACHMENT_FORGOTTEN' }]);
    expect(warnings({ subject: text.replace('\n', ' ') })).toEqual([{ code: 'ATTACHMENT_FORGOTTEN' }]);
    expect(warnings({ text, attachments: 1 })).toEqual([]);
  });

  it.each([
    'unattached',
    'attachment_id',
    'Er hat angebissen, anbeißen, vorbei',
    'ein Anhang',
    'Der Anhänger',
    'attache',
    '> The offer is attached.',
    'Thank you.\n> Anbei der Plan\n>> attached',
  ])('is not reported for: %s', (text) => expect(warnings({ text })).toEqual([]));

  it('is reported for text above a quote', () => {
    expect(warnings({ text: 'attached\n> no' })).toEqual([{ code: 'ATTACHMENT_FORGOTTEN' }]);
  });
});

it.each([
  [20, []],
  [21, [{ code: 'MANY_VISIBLE_RECIPIENTS', details: { count: 21 } }]],
])('warningsOf counts %i visible recipients', (visibleRecipients, expected) =>
  expect(warnings({ visibleRecipients })).toEqual(expected)
);

it('warningsOf counts remote images', () =>
  expect(warnings({ remoteImages: 2 })).toEqual([{ code: 'REMOTE_IMAGES', details: { count: 2 } }]));

it('warningsOf reports a paused sender with the cause', () => {
  const paused = { code: 'SECRET_REQUIRED', message: '' } as const;
  expect(warnings({ from: { ...message().from, paused } })).toEqual([
    { code: 'SENDER_PAUSED', details: { cause: 'SECRET_REQUIRED' } },
  ]);
});

describe('an unaligned sender', () => {
  const from = (email: string, differs: Partial<Outgoing['from']> = {}) =>
    warnings({ from: { email, source: 'mailbox', transport: SYSTEM, paused: null, ...differs } });
  const said = (domain: string, systemDomain = 'site.example') => [
    { code: 'UNALIGNED_SENDER', details: { domain, systemDomain } },
  ];

  it('is a mailbox or own address at another domain', () => {
    expect(from('news@club.example')).toEqual(said('club.example'));
    expect(from('ada@club.example', { source: 'own' })).toEqual(said('club.example'));
  });

  it('is a mailbox at a subdomain', () => expect(from('news@mail.site.example')).toEqual(said('mail.site.example')));

  it('is no mailbox at the same domain in another spelling', () => {
    expect(from('news@SITE.example')).toEqual([]);
    const transport = { kind: 'system', email: 'system@bücher.example' } as const;
    expect(from('news@xn--bcher-kva.example', { transport })).toEqual([]);
  });

  it('is no mailbox with its own transport', () => {
    const transport = { kind: 'mailbox', mailbox: 'm', name: 'News', email: 'news@club.example' } as const;
    expect(from('news@club.example', { transport })).toEqual([]);
  });

  it('is not the system mailbox itself', () => expect(from('press@club.example', { source: 'system' })).toEqual([]));
});

it('warningsOf returns all warnings in a fixed order', () => {
  const codes = warningsOf(
    message({
      from: { email: 'a@club.example', source: 'own', transport: SYSTEM, paused: { code: 'UNREACHABLE', message: '' } },
      subject: '',
      text: 'attached',
      visibleRecipients: 30,
      remoteImages: 1,
    })
  ).map(({ code }) => code);
  expect(codes).toEqual([
    'NO_SUBJECT',
    'ATTACHMENT_FORGOTTEN',
    'MANY_VISIBLE_RECIPIENTS',
    'SENDER_PAUSED',
    'UNALIGNED_SENDER',
    'REMOTE_IMAGES',
  ]);
});

it.each<[string, string[], string[]]>([
  ['all warnings without an accepted code', [], ['NO_SUBJECT', 'NO_TEXT', 'REMOTE_IMAGES']],
  ['the others, whole and in their order', ['NO_TEXT'], ['NO_SUBJECT', 'REMOTE_IMAGES']],
  [
    'all warnings for codes of another version or spelling',
    ['NEWER', 'no_text', ''],
    ['NO_SUBJECT', 'NO_TEXT', 'REMOTE_IMAGES'],
  ],
  ['none when every code is accepted', ['REMOTE_IMAGES', 'NO_TEXT', 'NO_SUBJECT', 'SENDER_PAUSED'], []],
])('notAccepted returns %s', (_, accepted, left) => {
  const all = warnings({ subject: '', text: '', remoteImages: 2 });
  expect(notAccepted(all, accepted)).toEqual(all.filter(({ code }) => left.includes(code)));
});
