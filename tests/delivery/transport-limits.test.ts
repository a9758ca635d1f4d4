import { createNetworkRule } from '../../server/src/network/target-rule';
import { createTransports, type HandOver, type SmtpTransport } from '../../server/src/smtp/pool';
import type { Attempt } from '../../server/src/domain/outcome';
import {
  createGate,
  startScriptedServer,
  type ScriptedServer,
  type ScriptedServerOptions,
  type Stage,
} from '../support/smtp/scripted-server';

const MINUTE_MS = 60_000;

/** Servers that never finish: waiting time and stored bytes are bounded (security, "server"). */
describe('a mail server that takes its time', () => {
  let server: ScriptedServer;
  let transports: ReturnType<typeof createTransports>;

  const start = async (options: ScriptedServerOptions, timeouts: Record<string, number>): Promise<SmtpTransport> => {
    server = await startScriptedServer(options);
    transports = createTransports({
      network: createNetworkRule({ allow: ['127.0.0.1'] }),
      trustedRoots: [],
      ehloName: 'mail.site.example',
      timeouts: { connectMs: MINUTE_MS, stallMs: MINUTE_MS, replyMs: MINUTE_MS, ...timeouts },
    });
    return {
      kind: 'smtp',
      id: 'mailbox',
      version: '1',
      host: '127.0.0.1',
      port: server.port,
      encryption: 'none',
      auth: { type: 'none' },
      connections: 1,
    };
  };

  const handOver = (transport: SmtpTransport, differs: Partial<HandOver> = {}): Promise<Attempt> =>
    transports.handOver(transport, {
      envelope: { from: 'news@club.example', to: ['ada@reader.example'] },
      messageId: '<1@club.example>',
      utf8Header: false,
      ...bytes(10),
      beginTransmission: async () => true,
      stillOurs: async () => true,
      signal: new AbortController().signal,
      ...differs,
    });

  const bytes = (length: number): Pick<HandOver, 'sizeBytes' | 'chunks'> => ({
    sizeBytes: length,
    chunks: async function* () {
      yield Buffer.alloc(length, 'a');
    },
  });

  afterEach(async () => {
    transports.close();
    await server.close();
  });

  it.each<[string, ScriptedServerOptions]>([
    ['never greets', { replies: { connect: { silent: true } } }],
    ['greets byte by byte', { replies: { connect: { drip: '220 mail.example ESMTP', everyMs: 30 } } }],
  ])('leaves one that %s after the time for connecting', async (_what, options) => {
    const transport = await start(options, { connectMs: 200 });
    expect(await handOver(transport)).toMatchObject({ kind: 'failed', reply: null, trouble: 'timeout' });
    expect(server.got354).toBe(0);
  });

  it.each<[string, ScriptedServerOptions]>([
    ['never answers MAIL', { replies: { mail: { silent: true } } }],
    ['answers MAIL byte by byte', { replies: { mail: { drip: '250 2.1.0 Fine with me', everyMs: 30 } } }],
    ['never answers RCPT', { replies: { rcpt: { silent: true } } }],
    ['never answers DATA', { replies: { data: { silent: true } } }],
  ])('leaves one that %s, and nothing was submitted', async (_what, options) => {
    const transport = await start(options, { stallMs: 200 });
    expect(await handOver(transport)).toMatchObject({ kind: 'failed', reply: null, trouble: 'connection' });
    expect(server.got354).toBe(0);
  });

  it('leaves one that stops reading in the middle of the body, without the final dot', async () => {
    const transport = await start(
      { replies: { 'body-start': { hold: new Promise(() => undefined) } } },
      { stallMs: 300 }
    );
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const count = 64;
    const attempt = await handOver(transport, {
      sizeBytes: chunk.length * count,
      chunks: async function* () {
        for (let index = 0; index < count; index += 1) yield chunk;
      },
    });
    expect(attempt).toMatchObject({ kind: 'failed', stage: 'body', trouble: 'connection' });
    expect(server.dataCompleted).toBe(0);
  });

  it.each<[string, ScriptedServerOptions]>([
    ['never answers the dot', { replies: { dot: { silent: true } } }],
    ['answers the dot byte by byte', { replies: { dot: { drip: '250 2.0.0 Ok, and welcome', everyMs: 30 } } }],
  ])('is uncertain about a message whose server %s', async (_what, options) => {
    const transport = await start(options, { replyMs: 200 });
    expect(await handOver(transport)).toEqual({ kind: 'uncertain', refused: [] });
    expect(server.dataCompleted).toBe(1);
  });

  it('waits for the reply to the dot longer than for anything before it', async () => {
    const slow = { drip: '250 2.0.0 Ok: queued', everyMs: 20 };
    const transport = await start({ replies: { dot: slow } }, { stallMs: 100 });
    expect(await handOver(transport)).toMatchObject({ kind: 'accepted', reply: { code: 250 } });
  });

  it('takes a success that comes before the end of data for none', async () => {
    const transport = await start({ replies: { 'body-start': '250 2.0.0 Enough' } }, {});
    const rest = createGate();
    const attempt = await handOver(transport, {
      sizeBytes: 3 * 1024 * 1024,
      chunks: async function* () {
        yield Buffer.alloc(1024 * 1024, 'a');
        yield Buffer.alloc(1024 * 1024, 'b');
        await rest.hold;
        yield Buffer.alloc(1024 * 1024, 'c');
      },
    });
    rest.open();
    expect(attempt).toMatchObject({ kind: 'failed', stage: 'body', trouble: 'connection' });
    await server.waitFor('closed');
    expect(server.dataCompleted).toBe(0);
  });

  it('never says the final dot of a message of which bytes are missing', async () => {
    const transport = await start({}, {});
    expect(await handOver(transport, { sizeBytes: 11 })).toMatchObject({
      kind: 'failed',
      trouble: 'incomplete',
    });
    await server.waitFor('closed');
    expect(server.dataCompleted).toBe(0);
  });

  it('leaves at the point of no return without the final dot when it may not go', async () => {
    const transport = await start({}, {});
    expect(await handOver(transport, { beginTransmission: async () => false })).toEqual({ kind: 'lost' });
    await server.waitFor('closed');
    expect({ got354: server.got354, completed: server.dataCompleted }).toEqual({ got354: 1, completed: 0 });
  });

  it('leaves before the last chunk when the lease was lost meanwhile', async () => {
    const transport = await start({}, {});
    expect(await handOver(transport, { stillOurs: async () => false })).toEqual({ kind: 'lost' });
    await server.waitFor('closed');
    expect(server.dataCompleted).toBe(0);
  });

  it('closes when it is stopped before the end of data, and waits for the reply after it', async () => {
    const dot = createGate();
    const data = createGate();
    const transport = await start({ replies: { data: [data, '354 Go ahead'], dot } }, {});
    const first = new AbortController();
    const before = handOver(transport, { signal: first.signal });
    await server.waitFor('data');
    first.abort();
    expect(await before).toEqual({ kind: 'lost' });
    data.open();

    const second = new AbortController();
    const after = handOver(transport, { signal: second.signal });
    await server.waitFor('dot');
    second.abort();
    dot.open();
    expect(await after).toMatchObject({ kind: 'accepted' });
  });

  it('opens no more connections than the mailbox may have, and uses them again', async () => {
    const transport = await start({}, {});
    const attempts = await Promise.all(Array.from({ length: 5 }, () => handOver(transport)));
    expect(attempts.map(({ kind }) => kind)).toEqual(Array(5).fill('accepted'));
    expect(server.sessions).toHaveLength(1);
  });

  it.each<Stage>(['mail', 'rcpt', 'data'])(
    'goes over a new connection at once when one that took messages is closed with 421 at %s',
    async (stage) => {
      let seen = 0;
      const transport = await start(
        { on: (event) => (event.stage === stage && (seen += 1) === 3 ? '421 4.7.0 Too many messages' : undefined) },
        {}
      );
      let asked = 0;
      const beginTransmission = async () => (asked += 1) > 0;
      for (let count = 0; count < 4; count += 1)
        expect(await handOver(transport, { beginTransmission })).toMatchObject({ kind: 'accepted', refused: [] });
      expect([asked, server.sessions.length, server.accepted.length]).toEqual([4, 2, 4]);
    }
  );

  it('opens one new connection for each closed one, and then defers the message', async () => {
    const transport = await start({}, {});
    await Promise.all([handOver(transport), handOver(transport)]);
    server.play({ replies: { mail: '421 4.7.0 Too many messages' } });
    expect(await handOver(transport)).toMatchObject({
      kind: 'failed',
      stage: 'mail',
      reply: { code: 421, text: '421 4.7.0 Too many messages' },
    });
    expect(server.sessions).toHaveLength(2);
  });

  it('defers the message after 421 on a connection that took nothing yet', async () => {
    const transport = await start({ replies: { mail: '421 4.7.0 Not you' } }, {});
    expect(await handOver(transport)).toMatchObject({ kind: 'failed', stage: 'mail', reply: { code: 421 } });
    expect(server.sessions).toHaveLength(1);
  });

  it('does not go again when the connection breaks while the point of no return is decided', async () => {
    const transport = await start({}, {});
    await handOver(transport);
    const decided = createGate();
    let asked = 0;
    const attempt = handOver(transport, {
      beginTransmission: async () => {
        asked += 1;
        await decided.hold;
        return true;
      },
    });
    await server.waitFor('go-ahead', 2);
    server.drop();
    expect(await attempt).toMatchObject({ kind: 'failed', trouble: 'connection' });
    decided.open();
    expect([asked, server.sessions.length, server.accepted.length]).toEqual([1, 1, 1]);
  });

  it('calls itself by the name that it is given', async () => {
    const transport = await start({}, {});
    await handOver(transport);
    expect(server.sessions.map(({ clientName }) => clientName)).toEqual(['mail.site.example']);
  });

  it('closes the connections of older settings', async () => {
    const transport = await start({}, {});
    await handOver(transport);
    await handOver({ ...transport, version: '2' }, bytes(10));
    await server.until(() => server.sessions[0]?.closed);
    expect(server.sessions).toHaveLength(2);
  });
});
