import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import nodemailer, { type NodemailerError, type SMTPTransportOptions } from 'nodemailer';
import { createDotUnstuffer } from '../../support/smtp/byte-reader';
import { makeCertificates, type TestCertificates } from '../../support/smtp/certificates';
import { startMailServer, type MailServer, type MailServerOptions } from '../../support/smtp/mail-server';
import {
  createGate,
  DEFAULT_EHLO,
  startScriptedServer,
  type Answer,
  type ScriptedServer,
  type ScriptedServerOptions,
} from '../../support/smtp/scripted-server';
import {
  startMailServerProcess,
  type MailServerProcess,
  type MailServerProcessOptions,
} from '../../support/smtp/server-process';

let certificates: TestCertificates;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  certificates = await makeCertificates();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

const mailServer = async (options?: MailServerOptions): Promise<MailServer> => {
  const server = await startMailServer(options);
  open.push(server);
  return server;
};

const scriptedServer = async (options?: ScriptedServerOptions): Promise<ScriptedServer> => {
  const server = await startScriptedServer(options);
  open.push(server);
  return server;
};

const serverProcess = async (options?: MailServerProcessOptions): Promise<MailServerProcess> => {
  const server = await startMailServerProcess(options);
  open.push({ close: () => server.stop() });
  return server;
};

const transport = ({ host, port }: { host: string; port: number }, options: SMTPTransportOptions = {}) => {
  const client = nodemailer.createTransport({ host, port, ignoreTLS: true, ...options });
  open.push(client);
  return client;
};

const withTls = (options: SMTPTransportOptions = {}): SMTPTransportOptions => ({
  ignoreTLS: false,
  requireTLS: true,
  tls: { ca: certificates.caPem },
  ...options,
});

const as = (user: string, pass: string): SMTPTransportOptions => ({ auth: { user, pass }, forceAuth: true });

const RAW = 'Message-ID: <one@shop.example>\r\nSubject: Hello\r\n\r\nText\r\n';

const mailTo = (...to: string[]) => ({ envelope: { from: 'anna@shop.example', to }, raw: RAW });

const failureOf = async (sending: Promise<unknown>): Promise<NodemailerError> => {
  try {
    await sending;
  } catch (error) {
    return error as NodemailerError;
  }
  throw new Error('sent, though it had to fail');
};

const TRICKY_BODIES: [string, string][] = [
  ['a dot alone on the first line', '.\r\nsecond\r\n'],
  ['lines that begin with dots', 'a\r\n.\r\n..\r\n...b\r\n.c\r\n'],
  ['a dot line between lone LFs', 'a\n.\nb\r\n'],
  ['a dot line between lone CRs', 'a\r.\rb\r\n'],
  ['commands behind a dot line', 'a\r\n.\r\nMAIL FROM:<eve@else.example>\r\nRCPT TO:<bob@else.example>\r\n'],
  ['bytes that are no UTF-8', '\xff\xfe\x80\r\n'],
];

const messageWith = (body: string): Buffer => Buffer.from(`Subject: Tricky\r\n\r\n${body}`, 'latin1');

/** nodemailer ends every line with CRLF before it stuffs the dots. */
const asSent = (body: string): Buffer => messageWith(body.replace(/\r\n|\r|\n/g, '\r\n'));

describe('the mail server', () => {
  it('takes a message over STARTTLS from a client that trusts the authority', async () => {
    const server = await mailServer({ tls: 'starttls', certificate: certificates });
    await transport(server, withTls()).sendMail(mailTo('ben@home.example', 'cem@home.example'));
    const [message] = await server.waitForMessages(1);
    expect(message).toMatchObject({
      envelope: { from: 'anna@shop.example', to: ['ben@home.example', 'cem@home.example'] },
      authenticatedAs: null,
      tls: true,
    });
    expect(server).toMatchObject({ connections: 1, dataStarted: 1 });
  });

  it('takes a message over TLS from the start', async () => {
    const server = await mailServer({ tls: 'tls', certificate: certificates });
    await transport(server, { secure: true, tls: { ca: certificates.caPem } }).sendMail(mailTo('ben@home.example'));
    expect(server.messages).toMatchObject([{ tls: true }]);
  });

  it('offers neither STARTTLS nor AUTH unless configured', async () => {
    const server = await mailServer();
    expect(await failureOf(transport(server, withTls()).verify())).toMatchObject({ code: 'ETLS' });
    expect(await failureOf(transport(server, as('anna', 'secret')).verify())).toMatchObject({ code: 'EAUTH' });
    await transport(server).sendMail(mailTo('ben@home.example'));
    expect(server.messages).toMatchObject([{ tls: false, authenticatedAs: null }]);
  });

  it.each([
    ['self-signed', () => certificates.selfSigned, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', () => certificates.expired, 'CERT_HAS_EXPIRED'],
    ['made out to another host', () => certificates.otherHost, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('shows a certificate that is %s', async (_name, certificate, originalCode) => {
    const server = await mailServer({ tls: 'starttls', certificate: certificate() });
    expect(await failureOf(transport(server, withTls()).verify())).toMatchObject({ originalCode });
  });

  it('takes mail only after AUTH with the right password', async () => {
    const server = await mailServer({ tls: 'starttls', certificate: certificates, users: { anna: 'secret' } });
    await transport(server, withTls(as('anna', 'secret'))).sendMail(mailTo('ben@home.example'));
    const wrong = await failureOf(
      transport(server, withTls(as('anna', 'Secret'))).sendMail(mailTo('ben@home.example'))
    );
    const none = await failureOf(transport(server, withTls()).sendMail(mailTo('ben@home.example')));
    expect(wrong).toMatchObject({ code: 'EAUTH', responseCode: 535 });
    expect(none).toMatchObject({ responseCode: 530 });
    expect(server.messages).toMatchObject([{ authenticatedAs: 'anna' }]);
    expect(server.authAttempts).toEqual([
      { method: 'PLAIN', login: 'anna', success: true },
      { method: 'PLAIN', login: 'anna', success: false },
    ]);
  });

  it.each(TRICKY_BODIES)('keeps the bytes of a body with %s', async (_name, body) => {
    const server = await mailServer();
    await transport(server).sendMail({ ...mailTo('ben@home.example'), raw: messageWith(body) });
    expect(server.messages.map(({ raw }) => raw)).toEqual([asSent(body)]);
  });

  it('refuses by recipient and remembers every RCPT', async () => {
    const server = await mailServer({
      onRcpt: (address) => (address.startsWith('no') ? { code: 550, text: 'No such user' } : undefined),
    });
    const result = await transport(server).sendMail(mailTo('ben@home.example', 'nobody@home.example'));
    expect(result).toMatchObject({ accepted: ['ben@home.example'], rejected: ['nobody@home.example'] });
    expect(server.messages).toMatchObject([{ envelope: { to: ['ben@home.example'] } }]);
    expect(server.recipientsSeen).toEqual(['ben@home.example', 'nobody@home.example']);
  });

  it('does not store refused messages', async () => {
    const server = await mailServer({ onMessage: () => ({ code: 554, text: 'Spam' }) });
    expect(await failureOf(transport(server).sendMail(mailTo('ben@home.example')))).toMatchObject({
      responseCode: 554,
    });
    expect(server).toMatchObject({ messages: [], dataStarted: 1 });
  });

  it('advertises and enforces its size', async () => {
    const server = await mailServer({ size: 100 });
    const { envelope } = mailTo('ben@home.example');
    const raw = messageWith('x'.repeat(200));
    const declared = { ...envelope, size: raw.length };
    await failureOf(transport(server).sendMail({ envelope: declared, raw }));
    expect(server).toMatchObject({ messages: [], dataStarted: 0 });
    expect(await failureOf(transport(server).sendMail({ envelope, raw }))).toMatchObject({ responseCode: 552 });
    expect(server).toMatchObject({ messages: [], dataStarted: 1 });
  });

  it('lets tests wait for messages, read them parsed, and start over', async () => {
    const server = await mailServer();
    const arrived = server.waitForMessages(2);
    const client = transport(server);
    await client.sendMail(mailTo('ben@home.example'));
    await client.sendMail(mailTo('ben@home.example'));
    expect(await arrived).toHaveLength(2);
    expect(await server.parsed()).toMatchObject([{ subject: 'Hello' }, { messageId: '<one@shop.example>' }]);
    server.reset();
    expect(server).toMatchObject({ messages: [], recipientsSeen: [], connections: 0, dataStarted: 0 });
    await expect(server.waitForMessages(1, { timeoutMs: 1 })).rejects.toThrow(
      '1 ms passed while waiting for 1 messages, 0 are here'
    );
  });

  it('rejects pending waits when it closes', async () => {
    const server = await mailServer();
    const waiting = expect(server.waitForMessages(1)).rejects.toThrow('the server was closed');
    await server.close();
    await waiting;
  });
});

describe('the scripted server', () => {
  it('accepts everything by default', async () => {
    const server = await scriptedServer();
    await transport(server, as('anna', 'any')).sendMail(mailTo('ben@home.example'));
    expect(server).toMatchObject({
      got354: 1,
      dataCompleted: 1,
      accepted: [{ envelope: { from: 'anna@shop.example', to: ['ben@home.example'] }, raw: Buffer.from(RAW) }],
    });
    const answered = server.log.filter(({ reply }) => reply !== null);
    expect(answered.map(({ stage, reply }) => `${stage} ${reply?.slice(0, 3)}`).slice(0, 7)).toEqual([
      'connect 220',
      'ehlo 250',
      'auth 235',
      'mail 250',
      'rcpt 250',
      'data 354',
      'dot 250',
    ]);
    const stages = new Set(server.log.map(({ stage }) => stage));
    expect([...stages].slice(5, 11)).toEqual(['data', 'go-ahead', 'body-start', 'body', 'dot', 'accepted']);
  });

  it.each(TRICKY_BODIES)('keeps the bytes of a body with %s', async (_name, body) => {
    const server = await scriptedServer();
    await transport(server).sendMail({ ...mailTo('ben@home.example'), raw: messageWith(body) });
    expect(server.accepted.map(({ raw }) => raw)).toEqual([asSent(body)]);
  });

  it.each(['starttls', 'tls'] as const)('speaks TLS (%s) and takes credentials over it only', async (mode) => {
    const server = await scriptedServer({ [mode]: certificates, users: { anna: 'secret' } });
    const options = withTls({ ...as('anna', 'secret'), secure: mode === 'tls' });
    await transport(server, options).sendMail(mailTo('ben@home.example'));
    expect(await server.waitFor('auth')).toMatchObject({ arg: 'PLAIN', secure: true });
    expect(server.accepted).toMatchObject([{ session: { secure: true, authenticatedAs: 'anna' } }]);
  });

  it('requests the password with AUTH LOGIN, and refuses a wrong one', async () => {
    const server = await scriptedServer({ ehlo: ['AUTH LOGIN'], users: { anna: 'secret' } });
    await transport(server, as('anna', 'secret')).sendMail(mailTo('ben@home.example'));
    const error = await failureOf(transport(server, as('anna', 'Secret')).verify());
    expect(error).toMatchObject({ code: 'EAUTH', responseCode: 535 });
    expect(server.sessions.map(({ credentials }) => credentials)).toEqual([
      { method: 'LOGIN', login: 'anna', password: 'secret' },
      { method: 'LOGIN', login: 'anna', password: 'Secret' },
    ]);
  });

  it('breaks off a client that refuses the certificate', async () => {
    const server = await scriptedServer({ starttls: certificates.expired });
    expect(await failureOf(transport(server, withTls()).verify())).toMatchObject({ originalCode: 'CERT_HAS_EXPIRED' });
    expect(await server.waitFor('closed')).toMatchObject({ session: { credentials: null } });
  });

  it('advertises the configured extensions, and refuses a message that declares more than SIZE', async () => {
    const server = await scriptedServer({ ehlo: [...DEFAULT_EHLO, 'SIZE 1000'] });
    const socket = connect(server.port, server.host);
    open.push({ close: () => socket.destroy() });
    await server.waitFor('connect');
    socket.write('EHLO shop.example\r\nMAIL FROM:<anna@shop.example> SIZE=1001\r\n');
    await server.until(() => server.log.some(({ stage, reply }) => stage === 'mail' && reply !== null));
    expect(server.log.map(({ reply }) => reply)).toEqual([
      '220 mail.example ESMTP',
      '250-mail.example\n250-PIPELINING\n250-8BITMIME\n250-SMTPUTF8\n250-AUTH PLAIN LOGIN\n250 SIZE 1000',
      '552 5.3.4 Message too big',
    ]);
  });

  it('answers pipelined commands in order and finds the next command behind the final dot', async () => {
    const server = await scriptedServer();
    const socket = connect(server.port, server.host);
    open.push({ close: () => socket.destroy() });
    socket.write(
      'EHLO shop.example\r\nMAIL FROM:<>\r\nRCPT TO:<ben@home.example>\r\nDATA\r\n..a\r\n.\r\nNOOP\r\nQUIT\r\n'
    );
    const replies = (await Readable.from(socket).toArray()).join('');
    expect(replies.match(/^\d{3} .*/gm)?.map((line) => line.slice(0, 3))).toEqual(
      ['220', '250', '250', '250', '354', '250', '250', '221'] // greeting, EHLO, MAIL, RCPT, DATA, dot, NOOP, QUIT
    );
    expect(server.accepted).toMatchObject([{ envelope: { from: '', to: ['ben@home.example'] } }]);
    expect(server.accepted[0]?.raw.toString()).toBe('.a\r\n');
  });

  it('answers 450 to RCPT the first time only', async () => {
    const server = await scriptedServer({ replies: { rcpt: ['450 4.2.0 Greylisted'] } });
    const client = transport(server);
    expect(await failureOf(client.sendMail(mailTo('ben@home.example')))).toMatchObject({ responseCode: 450 });
    await client.sendMail(mailTo('ben@home.example'));
    expect(server).toMatchObject({ got354: 1, accepted: [{ envelope: { to: ['ben@home.example'] } }] });
  });

  it('accepts some recipients and refuses others', async () => {
    const server = await scriptedServer({
      on: ({ stage, arg }) => (stage === 'rcpt' && arg.startsWith('no') ? '550 5.1.1 No such user' : undefined),
    });
    const result = await transport(server).sendMail(mailTo('nobody@home.example', 'ben@home.example'));
    expect(result.rejectedErrors).toMatchObject([{ recipient: 'nobody@home.example', responseCode: 550 }]);
    expect(server.accepted).toMatchObject([{ envelope: { to: ['ben@home.example'] } }]);
  });

  it.each<[string, Answer, { dataCompleted: number; accepted: number; fails: boolean }]>([
    ['drop after the dot', { drop: true }, { dataCompleted: 1, accepted: 0, fails: true }],
    ['reset after the dot', { reset: true }, { dataCompleted: 1, accepted: 0, fails: true }],
    ['garbage after the dot', { garbage: '\0\xff\r\n' }, { dataCompleted: 1, accepted: 0, fails: true }],
    ['451 to the dot', '451 4.3.0 Later', { dataCompleted: 1, accepted: 0, fails: true }],
    ['250, then drop', { reply: '250 Ok', thenDrop: true }, { dataCompleted: 1, accepted: 1, fails: false }],
    ['250, then reset', { reply: '250 Ok', thenReset: true }, { dataCompleted: 1, accepted: 1, fails: false }],
    ['250 drop by drop', { drip: '250 Ok', everyMs: 1 }, { dataCompleted: 1, accepted: 1, fails: false }],
  ])('plays: %s', async (_name, answer, { fails, ...expected }) => {
    for (const options of [{}, withTls()]) {
      const server = await scriptedServer({ starttls: certificates, replies: { dot: answer } });
      const sending = transport(server, options).sendMail(mailTo('ben@home.example'));
      await (fails ? failureOf(sending) : sending);
      expect(server).toMatchObject({ got354: 1, dataCompleted: expected.dataCompleted });
      expect(server.accepted).toHaveLength(expected.accepted);
    }
  });

  it.each(['plain', 'tls'] as const)('resets, which is not the same as closing (%s)', async (mode) => {
    const endings = [];
    for (const answer of [{ reset: true }, { drop: true }] as const) {
      const server = await scriptedServer({
        ...(mode === 'tls' && { tls: certificates }),
        replies: { connect: answer },
      });
      const { host, port } = server;
      const socket = mode === 'tls' ? connectTls({ host, port, ca: certificates.caPem }) : connect({ host, port });
      endings.push(
        await once(socket.resume(), 'end').then(
          () => 'end',
          (error: NodeJS.ErrnoException) => error.code
        )
      );
    }
    expect(endings).toEqual(['ECONNRESET', 'end']);
  });

  it('drops in the middle of a body', async () => {
    const server = await scriptedServer({ on: ({ stage }) => (stage === 'body-start' ? { drop: true } : undefined) });
    await failureOf(transport(server).sendMail({ ...mailTo('ben@home.example'), raw: messageWith('x'.repeat(1e6)) }));
    expect(server).toMatchObject({ got354: 1, dataCompleted: 0, accepted: [] });
  });

  it('stops reading while it holds a body, so that the sender blocks', async () => {
    const gate = createGate();
    const server = await scriptedServer({ replies: { 'body-start': gate } });
    const raw = messageWith('x'.repeat(20_000_000));
    const error = await failureOf(
      transport(server, { socketTimeout: 300, socketCloseTimeout: 0 }).sendMail({ ...mailTo('ben@home.example'), raw })
    );
    expect(error).toMatchObject({ code: 'ETIMEDOUT' });
    gate.open();
    await server.waitFor('closed');
    expect(server).toMatchObject({ got354: 1, dataCompleted: 0 });
  });

  it('replies 220 to STARTTLS, and then goes silent', async () => {
    const server = await scriptedServer({
      starttls: certificates,
      replies: { starttls: { reply: '220 Go ahead', thenSilent: true } },
    });
    const error = await failureOf(transport(server, withTls({ socketTimeout: 50 })).verify());
    expect(error).toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('can be limited to TLS that is too old', async () => {
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await scriptedServer({ starttls: certificates, tlsOptions: old });
    await transport(server, withTls({ tls: { ca: certificates.caPem, ...old } })).verify();
    await failureOf(transport(server, withTls()).verify());
    expect(server.sessions.map(({ secure }) => secure)).toEqual([true, false]);
  });

  it('sends no greeting', async () => {
    const server = await scriptedServer({ replies: { connect: { silent: true } } });
    const error = await failureOf(transport(server, { greetingTimeout: 50 }).sendMail(mailTo('ben@home.example')));
    expect(error).toMatchObject({ code: 'ETIMEDOUT' });
    await server.waitFor('closed');
    expect(server.log.map(({ stage }) => stage)).toEqual(['connect', 'closed']);
  });

  it('floods a client until that hangs up', async () => {
    const server = await scriptedServer({ replies: { ehlo: { flood: '250-AND-MORE' } } });
    await failureOf(transport(server, { maxResponseSize: 10_000 }).sendMail(mailTo('ben@home.example')));
    await server.waitFor('closed');
  });

  it('holds a reply until the test chooses it', async () => {
    const gate = createGate();
    const server = await scriptedServer({ replies: { dot: gate } });
    const sending = failureOf(transport(server).sendMail(mailTo('ben@home.example')));
    expect(await server.waitFor('dot')).toMatchObject({ reply: null });
    gate.open('550 5.7.1 No');
    expect(await sending).toMatchObject({ responseCode: 550 });
    expect(server.accepted).toEqual([]);
  });

  it('counts a message as accepted after a 250 to a closed connection', async () => {
    const gate = createGate();
    const server = await scriptedServer({ replies: { dot: gate } });
    const socket = connect(server.port, server.host);
    socket.write('EHLO shop.example\r\nMAIL FROM:<>\r\nRCPT TO:<ben@home.example>\r\nDATA\r\na\r\n.\r\n');
    await server.waitFor('dot');
    socket.destroy();
    await server.waitFor('closed');
    gate.open();
    await server.waitFor('accepted');
  });

  it('changes its script while it runs', async () => {
    const server = await scriptedServer({ replies: { connect: '554 5.3.2 Not today' } });
    expect(await failureOf(transport(server).verify())).toMatchObject({ responseCode: 554 });
    server.play({});
    await transport(server).sendMail(mailTo('ben@home.example'));
    expect(server.accepted).toHaveLength(1);
  });

  it('keeps open connections and the count of all when it starts over', async () => {
    const server = await scriptedServer();
    const { host, port } = server;
    await transport(server).sendMail(mailTo('ben@home.example'));
    await server.waitFor('closed');
    const pool = nodemailer.createTransport({ host, port, pool: true, maxConnections: 1, ignoreTLS: true });
    open.push(pool);
    await pool.sendMail(mailTo('ben@home.example'));
    server.reset();
    expect(server).toMatchObject({ log: [], accepted: [], sessions: [{ id: 2, lines: [] }] });
    await pool.sendMail(mailTo('ben@home.example'));
    await transport(server).sendMail(mailTo('ben@home.example'));
    expect(server.accepted.map(({ session }) => session.id)).toEqual([2, 3]);
  });

  it('reports an error in a script when it closes', async () => {
    const server = await startScriptedServer({
      on: () => {
        throw new Error('broken script');
      },
    });
    await failureOf(transport(server).verify());
    await expect(server.close()).rejects.toThrow('broken script');
  });
});

describe('dot-unstuffing', () => {
  it('does not take quadratic time for a line without an end', () => {
    const unstuffer = createDotUnstuffer();
    const piece = Buffer.alloc(1024, 'x');
    for (let pieces = 0; pieces < 16 * 1024; pieces += 1) unstuffer.push(piece);
    unstuffer.push(Buffer.from('\r'));
    expect(unstuffer.push(Buffer.from('\n.\r\n'))).toMatchObject({ ended: true });
    expect(unstuffer.message()).toHaveLength(16 * 1024 * 1024 + 2);
  });

  it('does not depend on how the bytes are cut', () => {
    const stuffed = Buffer.from('..\r\n..a\r\nb\n.\nc\r\n.\r\nQUIT\r\n');
    for (let cut = 0; cut <= stuffed.length; cut += 1) {
      const unstuffer = createDotUnstuffer();
      const pieces = [stuffed.subarray(0, cut), stuffed.subarray(cut)];
      const rest = pieces.reduce<Buffer | null>((after, piece) => {
        if (after) return Buffer.concat([after, piece]);
        const progress = unstuffer.push(piece);
        return progress.ended ? progress.rest : null;
      }, null);
      expect([unstuffer.message().toString(), rest?.toString()]).toEqual(['.\r\n.a\r\nb\n.\nc\r\n', 'QUIT\r\n']);
    }
  });
});

describe('the server process', () => {
  it('accepts messages in another process and reports them', async () => {
    const { key, cert } = certificates;
    const server = await serverProcess({ starttls: { key, cert }, users: { anna: 'secret' } });
    await transport(server, withTls(as('anna', 'secret'))).sendMail(mailTo('ben@home.example'));
    await server.waitForAccepted(1);
    const transaction = { envelope: { from: 'anna@shop.example', to: ['ben@home.example'] }, outcome: 'accepted' };
    expect(server.pid).not.toBe(process.pid);
    expect(await server.snapshot()).toEqual({ transactions: [transaction], accepted: [transaction] });
    // RCPT, 354 and the dot.
    expect(server.steps).toBe(3);
  });

  it('keeps counts and no transactions when it only counts', async () => {
    const server = await serverProcess({ countsOnly: true });
    const client = transport(server);
    for (let sent = 0; sent < 3; sent += 1) await client.sendMail(mailTo('ben@home.example'));
    expect(await server.snapshot()).toEqual({ transactions: [], accepted: [] });
    expect(server).toMatchObject({ acceptedCount: 3, steps: 9 });
  });

  it('defers each recipient once when it greylists', async () => {
    const server = await serverProcess({ greylist: { every: 1 } });
    const client = transport(server);
    expect(await failureOf(client.sendMail(mailTo('ben@home.example')))).toMatchObject({ responseCode: 450 });
    await client.sendMail(mailTo('ben@home.example'));
    expect(await server.snapshot()).toMatchObject({ accepted: [{}] });
  });

  it.each<[MailServerProcessOptions, string, number]>([
    [{ dropBefore354: { every: 2 } }, 'dropped-before-354', 1],
    [{ dropAfterDot: { every: 2, stored: true } }, 'accepted-without-reply', 2],
    [{ dropAfterDot: { every: 2, stored: false } }, 'dropped-after-dot', 1],
  ])('drops every second connection with %j', async (options, outcome, accepted) => {
    const server = await serverProcess(options);
    const client = transport(server);
    await client.sendMail(mailTo('ben@home.example'));
    await failureOf(client.sendMail(mailTo('cem@home.example')));
    await server.waitForAccepted(accepted);
    const snapshot = await server.snapshot();
    expect(snapshot.transactions).toMatchObject([{ outcome: 'accepted' }, { outcome }]);
    expect(snapshot.accepted).toHaveLength(accepted);
  });

  it('draws the same faults from the same seed', async () => {
    const outcomesOf = async (seed: number): Promise<string[]> => {
      const server = await serverProcess({ seed, dropBefore354: { probability: 0.5 } });
      const client = transport(server);
      for (let sent = 0; sent < 12; sent += 1) await client.sendMail(mailTo('ben@home.example')).catch(() => undefined);
      return (await server.snapshot()).transactions.map(({ outcome }) => outcome);
    };
    const [first, again, other] = await Promise.all([outcomesOf(1), outcomesOf(1), outcomesOf(2)]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('is gone after stop', async () => {
    const server = await serverProcess();
    await server.stop();
    expect(await failureOf(transport(server).verify())).toMatchObject({ originalCode: 'ECONNREFUSED' });
    await expect(server.snapshot()).rejects.toThrow('ended');
  });
});
