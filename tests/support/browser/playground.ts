import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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
  /** What the mail servers hold now. */
  mail(): readonly CaughtMail[];
  /** The first that fits, as soon as it is there. */
  waitForMail(matches: (mail: CaughtMail) => boolean): Promise<CaughtMail>;
  /** Strapi ends, as at a restart of the server. The mail servers stay. */
  down(): Promise<void>;
  /** Strapi is there again, with what it had. */
  up(): Promise<void>;
  stop(): Promise<void>;
}

type FromChild =
  | ({ type: 'ready' } & Ready)
  | { type: 'done' }
  | { type: 'mail'; messages: CaughtMail[] }
  | { type: 'failed'; message: string };

/** Strapi boots and is filled; on a busy machine with two cores that takes its time. */
const BOOT_MS = 120_000;

/** A message waits for as long as its author can take it back. */
const MAIL_MS = 40_000;

/** A playground of its own: seeded, with two mail servers, forgotten at the end. */
export const startPlayground = async (): Promise<Playground> => {
  const child = fork(join(__dirname, 'playground-main.mjs'), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiter = createStateWaiter();
  let ready: Ready | undefined;
  let messages: readonly CaughtMail[] = [];
  let done = 0;
  child.on('message', (message: FromChild) => {
    if (message.type === 'ready') ready = message;
    if (message.type === 'mail') messages = message.messages;
    if (message.type === 'done') done += 1;
    if (message.type === 'failed') waiter.end(message.message);
    waiter.changed();
  });
  child.once('exit', () => waiter.end('the playground ended'));
  const exited = once(child, 'exit');
  const about = await waiter.until(
    () => ready,
    () => 'the playground',
    { timeoutMs: BOOT_MS }
  );

  const ask = async (type: 'down' | 'up'): Promise<void> => {
    const before = done;
    child.send({ type });
    await waiter.until(
      () => done > before || undefined,
      () => `Strapi to be ${type}`,
      { timeoutMs: BOOT_MS }
    );
  };

  return {
    ...about,
    down: () => ask('down'),
    up: () => ask('up'),
    mail: () => messages,
    waitForMail: (matches) =>
      waiter.until(
        () => messages.find(matches),
        () => `a mail; these are here: ${messages.map(({ subject }) => subject).join(', ') || 'none'}`,
        { timeoutMs: MAIL_MS }
      ),
    stop: async () => {
      child.send({ type: 'stop' });
      await exited;
    },
  };
};
