import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { startDelayProxy, type DelayProxy } from '../../support/delay-proxy';
import { monotonicMs } from '../../support/monotonic';

const RTT_MS = 40;

let server: Server;
let proxy: DelayProxy;

/** Greets, then echoes. */
beforeAll(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.write('hello\n');
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startDelayProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, rttMs: RTT_MS });
});

afterAll(async () => {
  await proxy.stop();
  server.close();
});

describe('the delaying proxy', () => {
  it('delays the greeting by two round trips and a reply by one', async () => {
    const startedAt = monotonicMs();
    const client = connect(proxy.port, '127.0.0.1');
    await once(client, 'data');
    const greetedAt = monotonicMs();
    client.write('x');
    await once(client, 'data');
    // Its timers are exact to a millisecond.
    expect(greetedAt - startedAt).toBeGreaterThan(2 * RTT_MS - 2);
    expect(monotonicMs() - greetedAt).toBeGreaterThan(RTT_MS - 2);
    client.destroy();
  });

  it('passes a megabyte on in order, and the end of both sides', async () => {
    const client = connect(proxy.port, '127.0.0.1');
    const sent = Array.from({ length: 100_000 }, (_, line) => `line ${line}`).join('\n');
    client.end(sent);
    expect(await text(client)).toBe(`hello\n${sent}`);
  });
});
