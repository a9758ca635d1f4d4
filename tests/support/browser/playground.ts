import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { createStateWaiter } from '../smtp/state-waiter';

export type Person = 'root' | 'carol' | 'ada' | 'ben';

export interface CaughtMail {
  server: string;
  login: string | null;
  tls: boolean;
  envelope: { from: string; to: string[] };
  from: string;
  sender: string | null;
  replyTo: string | null;
  to: string;
  subject: string;
  text: string;
  raw: string;
}

interface Ready {
  url: string;
  adminUrl: string;
  people: Record<Person, { email: string; firstname: string; password: string }>;
  club: { host: string; port: number };
}

export interface Playground extends Ready {
  /** Mail that the servers hold now. */
  mail(): readonly CaughtMail[];
  /** Resolves with the first matching mail. */
  waitForMail(matches: (mail: CaughtMail) => boolean): Promise<CaughtMail>;
  /** Stops Strapi, as at a restart of the server. The mail servers stay. */
  down(): Promise<void>;
  /** Starts Strapi again, with its data. */
  up(): Promise<void>;
  /** Disconnects. The site keeps running in its current state. */
  stop(): Promise<void>;
}

type FromPlayground =
  | ({ type: 'ready' } & Ready)
  | { type: 'done' }
  | { type: 'mail'; messages: CaughtMail[] }
  | { type: 'failed'; message: string };

/** A bound for a boot of Strapi on a busy machine. */
const BOOT_MS = 120_000;

/** A bound for a delivery: the undo window and an SMTP transaction. */
const MAIL_MS = 40_000;

/** Connects to the playground of this run (`setup.mjs`) and resets it to the seeded state. */
export const startPlayground = async ({ undoSeconds }: { undoSeconds: number }): Promise<Playground> => {
  const { TEST_PLAYGROUND: path, JEST_WORKER_ID: worker } = process.env;
  if (path === undefined) throw new Error('TEST_PLAYGROUND is not set: run jest with --selectProjects e2e.');
  // A second worker would reset the site under a running test.
  if (worker !== '1') throw new Error('The browser tests share one site: run jest with --maxWorkers=1.');
  const socket = connect(path);
  const waiter = createStateWaiter();
  let ready: Ready | undefined;
  let messages: readonly CaughtMail[] = [];
  let done = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const message = JSON.parse(line) as FromPlayground;
    if (message.type === 'ready') ready = message;
    if (message.type === 'mail') messages = message.messages;
    if (message.type === 'done') done += 1;
    if (message.type === 'failed') waiter.end(message.message);
    waiter.changed();
  });
  socket.once('error', (error) => waiter.end(error.message));
  socket.once('close', () => waiter.end('the playground ended'));
  const about = await waiter.until(
    () => ready,
    () => 'the playground'
  );

  const request = async (type: 'down' | 'up' | 'reset', settings = {}): Promise<void> => {
    const before = done;
    socket.write(`${JSON.stringify({ type, ...settings })}\n`);
    await waiter.until(
      () => done > before || undefined,
      () => `an answer to ${type}`,
      { timeoutMs: BOOT_MS }
    );
  };
  await request('reset', { undoSeconds });

  return {
    ...about,
    down: () => request('down'),
    up: () => request('up'),
    mail: () => messages,
    waitForMail: (matches) =>
      waiter.until(
        () => messages.find(matches),
        () => `a mail; these are here: ${messages.map(({ subject }) => subject).join(', ') || 'none'}`,
        { timeoutMs: MAIL_MS }
      ),
    stop: async () => {
      socket.end();
      await once(socket, 'close');
    },
  };
};
