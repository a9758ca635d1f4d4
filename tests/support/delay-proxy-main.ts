import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { DelayProxyOptions } from './delay-proxy';

// Runs as a process of its own, started by delay-proxy.ts.

/** Timers have whole milliseconds: an item is passed on up to half of one early rather than one late. */
const TOLERANCE_MS = 0.5;

/** Passes items on in their order, each `delayMs` after it came. */
const delayed = <T>(delayMs: number, pass: (item: T) => void): ((item: T) => void) => {
  const waiting: { due: number; item: T }[] = [];
  const passDue = (): void => {
    const now = performance.now();
    while (waiting[0] && waiting[0].due <= now + TOLERANCE_MS) pass((waiting.shift() as { item: T }).item);
    if (waiting[0]) setTimeout(passDue, waiting[0].due - now);
  };
  return (item) => {
    waiting.push({ due: performance.now() + delayMs, item });
    if (waiting.length === 1) setTimeout(passDue, delayMs);
  };
};

const passOn = (from: Socket, to: Socket, delayMs: number): void => {
  const write = delayed<Buffer | 'end' | 'close'>(delayMs, (item) => {
    if (item === 'end') to.end();
    else if (item === 'close') to.destroy();
    else if (!to.destroyed) to.write(item);
  });
  from.on('data', write);
  from.on('end', () => write('end'));
  from.on('close', () => write('close'));
};

const start = ({ host, port, rttMs }: DelayProxyOptions): void => {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (near) => {
    // A broken connection is handled by 'close', which follows.
    near.on('error', () => undefined);
    // A distant server sees a connection after one and a half round trips; its greeting takes the other half.
    setTimeout(() => {
      const far = connect({ host, port, allowHalfOpen: true, noDelay: true });
      far.on('error', () => undefined);
      passOn(near, far, rttMs / 2);
      passOn(far, near, rttMs / 2);
      near.resume();
    }, 1.5 * rttMs);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
};

process.once('message', (options: DelayProxyOptions) => start(options));
// Stopped, or the run is gone.
process.on('disconnect', () => process.exit(0));
