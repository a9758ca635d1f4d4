import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerCertificate } from './certificates';
import type { Envelope } from './mail-server';
import { createStateWaiter, type WaitOptions } from './state-waiter';

const TYPESCRIPT = join(__dirname, '../typescript.cjs');

/** How often a fault strikes: every nth time, or by a draw that `seed` makes repeatable. */
export type Chance = { every: number } | { probability: number };

/** Options travel to another process: data only. */
export interface MailServerProcessOptions {
  /** Offers STARTTLS with this certificate. */
  starttls?: ServerCertificate;
  users?: Record<string, string>;
  /** Default: any free one. */
  port?: number;
  /** Seed of the random faults. Default 1. */
  seed?: number;
  /** Closes the connection instead of answering 354. */
  dropBefore354?: Chance;
  /** Closes the connection after the final dot without a reply; `stored` says whether it kept the message. */
  dropAfterDot?: Chance & { stored: boolean };
  /** Answers 450 when it sees a pair of sender and recipient for the first time, as greylisting does. */
  greylist?: Chance;
  /** Upper bounds of random delays: before the reply to RCPT, and between the dot and its reply. */
  rcptDelayMs?: number;
  replyDelayMs?: number;
  /** Keeps no transactions and reports its counts at intervals, for runs without end and for measurements. */
  countsOnly?: boolean;
}

/** One DATA command. All but `dropped-before-354` were answered with 354; `incomplete` had no final dot (yet). */
export interface Transaction {
  envelope: Envelope;
  outcome: 'dropped-before-354' | 'incomplete' | 'accepted' | 'accepted-without-reply' | 'dropped-after-dot';
}

export interface ServerSnapshot {
  transactions: Transaction[];
  /** Transactions whose message the server stored, with or without a reply to the sender. */
  accepted: Transaction[];
}

export interface MailServerProcess {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly pid: number;
  /** Resolves with the transactions so far; `steps`, `acceptedCount` and `acceptedAt` are as new. */
  snapshot(): Promise<ServerSnapshot>;
  /** Number of steps in all sessions: RCPT, 354, dot. */
  readonly steps: number;
  /** Number of stored messages, with or without a reply. */
  readonly acceptedCount: number;
  /** Time of the last stored message, by `monotonicMs`. */
  readonly acceptedAt: number;
  /** Resolves after `count` further steps. */
  waitForSteps(count: number, options?: WaitOptions): Promise<void>;
  /** Resolves once the server has stored at least `count` messages, with or without a reply. */
  waitForAccepted(count: number, options?: WaitOptions): Promise<void>;
  stop(): Promise<void>;
}

export type ToServer = { type: 'start'; options: MailServerProcessOptions } | { type: 'snapshot' };

export type FromServer =
  | { type: 'listening'; port: number }
  | { type: 'counts'; steps: number; accepted: number; acceptedAt: number }
  | { type: 'snapshot'; transactions: Transaction[] };

const isAccepted = ({ outcome }: Transaction): boolean =>
  outcome === 'accepted' || outcome === 'accepted-without-reply';

/** Starts an SMTP server in a process of its own, which survives the senders. */
export const startMailServerProcess = async (options: MailServerProcessOptions = {}): Promise<MailServerProcess> => {
  const child = fork(join(__dirname, 'server-process-main.ts'), [], { execArgv: ['-r', TYPESCRIPT] });
  const waiter = createStateWaiter();
  const snapshots: Transaction[][] = [];
  let port: number | undefined;
  let counts = { steps: 0, accepted: 0, acceptedAt: 0 };
  let requested = 0;

  const tell = (message: ToServer): void => void child.send(message);
  child.on('message', (message: FromServer) => {
    if (message.type === 'listening') port = message.port;
    if (message.type === 'counts') counts = message;
    if (message.type === 'snapshot') snapshots.push(message.transactions);
    waiter.changed();
  });
  child.once('exit', () => waiter.end('the server process ended'));
  tell({ type: 'start', options });
  const listeningPort = await waiter.until(
    () => port,
    () => 'the server process to listen'
  );

  return {
    host: '127.0.0.1',
    port: listeningPort,
    pid: child.pid as number,
    snapshot: async () => {
      if (!child.connected) throw new Error('the server process has ended');
      const index = requested;
      requested += 1;
      tell({ type: 'snapshot' });
      const transactions = await waiter.until(
        () => snapshots[index],
        () => 'a snapshot'
      );
      return { transactions, accepted: transactions.filter(isAccepted) };
    },
    get steps() {
      return counts.steps;
    },
    get acceptedCount() {
      return counts.accepted;
    },
    get acceptedAt() {
      return counts.acceptedAt;
    },
    waitForSteps: async (count, waitOptions) => {
      const goal = counts.steps + count;
      await waiter.until(
        () => counts.steps >= goal,
        () => `step ${goal}, it has seen ${counts.steps}`,
        waitOptions
      );
    },
    waitForAccepted: async (count, waitOptions) => {
      await waiter.until(
        () => counts.accepted >= count,
        () => `${count} accepted messages, there are ${counts.accepted}`,
        waitOptions
      );
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
};
