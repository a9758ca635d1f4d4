import type { RefusalCode } from '../../../server/src/domain/refusal';

type Body = Record<string, unknown>;

/**
 * Inputs of a submission that have to fail well (security, "Inputs that must fail well"): title, the fields that
 * differ from `letter()`, and the refusal with its path; null: the refusal has none.
 */
export type RefusedInput = readonly [title: string, differs: Body, code: RefusalCode, path: string | null];

const SUBJECTS: RefusedInput[] = [
  ['CRLF and a header', 'Hello\r\nBcc: evil@x.example'],
  ['a lone CR', 'Hello\rBcc: evil@x.example'],
  ['a lone LF', 'Hello\nBcc: evil@x.example'],
  ['a folded line', 'Hello\r\n Bcc: evil@x.example'],
  ['NUL', 'a\u0000b'],
  ['DEL', 'a\u007fb'],
  ['NEL', 'a\u0085b'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a right-to-left override', 'invoice\u202efdp.exe'],
  ['an isolate', 'a\u2066b'],
  ['an unpaired high surrogate', 'a\ud800b'],
  ['an unpaired low surrogate', 'a\udc00b'],
  ['an encoded word', '=?utf-8?q?a=0D=0ABcc:evil@x.example?='],
  ['999 bytes', 'x'.repeat(999)],
  ['998 bytes only before encoding', 'ü'.repeat(499)],
  ['10 000 characters', 'x'.repeat(10_000)],
].map(([title, subject]): RefusedInput => [`a subject with ${title}`, { subject }, 'INVALID_SUBJECT', null]);

const NO_IDENTITIES: [title: string, value: unknown][] = [
  ['an address', 'ceo@corp.example'],
  ['a mailbox with a name', 'CEO <ceo@corp.example>'],
  ['an operator', { $ne: 0 }],
  ['a list', ['system']],
  ['a number', 1],
  ['a boolean', true],
  ['an empty text', ''],
  ['null', null],
  ['another case', 'System'],
  ['a space', 'mailbox:a b'],
  ['a line break', 'mailbox:a\nb'],
  ['no id', 'mailbox:'],
  ['an endless id', `mailbox:${'x'.repeat(300)}`],
  ['a trailing line break', 'system\n'],
];

const IDENTITIES: RefusedInput[] = ['from', 'replyTo'].flatMap((field) =>
  NO_IDENTITIES.map(([title, value]): RefusedInput => [
    `${title} as ${field}`,
    { [field]: value },
    'INVALID_INPUT',
    field,
  ])
);

const UNKNOWN_KEYS: RefusedInput[] = [
  ...[
    ...['actor', 'state', 'phase', 'attempts', 'leaseToken', 'lease_token', 'id', 'messageId', 'transport', 'error'],
    ...['envelope', 'raw', 'sender', 'auth', 'dkim', 'list', 'icalEvent', 'alternatives', 'amp', 'references'],
    ...['inReplyTo', 'priority', 'date', 'encoding', 'watchHtml', 'attachDataUrls', 'template', 'From', 'To', 'BCC'],
    ...['constructor', 'prototype', 'toString', 'hasOwnProperty', '', '$where', 'to[]', 'signal', 'mailboxesBody'],
  ].map((key): RefusedInput => [`the unknown key ${JSON.stringify(key)}`, { [key]: 'x' }, 'UNKNOWN_FIELD', key]),
  ...(
    [
      ['a recipient', { to: [{ email: 'a@b.example', bcc: 'evil@x.example' }] }, 'to[0].bcc'],
      ['an attachment: path', { attachments: [{ file: 1, path: '/etc/passwd' }] }, 'attachments[0].path'],
      ['an attachment: href', { attachments: [{ file: 1, href: 'http://10.0.0.1/' }] }, 'attachments[0].href'],
      ['an attachment: raw', { attachments: [{ raw: 'x' }] }, 'attachments[0].raw'],
      ['an attachment: content', { attachments: [{ content: { path: '/etc/passwd' } }] }, 'attachments[0].content'],
    ] as const
  ).map(([title, differs, path]): RefusedInput => [`an unknown key of ${title}`, differs, 'UNKNOWN_FIELD', path]),
];

const RECIPIENT_LISTS: RefusedInput[] = (
  [
    ['a string', 'reader@news.example'],
    ['an object', { email: 'reader@news.example' }],
    ['a nested list', [['reader@news.example']]],
    ['null in it', [null]],
    ['a number in it', [1]],
    ['an object as address', [{ email: { address: 'a@b.example' } }]],
    ['a number as name', [{ email: 'a@b.example', name: 1 }]],
    ['null', null],
    ['an object with a length', { length: 1, 0: 'reader@news.example' }],
  ] as const
).map(([title, to]): RefusedInput => [`${title} instead of a list of addresses`, { to }, 'INVALID_INPUT', 'to']);

const RECIPIENT_NAMES: RefusedInput[] = [
  'Bob\r\nBcc: evil@x.example',
  'Bob <evil@x.example>',
  'Bob\u202e',
  'Bob\u0000',
  '=?utf-8?q?Bob?=',
].map((name): RefusedInput => [
  `the name ${JSON.stringify(name)} of a recipient`,
  { to: [{ email: 'a@b.example', name }] },
  'INVALID_RECIPIENTS',
  null,
]);

const HEADERS: RefusedInput[] = [
  ...(
    [
      ...['Bcc', 'From', 'Sender', 'Content-Type', 'Return-Path', 'DKIM-Signature', 'Message-ID', 'X', 'x-'].map(
        (name) => [name, 'x'] as const
      ),
      ...['X-A B', 'X-A:', 'X-A\r\nBcc', 'X-Ä', ' X-A', 'X-A\u0000', 'X-SMTPAPI', 'X-MSYS-API'].map(
        (name) => [name, 'x'] as const
      ),
      ['X-A', { prepared: true, value: 'x\r\nBcc: evil@x.example' }],
      ['X-A', ['x', 'y']],
      ['X-A', 1],
      ['X-A', null],
      ['X-A', 'x\r\nBcc: evil@x.example'],
      ['X-A', 'x\nBcc: evil@x.example'],
      ['X-A', 'x\u0000'],
      ['X-A', 'x'.repeat(999)],
    ] as const
  ).map(([name, value]): RefusedInput => [
    `the header ${JSON.stringify(name)} with ${JSON.stringify(value).slice(0, 60)}`,
    { headers: { [name]: value } },
    'INVALID_HEADER',
    null,
  ]),
  ...(
    [
      ['a list', [{ key: 'X-A', value: 'x' }]],
      ['a text', 'X-A: x'],
      ['null', null],
    ] as const
  ).map(([title, headers]): RefusedInput => [`${title} instead of headers`, { headers }, 'INVALID_INPUT', 'headers']),
];

const ATTACHMENTS: RefusedInput[] = (
  [
    ['a path as file', [{ file: '/etc/passwd' }], 'attachments[0].file'],
    ['a fraction as file', [{ file: 1.5 }], 'attachments[0].file'],
    ['a negative file', [{ file: -1 }], 'attachments[0].file'],
    ['a file beyond all integers', [{ file: 2 ** 31 }], 'attachments[0].file'],
    ['a name with CRLF', [{ file: 1, name: 'a\r\nContent-Type: x' }], 'attachments[0].name'],
    ['a name with a folder', [{ file: 1, name: '../../etc/passwd' }], 'attachments[0].name'],
    ['a name with a backslash', [{ file: 1, name: '..\\evil.exe' }], 'attachments[0].name'],
    ['a name with a right-to-left override', [{ file: 1, name: 'invoice\u202efdp.exe' }], 'attachments[0].name'],
    ['the name ..', [{ file: 1, name: '..' }], 'attachments[0].name'],
    ['101 of them', Array.from({ length: 101 }, () => ({ file: 1 })), 'attachments'],
    ['an object', { file: 1 }, 'attachments'],
    ['null in it', [null], 'attachments[0]'],
  ] as const
).map(([title, attachments, path]): RefusedInput => [`attachments: ${title}`, { attachments }, 'INVALID_INPUT', path]);

const TYPES: RefusedInput[] = (
  [
    ['a number as text', { text: 1 }, 'text'],
    ['an object as text', { text: { path: '/etc/passwd' } }, 'text'],
    ['an object as html', { html: { href: 'http://10.0.0.1/' } }, 'html'],
    ['null as text', { text: null }, 'text'],
    ['an object as subject', { subject: { toString: 'x' } }, 'subject'],
    ['no subject', { subject: undefined }, 'subject'],
    ['an operator as tenant', { tenant: { $ne: null } }, 'tenant'],
    ['NUL in the tenant', { tenant: 'a\u0000b' }, 'tenant'],
    ['an empty tenant', { tenant: '' }, 'tenant'],
  ] as const
).map(([title, differs, path]): RefusedInput => [title, differs, 'INVALID_INPUT', path]);

const ACCEPTED_WARNINGS: RefusedInput[] = (
  [
    ['a text', 'NO_TEXT', 'acceptWarnings'],
    ['a boolean', true, 'acceptWarnings'],
    ['null', null, 'acceptWarnings'],
    ['an object by index', { 0: 'NO_TEXT' }, 'acceptWarnings'],
    ['a number in the list', [1], 'acceptWarnings[0]'],
    ['null in the list', ['NO_TEXT', null], 'acceptWarnings[1]'],
    ['a warning instead of its code', [{ code: 'NO_TEXT' }], 'acceptWarnings[0]'],
    ['an empty code', [''], 'acceptWarnings[0]'],
    ['an endless code', ['x'.repeat(65)], 'acceptWarnings[0]'],
    ['101 codes', Array.from({ length: 101 }, () => 'NO_TEXT'), 'acceptWarnings'],
    ['10 000 codes', Array.from({ length: 10_000 }, () => 'NO_TEXT'), 'acceptWarnings'],
    ['10 001 codes', Array.from({ length: 10_001 }, () => 'NO_TEXT'), 'acceptWarnings'],
  ] as const
).map(([title, acceptWarnings, path]): RefusedInput => [
  `accepted warnings: ${title}`,
  { acceptWarnings },
  'INVALID_INPUT',
  path,
]);

/** By the part of a submission that they are about. */
export const REFUSED_SUBMISSIONS: Readonly<Record<string, readonly RefusedInput[]>> = {
  subject: SUBJECTS,
  identity: IDENTITIES,
  'unknown key': UNKNOWN_KEYS,
  recipients: RECIPIENT_LISTS,
  'recipient name': RECIPIENT_NAMES,
  headers: HEADERS,
  attachments: ATTACHMENTS,
  type: TYPES,
  'accepted warnings': ACCEPTED_WARNINGS,
};

/** Texts that are no single address, for each list of recipients and in both forms of an item. */
export const NO_ADDRESSES: readonly (readonly [title: string, value: string])[] = [
  ['two in one item', 'bob@a.example, evil@x.example'],
  ['two with a semicolon', 'bob@a.example;evil@x.example'],
  ['two with a space', 'bob@a.example evil@x.example'],
  ['a quoted local part', '"evil@x.example x"@corp.example'],
  ['a group', 'Team: a@b.example, c@d.example;'],
  ['an address literal', 'bob@[127.0.0.1]'],
  ['a comment', 'bob@a.example(evil@x.example)'],
  ['three parts', 'a@b@c.example'],
  ['two dots', 'a..b@c.example'],
  ['a leading dot', '.a@c.example'],
  ['65 characters before the @', `${'a'.repeat(65)}@c.example`],
  ['a name', 'Bob <bob@a.example>'],
  ['angle brackets', '<bob@a.example>'],
  ['a source route', '@x.example:bob@a.example'],
  ['CRLF and a command', 'bob@a.example\r\nRCPT TO:<evil@x.example>'],
  ['a parameter', 'bob@a.example> NOTIFY=NEVER'],
  ['NUL', 'bob\u0000@a.example'],
  ['a trailing line break', 'bob@a.example\n'],
  ['a leading space', ' bob@a.example'],
  ['a percent-encoded line break', 'bob@a.example%0d%0a'],
  ['a full-width @', 'bob＠a.example'],
  ['an ideographic full stop', 'bob@a。example'],
  ['a zero-width space', 'bob\u200b@a.example'],
  ['a single label', 'bob@localhost'],
  ['an IP address', 'bob@127.0.0.1'],
  ['an empty text', ''],
];
