import { monotonicMs } from '../monotonic';
import { randomFrom } from '../random';
import { startScriptedServer, type Script, type Session } from './scripted-server';
import type { Chance, FromServer, MailServerProcessOptions, ToServer, Transaction } from './server-process';

// Runs as a process of its own, started by server-process.ts: the scripted server with random faults.

/** Interval of the reports of a server that only counts, so that it takes no time of the measured process. */
const COUNTING_MS = 50;

const counts = { steps: 0, accepted: 0, acceptedAt: 0 };
const transactions: Transaction[] = [];

const send = (message: FromServer): void => void process.send?.(message);
const report = (): void => send({ type: 'counts', ...counts });

const createDraw = (chance: Chance | undefined, random: () => number): (() => boolean) => {
  let drawn = 0;
  return () => {
    if (!chance) return false;
    drawn += 1;
    return 'every' in chance ? drawn % chance.every === 0 : random() < chance.probability;
  };
};

/** Random delay of up to `upToMs`: without it, a kill never hits a local server in the middle of a transaction. */
const createDelay = (upToMs: number | undefined, random: () => number) => async (): Promise<void> => {
  if (upToMs) await new Promise((resolve) => setTimeout(resolve, random() * upToMs));
};

const createFaults = (options: MailServerProcessOptions): Script => {
  const random = randomFrom(options.seed ?? 1);
  const beforeRcpt = createDelay(options.rcptDelayMs, random);
  const beforeReply = createDelay(options.replyDelayMs, random);
  const dropsBefore354 = createDraw(options.dropBefore354, random);
  const dropsAfterDot = createDraw(options.dropAfterDot, random);
  const greylists = createDraw(options.greylist, random);
  const known = new Set<string>();
  const underWay = new WeakMap<Session, Transaction>();

  const isGreylisted = (pair: string): boolean => {
    if (known.has(pair)) return false;
    known.add(pair);
    return greylists();
  };

  const step = (): void => {
    counts.steps += 1;
    if (!options.countsOnly) report();
  };

  return async ({ stage, arg, session }) => {
    if (stage === 'rcpt') {
      step();
      await beforeRcpt();
      if (options.greylist && isGreylisted(`${session.from} ${arg}`)) return '450 4.2.0 Greylisted, try again';
    }
    if (stage === 'data' && session.to.length > 0) {
      const envelope = { from: session.from ?? '', to: [...session.to] };
      const transaction: Transaction = { envelope, outcome: 'incomplete' };
      underWay.set(session, transaction);
      if (!options.countsOnly) transactions.push(transaction);
      if (dropsBefore354()) {
        transaction.outcome = 'dropped-before-354';
        return { drop: true };
      }
      step();
    }
    const transaction = underWay.get(session);
    if (stage === 'dot' && transaction) {
      const stored = options.dropAfterDot?.stored;
      const drops = dropsAfterDot();
      transaction.outcome = drops ? (stored ? 'accepted-without-reply' : 'dropped-after-dot') : 'accepted';
      // Accepted, even if the sender is gone before the reply.
      if (!drops || stored) {
        counts.accepted += 1;
        counts.acceptedAt = monotonicMs();
      }
      step();
      if (drops) return { drop: true };
      await beforeReply();
    }
    return undefined;
  };
};

const start = async (options: MailServerProcessOptions): Promise<void> => {
  const { users, port: wanted, starttls, countsOnly } = options;
  const server = await startScriptedServer({ users, port: wanted, starttls, on: createFaults(options) });
  // Its log would grow without end.
  setInterval(() => {
    server.reset();
    if (countsOnly) report();
  }, COUNTING_MS);
  send({ type: 'listening', port: server.port });
};

process.on('message', (message: ToServer) => {
  if (message.type === 'start') void start(message.options);
  if (message.type === 'snapshot') {
    report();
    send({ type: 'snapshot', transactions });
  }
});
// Stopped, or the test run is gone.
process.on('disconnect', () => process.exit(0));
