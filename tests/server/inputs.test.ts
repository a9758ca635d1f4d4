import { TABLES } from '../../server/src/database/tables';
import { countRows, refuses, staysUnchanged } from '../support/answers';
import { letter } from '../support/letter';
import { bootSite, type Site } from '../support/site';
import type { Person } from '../support/strapi';
import { NO_ADDRESSES, REFUSED_SUBMISSIONS, type RefusedInput } from '../unit/contracts/submission-inputs.table';

/* Inputs of a submission that have to fail well (security, "Inputs that must fail well"). */

type Body = Record<string, unknown>;

let app: Site, ada: Person;

beforeAll(async () => {
  app = await bootSite();
  ada = await app.person();
});

afterAll(() => app.stop());

const submit = (differs: Body) => app.as(ada).post('/submissions', letter(differs));

/** Texts that a database or a JSON parser may treat in its own way. */
const SPECIAL = /\\u0000|\\ud[89a-f]/;
/** Of each part the first row, and each row that a database could fail at: the schema itself is tested without HTTP. */
const OVER_HTTP: RefusedInput[] = Object.values(REFUSED_SUBMISSIONS).flatMap((rows) =>
  rows.filter(([, differs], index) => index === 0 || SPECIAL.test(JSON.stringify(differs)))
);

/** Rows and connections to the mail server that a submission leaves behind. */
const traces = async (): Promise<Record<string, number>> => {
  const { connections, messages } = app.mailServer;
  const rows = await countRows(app, [
    TABLES.submissions,
    TABLES.messages,
    TABLES.chunks,
    TABLES.recipients,
    TABLES.lastChoices,
  ]);
  return { connections, messages: messages.length, ...rows };
};

describe('POST /submissions', () => {
  staysUnchanged(traces);

  it.each(OVER_HTTP)('rejects %s, and stores nothing', async (_title, differs, code, path) => {
    await refuses(submit(differs), 400, code, path);
  });

  it.each(['to', 'cc', 'bcc'])(
    'rejects wrong addresses in %s, names each of them, and stores nothing',
    async (field) => {
      const { status, body } = await submit({
        cc: ['other@news.example'],
        [field]: NO_ADDRESSES.map(([, value]) => value),
      });
      expect({ status, details: body.error?.details }).toMatchObject({
        status: 400,
        details: {
          code: 'INVALID_RECIPIENTS',
          recipients: NO_ADDRESSES.map(([, value], index) => ({ field, index, value })),
        },
      });
    }
  );
});

// For how long each blocks the event loop is measured by `npm run bench:blocking`.
describe('a request is refused with a short answer for', () => {
  const MEGABYTE = 900_000;
  const long = 'x'.repeat(MEGABYTE);
  /** `JSON.stringify` cannot write what `JSON.parse` reads. */
  const DEEP = 'deep';
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);

  it.each<[string, () => Body, number]>([
    ['an address of a megabyte', () => ({ to: [long] }), 400],
    ['an address of a megabyte of dots', () => ({ to: [`a@${'.'.repeat(MEGABYTE)}`] }), 400],
    ['100 000 recipients', () => ({ to: Array.from({ length: 100_000 }, () => 'a@b.c') }), 400],
    ['100 000 wrong recipients', () => ({ to: Array.from({ length: 100_000 }, () => 'a..b') }), 400],
    ['a subject of a megabyte', () => ({ subject: long }), 400],
    ['a name of a megabyte', () => ({ to: [{ email: 'a@b.example', name: long }] }), 400],
    ['a From of a megabyte', () => ({ from: `mailbox:${long}` }), 400],
    ['a tenant of a megabyte', () => ({ tenant: long }), 400],
    ['a header of a megabyte', () => ({ headers: { 'X-A': long } }), 400],
    ['a header name of a megabyte', () => ({ headers: { [`X-${long}`]: 'x' } }), 400],
    [
      '50 000 headers',
      () => ({ headers: Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`X-${n}`, 'x'])) }),
      400,
    ],
    ['50 000 unknown keys', () => Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, 'x'])), 400],
    ['an unknown key of a megabyte', () => ({ [long]: 1 }), 400],
    ['50 000 attachments', () => ({ attachments: Array.from({ length: 50_000 }, () => ({ file: 1 })) }), 400],
    ['lists 100 000 deep as recipients', () => ({ to: DEEP }), 400],
    ['lists 100 000 deep as attachments', () => ({ attachments: DEEP }), 400],
    ['lists 100 000 deep as From', () => ({ from: DEEP }), 400],
    ['lists 100 000 deep as a header', () => ({ headers: { 'X-A': DEEP } }), 400],
    ['a body of two megabytes', () => ({ text: long + long + long }), 413],
  ])('%s', async (_, differs, expected) => {
    const payload = JSON.stringify(letter(differs())).replace(`"${DEEP}"`, deep);
    const { status, body } = await app
      .as(ada)
      .post('/submissions')
      .set('Content-Type', 'application/json')
      .send(payload);
    expect(status).toBe(expected);
    expect(JSON.stringify(body).length).toBeLessThan(50_000);
    expect(app.mailServer.connections).toBe(0);
  });
});

describe('accepted input arrives unchanged', () => {
  const delivered = async (differs: Body) => {
    const known = app.mailServer.messages.length;
    const { body } = await submit(differs).expect(202);
    await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ada.id } });
    expect(app.mailServer.messages).toHaveLength(known + 1);
    const message = app.mailServer.messages[known];
    const parsed = (await app.mailServer.parsed())[known];
    if (!message || !parsed) throw new Error('nothing arrived');
    return { message, parsed };
  };

  const COMMANDS = 'MAIL FROM:<evil@x.example>\r\nRCPT TO:<victim@x.example>\r\nDATA\r\nSubject: forged\r\n\r\nforged';
  it.each<[string, string]>([
    ['CRLF . CRLF', `a\r\n.\r\n${COMMANDS}\r\n.\r\n`],
    ['LF . LF', `a\n.\n${COMMANDS}\n.\n`],
    ['LF . CRLF', `a\n.\r\n${COMMANDS}`],
    ['CRLF . LF', `a\r\n.\n${COMMANDS}`],
    ['CR . CR', `a\r.\r${COMMANDS}`],
    ['CR . LF', `a\r.\n${COMMANDS}`],
    ['CRLF . CR', `a\r\n.\r${COMMANDS}`],
    ['LF . CR LF LF', `a\n.\r\n\n${COMMANDS}`],
    ['CR LF . CR CR LF', `a\r\n.\r\r\n${COMMANDS}`],
    ['NUL around the dot', `a\r\n\u0000.\r\n${COMMANDS}`],
    ['two dots', `a\r\n..\r\n${COMMANDS}`],
    ['a dot at the very beginning', `.\r\n${COMMANDS}`],
    ['a line of 5 000 characters before the dot', `${'x'.repeat(5000)}\r\n.\r\n${COMMANDS}`],
    ['a MIME boundary', `a\r\n--boundary\r\nContent-Type: text/html\r\n\r\n${COMMANDS}`],
  ])('text with %s is text, in one message', async (_, text) => {
    const { message, parsed } = await delivered({ text, html: `<p>${text}</p>` });
    expect(message.envelope).toEqual({ from: 'system@site.example', to: ['reader@news.example'] });
    expect(parsed.subject).toBe('Hello');
    expect(parsed.text).toContain('MAIL FROM:<evil@x.example>');
    expect(parsed.attachments).toEqual([]);
    // RFC 5321 §2.3.8: CR and LF only together; a lone one is where servers disagree.
    expect(message.raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
  });

  it('an address in three spellings and three fields is one recipient', async () => {
    app.mailServer.reset();
    await delivered({
      to: ['Bob@News.example'],
      cc: ['bob@news.example'],
      bcc: [{ email: 'BOB@NEWS.EXAMPLE', name: 'Bob' }],
    });
    expect(app.mailServer.recipientsSeen).toEqual(['Bob@news.example']);
  });

  it('a long subject, a name with @, and X- headers', async () => {
    const subject = 'Grüße 🎉 '.repeat(20).trim();
    const { parsed } = await delivered({
      subject,
      to: [{ email: 'reader@news.example', name: 'Reader @ "News", (Club)' }],
      headers: { 'X-Campaign': 'Frühling' },
    });
    expect(parsed.subject).toBe(subject);
    expect(parsed.to).toMatchObject({ value: [{ address: 'reader@news.example', name: 'Reader @ "News", (Club)' }] });
    expect(parsed.headers.get('x-campaign')).toBe('=?UTF-8?Q?Fr=C3=BChling?=');
  });
});
