import { EDITOR, boot, type App, type Person } from '../support/strapi';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { TABLES } from '../../server/src/database/tables';

/* What an author can put into a submission, and worse (security, "Inputs that must fail well"). */

type Body = Record<string, unknown>;

let app: App;
let server: MailServer;
let ada: Person;

beforeAll(async () => {
  server = await startMailServer({ tls: 'none' });
  app = await boot({
    config: {
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        transport: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'none' },
      },
      network: { allow: ['127.0.0.1'] },
    },
  });
  ada = await app.person({ actions: EDITOR });
});

afterAll(async () => {
  await app.stop();
  await server.close();
});

const good = (differs: Body = {}): Body => ({
  from: 'system',
  to: ['reader@news.example'],
  subject: 'Hello',
  text: 'Hello',
  ...differs,
});
const submit = (differs: Body) => app.as(ada).post('/submissions', good(differs));

/** What a submission leaves behind: rows, and connections to the mail server. */
const traces = async (): Promise<Record<string, number>> => {
  const found: Record<string, number> = { connections: server.connections, messages: server.messages.length };
  for (const table of [TABLES.submissions, TABLES.messages, TABLES.chunks, TABLES.recipients, TABLES.lastChoices]) {
    const [row]: { n: unknown }[] = await app.strapi.db.connection(table).count({ n: '*' });
    found[table] = Number(row?.n);
  }
  return found;
};

describe('what is refused leaves nothing behind', () => {
  let before: Record<string, number>;
  beforeAll(async () => {
    before = await traces();
  });
  afterEach(async () => {
    expect(await traces()).toEqual(before);
  });

  const refuses = async (differs: Body, code: string, path?: string) => {
    const { status, body } = await submit(differs);
    expect({ status, details: body.error?.details }).toMatchObject({
      status: 400,
      details: { code, ...(path === undefined ? {} : { path }) },
    });
  };

  it.each<[string, string]>([
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
  ])('a subject with %s', async (_, subject) => {
    await refuses({ subject }, 'INVALID_SUBJECT');
  });

  const NO_IDENTITIES: [string, unknown][] = [
    ['an address', 'ceo@corp.example'],
    ['a mailbox with a name', 'CEO <ceo@corp.example>'],
    ['an operator', { $ne: 0 }],
    ['a list', ['system']],
    ['a number', 1],
    ['a boolean', true],
    ['nothing', ''],
    ['null', null],
    ['another case', 'System'],
    ['a space', 'mailbox:a b'],
    ['a line break', 'mailbox:a\nb'],
    ['no id', 'mailbox:'],
    ['an endless id', `mailbox:${'x'.repeat(300)}`],
    ['a trailing line break', 'system\n'],
  ];
  it.each(NO_IDENTITIES)('%s as From', async (_, from) => refuses({ from }, 'INVALID_INPUT', 'from'));
  it.each(NO_IDENTITIES)('%s as Reply-To', async (_, replyTo) => refuses({ replyTo }, 'INVALID_INPUT', 'replyTo'));

  it.each<[string]>(
    [
      ...['actor', 'state', 'phase', 'attempts', 'leaseToken', 'lease_token', 'id', 'messageId', 'transport', 'error'],
      ...['envelope', 'raw', 'sender', 'auth', 'dkim', 'list', 'icalEvent', 'alternatives', 'amp', 'references'],
      ...['inReplyTo', 'priority', 'date', 'encoding', 'watchHtml', 'attachDataUrls', 'template', 'From', 'To', 'BCC'],
      ...['constructor', 'prototype', 'toString', 'hasOwnProperty', '', '$where', 'to[]', 'signal', 'mailboxesBody'],
    ].map((key) => [key])
  )('the unknown key %j', async (key) => {
    await refuses({ [key]: 'x' }, 'UNKNOWN_FIELD', key);
  });

  it.each<[string, Body, string]>([
    ['a recipient', { to: [{ email: 'a@b.example', bcc: 'evil@x.example' }] }, 'to[0].bcc'],
    ['an attachment: path', { attachments: [{ file: 1, path: '/etc/passwd' }] }, 'attachments[0].path'],
    ['an attachment: href', { attachments: [{ file: 1, href: 'http://10.0.0.1/' }] }, 'attachments[0].href'],
    ['an attachment: raw', { attachments: [{ raw: 'x' }] }, 'attachments[0].raw'],
    ['an attachment: content', { attachments: [{ content: { path: '/etc/passwd' } }] }, 'attachments[0].content'],
  ])('an unknown key of %s', async (_, differs, path) => refuses(differs, 'UNKNOWN_FIELD', path));

  const NO_ADDRESSES: [string, unknown][] = [
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
    ['nothing', ''],
  ];
  it.each(['to', 'cc', 'bcc'].flatMap((field) => NO_ADDRESSES.map(([name, value]) => [field, name, value] as const)))(
    '%s: %s, and the details name the item',
    async (field, _, value) => {
      for (const item of [value, { email: value }]) {
        const { status, body } = await submit({
          to: ['reader@news.example'],
          cc: ['other@news.example'],
          [field]: [item],
        });
        expect({ status, details: body.error?.details }).toMatchObject({
          status: 400,
          details: { code: 'INVALID_RECIPIENTS', recipients: [{ field, index: 0, value }] },
        });
      }
    }
  );

  it.each<[string, unknown]>([
    ['a string', 'reader@news.example'],
    ['an object', { email: 'reader@news.example' }],
    ['a nested list', [['reader@news.example']]],
    ['null in it', [null]],
    ['a number in it', [1]],
    ['an object as address', [{ email: { address: 'a@b.example' } }]],
    ['a number as name', [{ email: 'a@b.example', name: 1 }]],
    ['null', null],
    ['an object with a length', { length: 1, 0: 'reader@news.example' }],
  ])('%s instead of a list of addresses', async (_, to) => refuses({ to }, 'INVALID_INPUT', 'to'));

  it.each(['Bob\r\nBcc: evil@x.example', 'Bob <evil@x.example>', 'Bob\u202e', 'Bob\u0000', '=?utf-8?q?Bob?='])(
    'the name %j of a recipient',
    async (name) => refuses({ to: [{ email: 'a@b.example', name }] }, 'INVALID_RECIPIENTS')
  );

  it.each<[string, unknown]>([
    ...['Bcc', 'From', 'Sender', 'Content-Type', 'Return-Path', 'DKIM-Signature', 'Message-ID', 'X', 'x-'].map(
      (name): [string, unknown] => [name, 'x']
    ),
    ...['X-A B', 'X-A:', 'X-A\r\nBcc', 'X-Ä', ' X-A', 'X-A\u0000', 'X-SMTPAPI', 'X-MSYS-API'].map(
      (name): [string, unknown] => [name, 'x']
    ),
    ['X-A', { prepared: true, value: 'x\r\nBcc: evil@x.example' }],
    ['X-A', ['x', 'y']],
    ['X-A', 1],
    ['X-A', null],
    ['X-A', 'x\r\nBcc: evil@x.example'],
    ['X-A', 'x\nBcc: evil@x.example'],
    ['X-A', 'x\u0000'],
    ['X-A', 'x'.repeat(999)],
  ])('the header %j with %j', async (name, value) => refuses({ headers: { [name]: value } }, 'INVALID_HEADER'));

  it.each<[string, unknown]>([
    ['a list', [{ key: 'X-A', value: 'x' }]],
    ['a text', 'X-A: x'],
    ['null', null],
  ])('%s instead of headers', async (_, headers) => refuses({ headers }, 'INVALID_INPUT', 'headers'));

  it.each<[string, unknown, string]>([
    ['a path as file', [{ file: '/etc/passwd' }], 'attachments[0].file'],
    ['a fraction as file', [{ file: 1.5 }], 'attachments[0].file'],
    ['a negative file', [{ file: -1 }], 'attachments[0].file'],
    ['a file beyond all integers', [{ file: 2 ** 31 }], 'attachments[0].file'],
    ['a name with CRLF', [{ file: 1, name: 'a\r\nContent-Type: x' }], 'attachments[0].name'],
    ['a name with a folder', [{ file: 1, name: '../../etc/passwd' }], 'attachments[0].name'],
    ['a name with a backslash', [{ file: 1, name: '..\\evil.exe' }], 'attachments[0].name'],
    ['a name that turns around', [{ file: 1, name: 'invoice\u202efdp.exe' }], 'attachments[0].name'],
    ['the name ..', [{ file: 1, name: '..' }], 'attachments[0].name'],
    ['101 of them', Array.from({ length: 101 }, () => ({ file: 1 })), 'attachments'],
    ['an object', { file: 1 }, 'attachments'],
    ['null in it', [null], 'attachments[0]'],
  ])('attachments: %s', async (_, attachments, path) => refuses({ attachments }, 'INVALID_INPUT', path));

  it.each<[string, Body, string]>([
    ['a number as text', { text: 1 }, 'text'],
    ['an object as text', { text: { path: '/etc/passwd' } }, 'text'],
    ['an object as html', { html: { href: 'http://10.0.0.1/' } }, 'html'],
    ['null as text', { text: null }, 'text'],
    ['an object as subject', { subject: { toString: 'x' } }, 'subject'],
    ['no subject', { subject: undefined }, 'subject'],
    ['an operator as tenant', { tenant: { $ne: null } }, 'tenant'],
    ['NUL in the tenant', { tenant: 'a\u0000b' }, 'tenant'],
    ['an empty tenant', { tenant: '' }, 'tenant'],
  ])('%s', async (_, differs, path) => refuses(differs, 'INVALID_INPUT', path));
});
