import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type { SubmitInput } from '../../server/src/submissions/service';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { bootForDelivery, mailboxAt, recipientsOf, ROBOT, send, settled, tried } from '../support/outbox';
import { OPERATOR, type App } from '../support/strapi';
import { writtenByTest } from '../support/statements';

const addresses = (header: AddressObject | AddressObject[] | undefined): [name: string, address: string][] =>
  [header ?? []]
    .flat()
    .flatMap(({ value }) => value.map(({ name, address = '' }): [string, string] => [name, address]));

interface Arrived {
  mail: ParsedMail;
  raw: string;
  header: string[];
  envelope: { from: string; to: string[] };
}

/** Rules §4 and security 5 to 7, read from what a mail server received. */
describe('the message that arrives', () => {
  let app: App;
  let server: ScriptedServer;
  let mailbox: string;

  beforeAll(async () => {
    server = await startScriptedServer();
    app = await bootForDelivery({ systemPort: server.port });
    mailbox = await mailboxAt(app, server.port, {}, { email: 'News@Club.example', name: 'Club News' });
  });

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  const arrive = async (differs: Partial<SubmitInput> = {}): Promise<Arrived> => {
    const { from = `mailbox:${mailbox}` as const, ...rest } = differs;
    const submission = await send(app, from, rest);
    expect(submission).toMatchObject({ state: 'submitted', error: null });
    const { raw, envelope } = server.accepted.at(-1) ?? {};
    if (!raw || !envelope) throw new Error('nothing arrived');
    const [head = ''] = raw.toString('latin1').split('\r\n\r\n', 1);
    return { mail: await simpleParser(raw), raw: raw.toString('latin1'), header: head.split('\r\n'), envelope };
  };

  it('names its mailbox in From and in the envelope, and needs no Sender', async () => {
    const { mail, envelope } = await arrive();
    expect(addresses(mail.from)).toEqual([['Club News', 'News@club.example']]);
    expect(envelope).toEqual({ from: 'News@club.example', to: ['ada@reader.example'] });
    expect(mail.headers.has('sender')).toBe(false);
    expect(mail.replyTo).toBeUndefined();
  });

  it('says that no person wrote it where a system actor sends it (RFC 3834)', async () => {
    expect((await arrive()).header).toContain('Auto-Submitted: auto-generated');
  });

  it('names the system address as Sender where it goes over the system transport', async () => {
    const { id } = await app
      .service('mailboxes')
      .create({ email: 'open@club.example', name: 'Open' }, { actor: OPERATOR });
    const { mail, envelope } = await arrive({ from: `mailbox:${id}` });
    expect(addresses(mail.from)).toEqual([['Open', 'open@club.example']]);
    expect(addresses(mail.headers.get('sender') as AddressObject)).toEqual([['', 'system@site.example']]);
    expect(envelope.from).toBe('system@site.example');
  });

  it('needs no Sender from the system mailbox itself', async () => {
    const { mail } = await arrive({ from: 'system' });
    expect(addresses(mail.from)).toEqual([['Site', 'system@site.example']]);
    expect(mail.headers.has('sender')).toBe(false);
  });

  it('names the reply identity in Reply-To', async () => {
    const { mail } = await arrive({ replyTo: 'system' });
    expect(addresses(mail.replyTo)).toEqual([['Site', 'system@site.example']]);
  });

  it('shows To and Cc with their names, and Bcc nowhere', async () => {
    const { mail, raw, envelope } = await arrive({
      to: [{ email: 'ada@reader.example', name: 'Ada "The First", Countess' }, 'ben@reader.example'],
      cc: [{ email: 'cat@reader.example', name: 'Çâtherine Müller' }],
      bcc: ['hidden@reader.example', { email: 'secret@reader.example', name: 'Hidden Name' }],
    });
    expect(addresses(mail.to)).toEqual([
      ['Ada "The First", Countess', 'ada@reader.example'],
      ['', 'ben@reader.example'],
    ]);
    expect(addresses(mail.cc)).toEqual([['Çâtherine Müller', 'cat@reader.example']]);
    expect(envelope.to).toEqual([
      'ada@reader.example',
      'ben@reader.example',
      'cat@reader.example',
      'hidden@reader.example',
      'secret@reader.example',
    ]);
    expect(raw).not.toMatch(/bcc|hidden|secret/i);
  });

  it('can be for hidden recipients only', async () => {
    const { raw, envelope } = await arrive({ to: [], bcc: ['hidden@reader.example'] });
    expect(envelope.to).toEqual(['hidden@reader.example']);
    expect(raw).not.toContain('hidden');
  });

  it('names a repeated address once in the envelope, ignoring case', async () => {
    const { envelope } = await arrive({
      to: ['Ada@reader.example', 'ada@READER.example'],
      cc: ['ada@reader.example'],
      bcc: ['ADA@reader.example'],
    });
    expect(envelope.to).toEqual(['Ada@reader.example']);
  });

  it('has a Message-ID at the domain of From and one Date, as stored', async () => {
    const before = Date.now();
    const submission = await send(app, `mailbox:${mailbox}`);
    const mail = await simpleParser(server.accepted.at(-1)?.raw ?? '');
    expect(submission.messageId).toMatch(/^<[0-9a-f-]{36}@club\.example>$/);
    expect(mail.messageId).toBe(submission.messageId);
    expect(mail.date?.getTime()).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(mail.date?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('keeps every octet and every header on another attempt', async () => {
    const { id } = await send(app, `mailbox:${mailbox}`, { subject: 'Same', text: 'Same' });
    const knex = app.strapi.db.connection;
    await writtenByTest(
      knex,
      knex('mailboxes_submissions').where({ id }).update({ state: 'queued', next_attempt_at: 1 })
    );
    await writtenByTest(knex, knex('mailboxes_recipients').where({ submission: id }).update({ state: 'pending' }));
    await send(app, `mailbox:${mailbox}`);
    await server.until(() => server.accepted.filter(({ raw }) => raw.includes('Subject: Same')).length === 2);
    const [first, second] = server.accepted.filter(({ raw }) => raw.includes('Subject: Same'));
    expect(second?.raw.equals(first?.raw as Buffer)).toBe(true);
  });

  it('carries text and html as alternatives', async () => {
    const { mail } = await arrive({ text: 'Grüße\n.\nlast', html: '<p>Grüße</p>' });
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(mail.text?.trim()).toBe('Grüße\n.\nlast');
    expect(mail.html).toContain('<p>Grüße</p>');
  });

  it.each([
    ['the end of data', 'a\r\n.\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<evil@x.example>\r\nDATA\r\nb'],
    ['it with bare line feeds', 'a\n.\nMAIL FROM:<evil@x.example>\nb'],
    ['it with bare carriage returns', 'a\r.\rMAIL FROM:<evil@x.example>\rb'],
    ['mixtures of both', 'a\n.\r\nMAIL FROM:<evil@x.example>\r\n.\nb\r\n.\rc'],
  ])('is one message although its text looks like %s', async (_what, text) => {
    const count = server.accepted.length;
    const { mail, raw } = await arrive({ text });
    expect(server.accepted).toHaveLength(count + 1);
    expect(mail.text?.replace(/\r\n?/g, '\n').trim()).toBe(text.replace(/\r\n?/g, '\n'));
    expect(raw.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
  });

  it.each([
    ['non-ASCII letters', 'Größe – 日本語 🎉 ' + 'ö'.repeat(100)],
    ['998 ASCII letters without a space', 'x'.repeat(998)],
    ['a long word among short ones', `short ${'y'.repeat(900)} end`],
    ['equals signs and question marks', '=?not? =?an encoded word'],
    ['998 ASCII letters, two of them long words', `${'v'.repeat(498)} ${'w'.repeat(499)}`],
    ['leading and inner spaces', 'a  b   c'],
  ])('has the subject as it was given: %s', async (_what, subject) => {
    const { mail, header } = await arrive({ subject });
    expect(mail.subject).toBe(subject);
    for (const line of header) expect(Buffer.byteLength(line, 'latin1')).toBeLessThanOrEqual(998);
  });

  it('keeps every header line within 998 octets', async () => {
    const value = 'z'.repeat(900);
    const { mail, header } = await arrive({
      headers: { 'X-Long': value, 'X-Words': 'many short words '.repeat(50).trim(), 'X-Umlaut': 'Grüße' },
      to: [{ email: `${'l'.repeat(64)}@reader.example`, name: 'n'.repeat(255) }],
    });
    for (const line of header) expect(Buffer.byteLength(line, 'latin1')).toBeLessThanOrEqual(998);
    expect(mail.headers.get('x-long')).toBe(value);
    expect(mail.headers.get('x-words')).toBe('many short words '.repeat(50).trim());
    expect(header).toContain('X-Umlaut: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=');
  });

  it('writes domains as A-labels and local parts as typed', async () => {
    const { mail, raw, envelope } = await arrive({ to: ['Ada.L@bücher.example'] });
    expect(addresses(mail.to)[0]?.[1]).toMatch(/^Ada\.L@(bücher|xn--bcher-kva)\.example$/);
    expect(raw).toContain('Ada.L@xn--bcher-kva.example');
    expect(envelope.to).toEqual(['Ada.L@xn--bcher-kva.example']);
  });

  describe('to an address with non-ASCII letters before the @', () => {
    it('is handed over with SMTPUTF8 where that is offered', async () => {
      const { envelope } = await arrive({ to: ['grüße@reader.example'] });
      expect(envelope.to).toEqual(['grüße@reader.example']);
      const lines = server.sessions.flatMap(({ lines: all }) => all.map(({ line }) => line));
      expect(lines.some((line) => line.startsWith('MAIL FROM') && line.includes('SMTPUTF8'))).toBe(true);
    });

    const utf8Mails = () =>
      server.sessions
        .flatMap(({ lines }) => lines.map(({ line }) => line))
        .filter((line) => /^MAIL FROM.* SMTPUTF8/.test(line));

    it('declares SMTPUTF8 to recipients whose own addresses need none, because the header names it', async () => {
      const before = utf8Mails().length;
      const replies = ['250 2.1.5 Ok', '450 4.2.0 Later'];
      server.play({ on: ({ stage }) => (stage === 'rcpt' ? replies.shift() : undefined) });
      const first = await tried(app, 'system', { to: ['grüße@reader.example', 'ada@reader.example'] });
      expect(recipientsOf(first)).toMatchObject({
        'grüße@reader.example': ['accepted', expect.anything()],
        'ada@reader.example': ['deferred', '450 4.2.0 Later'],
      });
      await app.strapi.db.connection('mailboxes_submissions').where({ id: first.id }).update({ next_attempt_at: 0 });
      await arrive({});
      expect(await settled(app, first)).toMatchObject({ state: 'submitted' });
      server.play({});
      // Not for the message in between.
      expect(utf8Mails()).toHaveLength(before + 2);
      expect(utf8Mails().at(-1)).not.toMatch(/SMTPUTF8.*SMTPUTF8/);
    });

    it('is not, where it is not offered; the others get what does not name it', async () => {
      const plain = await startScriptedServer({ ehlo: ['PIPELINING', '8BITMIME'] });
      const from = `mailbox:${await mailboxAt(app, plain.port)}` as const;
      const mixed = await send(app, from, { to: ['ada@reader.example'], bcc: ['grüße@reader.example'] });
      expect(mixed).toMatchObject({ state: 'submitted', error: null });
      expect(recipientsOf(mixed)).toMatchObject({
        'grüße@reader.example': ['rejected', expect.stringContaining('SMTPUTF8')],
        'ada@reader.example': ['accepted', expect.stringContaining('250')],
      });
      const alone = await send(app, from, { to: ['grüße@reader.example'] });
      expect(alone).toMatchObject({ state: 'failed', error: { code: 'RECIPIENTS_REJECTED' } });
      expect(plain.accepted.map(({ envelope }) => envelope.to)).toEqual([['ada@reader.example']]);
      await plain.close();
    });

    it.each<[string, Partial<Omit<SubmitInput, 'from'>>]>([
      ['To', { to: ['grüße@reader.example', 'ada@reader.example'] }],
      ['Cc', { to: ['ada@reader.example'], cc: ['grüße@reader.example'] }],
    ])(
      'keeps a message that names it in %s from all recipients where SMTPUTF8 is not offered',
      async (_field, letter) => {
        const plain = await startScriptedServer({ ehlo: ['PIPELINING', '8BITMIME'] });
        const submission = await send(app, `mailbox:${await mailboxAt(app, plain.port)}`, letter);
        const reply = 'The mail server does not offer SMTPUTF8, which an address with such letters before the @ needs.';
        expect(submission).toMatchObject({ state: 'failed', error: { code: 'RECIPIENTS_REJECTED' } });
        expect(recipientsOf(submission)).toEqual({
          'grüße@reader.example': ['rejected', reply],
          'ada@reader.example': ['rejected', reply],
        });
        expect(plain.got354).toBe(0);
        await plain.close();
      }
    );

    it('keeps a message that names it in Reply-To from all recipients where SMTPUTF8 is not offered', async () => {
      const plain = await startScriptedServer({ ehlo: ['PIPELINING', '8BITMIME'] });
      const from = await mailboxAt(app, plain.port);
      const replyTo = await mailboxAt(app, plain.port, {}, { email: 'grüße@club.example', reply: true });
      const submission = await send(app, `mailbox:${from}`, { replyTo: `mailbox:${replyTo}` });
      expect(submission).toMatchObject({ state: 'failed', error: { code: 'RECIPIENTS_REJECTED' } });
      expect(plain.got354).toBe(0);
      await plain.close();
    });
  });

  it.each([
    [
      'a header object',
      { headers: { 'X-A': { prepared: true, value: 'a\r\nBcc: evil@x.example' } } },
      'INVALID_HEADER',
    ],
    ['headers.Bcc', { headers: { Bcc: 'evil@x.example' } }, 'INVALID_HEADER'],
    ['headers.From', { headers: { From: 'evil@x.example' } }, 'INVALID_HEADER'],
    ['a line break in a header', { headers: { 'X-A': 'a\r\nBcc: evil@x.example' } }, 'INVALID_HEADER'],
    ...[
      'envelope',
      'raw',
      'sender',
      'auth',
      'dkim',
      'list',
      'icalEvent',
      'alternatives',
      'amp',
      'messageId',
      'references',
    ].map((key) => [key, { [key]: { path: '/etc/passwd' } }, 'UNKNOWN_FIELD'] as const),
    ['an attachment by path', { attachments: [{ path: '/etc/passwd' }] }, 'UNKNOWN_FIELD'],
    ['an attachment by href', { attachments: [{ file: 1, href: 'http://127.0.0.1/' }] }, 'UNKNOWN_FIELD'],
    ['html by path', { html: { path: '/etc/passwd' } }, 'INVALID_INPUT'],
  ] as const)('takes nothing from %s', async (_what, differs, code) => {
    const input = { actor: ROBOT, from: 'system', to: ['ada@reader.example'], subject: 'a', text: 'a', ...differs };
    await expect(app.service('submissions').submit(input as never)).rejects.toMatchObject({ details: { code } });
  });
});
