import type { RefusalCode } from '../../server/src/domain/refusal';

/** Sender of the site's configuration. */
export const SYSTEM = 'system@site.example';
/** The one mailbox that the guard's actor may use. */
export const NEWS = 'news@club.example';
/** A mailbox of the site that the guard's actor may not use. */
export const BOARD = 'board@club.example';

/** Every spelling of a From that the guard's actor may not use. */
export const FORGED: [title: string, from: unknown][] = [
  ['an address without a mailbox', 'ceo@evil.example'],
  ['a mailbox that the guard may not use', BOARD],
  ['a mailbox as the name of another address', `"${NEWS}" <ceo@evil.example>`],
  ['another address as the name of a mailbox', `"ceo@evil.example" <${NEWS}>`],
  ['two mailboxes', `${NEWS}, ceo@evil.example`],
  ['two mailboxes with names', `Club <${NEWS}>, Boss <ceo@evil.example>`],
  ['a group', `Club: ${NEWS}, ceo@evil.example;`],
  ['a comment', `${NEWS} (ceo@evil.example)`],
  ['two angle addresses', `<${NEWS}> <ceo@evil.example>`],
  ['a full-width at sign', 'news＠club.example'],
  ['a full-width letter', 'ｎews@club.example'],
  ['a cyrillic letter', 'nеws@club.example'],
  ['a full-width domain', 'news@ｃlub.example'],
  ['an ideographic full stop', 'news@club。example'],
  ['a zero-width space', 'news@club\u200b.example'],
  ['a soft hyphen', 'ne\u00adws@club.example'],
  ['a line feed with another header', `${NEWS}\nFrom: ceo@evil.example`],
  ['a carriage return', `${NEWS}\r\nBcc: ceo@evil.example`],
  ['a NUL', `${NEWS}\u0000@evil.example`],
  ['a quoted local part', '"news"@club.example'],
  ['an address literal', 'news@[127.0.0.1]'],
  ['a source route', `<@evil.example:${NEWS}>`],
  ['a percent hack', 'news%club.example@evil.example'],
  ['an encoded word', '=?utf-8?q?news=40club=2Eexample?= <ceo@evil.example>'],
  ['another address at the factory domain', 'ceo@strapi.io'],
  ['a subdomain of the mailbox', 'news@evil.club.example'],
  ['a trailing dot', `${NEWS}.`],
  ['a space only', ' '],
  ['an object', { name: 'Club', address: 'ceo@evil.example' }],
  ['an object with the mailbox in its name', { name: NEWS, address: 'ceo@evil.example' }],
  ['a list', ['ceo@evil.example', NEWS]],
  ['a list of one', [NEWS]],
  ['a number', 7],
  ['false', false],
  ['a megabyte', `${'a'.repeat(1_000_000)}@evil.example`],
];

/** Fields that reach a mail library by another way than From, each with its refusal. */
export const SMUGGLED: [title: string, differs: Record<string, unknown>, code: RefusalCode][] = [
  ['an envelope', { from: NEWS, envelope: { from: 'ceo@evil.example', to: 'x@evil.example' } }, 'UNKNOWN_FIELD'],
  ['a Sender', { from: NEWS, sender: 'ceo@evil.example' }, 'UNKNOWN_FIELD'],
  ['raw bytes', { from: NEWS, raw: 'From: ceo@evil.example\r\n\r\nHello' }, 'UNKNOWN_FIELD'],
  ['alternatives', { from: NEWS, alternatives: [{ content: 'x' }] }, 'UNKNOWN_FIELD'],
  ['credentials', { from: NEWS, auth: { user: 'ceo' } }, 'UNKNOWN_FIELD'],
  ['a message id', { from: NEWS, messageId: '<x@evil.example>' }, 'UNKNOWN_FIELD'],
  ['a header From', { from: NEWS, headers: { From: 'ceo@evil.example' } }, 'INVALID_HEADER'],
  ['a header Bcc', { from: NEWS, headers: { bcc: 'x@evil.example' } }, 'INVALID_HEADER'],
  ['a header Reply-To', { from: NEWS, headers: { 'Reply-To': 'ceo@evil.example' } }, 'INVALID_HEADER'],
  ['a header with a line break', { from: NEWS, headers: { 'X-A': 'b\r\nBcc: x@evil.example' } }, 'INVALID_HEADER'],
  ['a prepared header', { from: NEWS, headers: { 'X-A': { prepared: true, value: 'b' } } }, 'INVALID_HEADER'],
  ['a list of headers', { from: NEWS, headers: [{ key: 'From', value: 'ceo@evil.example' }] }, 'INVALID_INPUT'],
  ['a file of the server', { attachments: [{ filename: 'a', path: '/etc/passwd' }] }, 'UNKNOWN_FIELD'],
  ['a URL', { attachments: [{ filename: 'a', href: 'http://127.0.0.1/' }] }, 'UNKNOWN_FIELD'],
  ['a file name with a header', { attachments: [{ filename: 'a\r\nBcc: x', content: 'x' }] }, 'INVALID_INPUT'],
  [
    'a media type with a header',
    { attachments: [{ filename: 'a', content: 'x', contentType: 'a/b\r\nX: y' }] },
    'INVALID_INPUT',
  ],
  ['a subject with a header', { subject: 'Hello\r\nBcc: x@evil.example' }, 'INVALID_SUBJECT'],
  ['a Reply-To without a mailbox', { replyTo: 'ceo@evil.example' }, 'FORBIDDEN_REPLY_TO'],
  ['two Reply-To', { replyTo: `${NEWS}, ceo@evil.example` }, 'FORBIDDEN_REPLY_TO'],
  ['a Reply-To that the guard may not use', { replyTo: BOARD }, 'FORBIDDEN_REPLY_TO'],
  ['a recipient with a header', { to: 'x@reader.example\r\nBcc: y@evil.example' }, 'INVALID_RECIPIENTS'],
  ['a group of recipients', { to: 'Team: x@reader.example, y@reader.example;' }, 'INVALID_RECIPIENTS'],
  ['no recipient', { to: '' }, 'NO_RECIPIENTS'],
];

/** Values that cost a careless reader seconds each. */
export const HUGE: [title: string, value: string][] = [
  ['blanks before a letter, no longer than a mailbox may be', `${' '.repeat(2047)}x`],
  [
    'blanks between letters, as often as fits',
    Array(480)
      .fill(`x${' '.repeat(2045)}x`)
      .join(','),
  ],
  ['blanks', `a${' '.repeat(1_000_000)}b`],
  ['escaped quotes', `"${'\\"'.repeat(500_000)}`],
  ['quotes', '"'.repeat(1_000_001)],
  ['commas', `${','.repeat(1_000_000)}x`],
  ['angle brackets', '<'.repeat(1_000_000)],
  ['addresses', 'a@reader.example,'.repeat(60_000)],
  ['one address', `${'a'.repeat(1_000_000)}@reader.example`],
];
