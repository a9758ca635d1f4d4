import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerCertificate } from './certificates';
import type { Envelope } from './mail-server';
import { createStateWaiter, type WaitOptions } from './state-waiter';

/** How often a fault strikes: every nth time, or by a draw that `seed` makes repeatable. */
export type Chance = { every: number } | { probability: number };

/** Options travel to another process: data only. */
export type MailServerProcessOptions = {
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
  /** False: only counts, for runs in which the log would grow without end. */
  keepsLog?: boolean;
} & ({ tls?: 'none'; certificate?: undefined } | { tls: 'starttls' | 'tls'; certificate: ServerCertificate });

/** One DATA command. All but `dropped-before-354` were answered with 354; `incomplete` had no final dot (yet). */
export interface Transaction {
  envelope: Envelope;
  /** Null while no Message-ID has come in. */
  messageId: string | null;
  /** Of the complete message as it arrived, in hex. */
  sha256: string | null;
  /** Times of 354 and of the dot, by the server's clock. */
  goAheadAt: number | null;
  dotAt: number | null;
  outcome: 'dropped-before-354' | 'incomplete' | 'accepted' | 'accepted-without-reply' | 'dropped-after-dot';
}

export interface ServerSnapshot {
  connections: number;
  /** The recipients that were answered with 450. */
  greylisted: string[];
  transactions: Transaction[];
  /** Transactions whose message the server stored, with or without a reply to the sender. */
  accepted: Transaction[];
}

export interface MailServerProcess {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly pid: number;
  snapshot(): Promise<ServerSnapshot>;
  /** Number of steps in all sessions: RCPT, 354, dot. */
  readonly steps: number;
  /** Number of stored messages, with or without a reply. */
  readonly acceptedCount: number;
  /** Resolves after `count` further steps. */
  waitForSteps(count: number, options?: WaitOptions): Promise<void>;
  /** Resolves once the server has stored at least `count` messages, with or without a reply. */
  waitForAccepted(count: number, options?: WaitOptions): Promise<void>;
  stop(): Promise<void>;
}

type FromChild =
  | { type: 'listening'; port: number }
  | { type: 'step' }
  | { type: 'completed'; outcome: Transaction['outcome'] }
  | { type: 'snapshot'; snapshot: Omit<ServerSnapshot, 'accepted'> };

const isAccepted = (outcome: Transaction['outcome']): boolean =>
  outcome === 'accepted' || outcome === 'accepted-without-reply';

/** Starts an SMTP server in a process of its own, which survives the senders. */
export const startMailServerProcess = async (options: MailServerProcessOptions = {}): Promise<MailServerProcess> => {
  const child = fork(join(__dirname, 'server-process-main.cjs'), [], { execArgv: [] });
  const waiter = createStateWaiter();
  const snapshots: Omit<ServerSnapshot, 'accepted'>[] = [];
  let port: number | undefined;
  let accepted = 0;
  let steps = 0;
  let requested = 0;

  child.on('message', (message: FromChild) => {
    if (message.type === 'listening') port = message.port;
    if (message.type === 'completed' && isAccepted(message.outcome)) accepted += 1;
    if (message.type === 'step') steps += 1;
    if (message.type === 'snapshot') snapshots.push(message.snapshot);
    waiter.changed();
  });
  child.once('exit', () => waiter.end('the server process ended'));
  child.send({ type: 'start', options });
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
      child.send({ type: 'snapshot' });
      const snapshot = await waiter.until(
        () => snapshots[index],
        () => 'a snapshot'
      );
      return { ...snapshot, accepted: snapshot.transactions.filter(({ outcome }) => isAccepted(outcome)) };
    },
    get steps() {
      return steps;
    },
    get acceptedCount() {
      return accepted;
    },
    waitForSteps: async (count, waitOptions) => {
      const goal = steps + count;
      await waiter.until(
        () => steps >= goal,
        () => `step ${goal}, it has seen ${steps}`,
        waitOptions
      );
    },
    waitForAccepted: async (count, waitOptions) => {
      await waiter.until(
        () => accepted >= count,
        () => `${count} accepted messages, there are ${accepted}`,
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
