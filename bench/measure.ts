import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import type { TestDatabase } from '../tests/support/database';
import type { MailServerProcess } from '../tests/support/smtp/server-process';
import { boot, OPERATOR, type App } from '../tests/support/strapi';
import { countStatements, type Statements } from './statements';

/** One round: the same message by each way, one after the other. Messages per second. */
export interface Round {
  mails: number;
  /** nodemailer alone, with a pool: the machine's rate without a database. */
  raw: number;
  /** Strapi's own provider with its defaults: one connection per message. */
  provider: number;
  /** Submissions, durable when the call resolves; the worker delivers meanwhile. */
  accepted: number;
  /** From the first call until the last result is in the database. */
  delivered: number;
  flushes: number;
  /** CPU milliseconds of this process per message, by the plugin and by nodemailer alone. One core has 1000 a second. */
  cpuMs: { ours: number; raw: number };
  statements: Statements;
}

export interface Measurement {
  database: TestDatabase;
  /** In a process of its own, and keeps nothing: measured is the sender. */
  server: MailServerProcess;
  /** The authority of the server's certificate; null: neither TLS nor login. */
  caPem: string | null;
  rounds: number;
  mails: number;
  log: (line: string) => void;
}

const CONNECTIONS = 20;
const IN_FLIGHT = 20;
const TO = 'ada@reader.example';
const SUBJECT = 'The club meets on Thursday';
const TEXT = 'Dear Ada,\n\nthe club meets on Thursday at eight. Bring a friend.\n\nThe club\n'.repeat(8);

/** Runs `work` `times` times with `IN_FLIGHT` calls at a time. @returns calls per second */
const perSecond = async (times: number, work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < times) {
      begun += 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (times * 1000) / (performance.now() - startedAt);
};

/** Returns durable small writes of the disk per second: every commit waits for at least one. */
const flushesPerSecond = async (): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'mailboxes-bench-'));
  const file = await open(join(folder, 'flush'), 'w');
  const page = Buffer.alloc(4096, 1);
  const startedAt = performance.now();
  let count = 0;
  for (; count < 200 && performance.now() - startedAt < 2000; count += 1) {
    await file.write(page, 0, page.length, count * page.length);
    await file.sync();
  }
  const flushes = (count * 1000) / (performance.now() - startedAt);
  await file.close();
  await rm(folder, { recursive: true });
  return flushes;
};

const EVENT = 'mailboxes.submission.submitted';

/** Resolves after `count` events of a submitted submission. */
const whenSubmitted = (app: App, count: number): Promise<void> =>
  new Promise((resolve) => {
    let left = count;
    const stop = app.strapi.eventHub.on(EVENT, async () => {
      left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
  });

const LOGIN = { user: 'news', pass: 'correct horse battery' };

export const measure = async (measurement: Measurement): Promise<Round[]> => {
  const { database, server, caPem, rounds, mails, log } = measurement;
  const { host, port } = server;
  // All three use the same server and the same TLS settings.
  const options = {
    host,
    port,
    secure: false,
    ...(caPem === null ? { ignoreTLS: true } : { requireTLS: true, tls: { ca: [caPem] }, auth: LOGIN }),
  };
  const app = await boot({
    database,
    config: {
      systemActors: { robot: { mailboxes: 'all' } },
      // Strapi's provider without the guard.
      guard: { mode: 'off' },
      network: { allow: ['127.0.0.1'], ca: caPem === null ? [] : [caPem] },
      system: { from: { email: 'system@site.example' } },
      delivery: { concurrency: IN_FLIGHT },
      limits: { perMailboxPerMinute: 1_000_000 },
    },
    email: {
      provider: 'nodemailer',
      providerOptions: options,
      settings: { defaultFrom: 'system@site.example', defaultReplyTo: 'system@site.example' },
    },
  });
  const { id: mailbox } = await app.service('mailboxes').create(
    {
      email: 'news@club.example',
      name: 'Club News',
      authenticated: true,
      smtp: {
        host,
        port,
        ...(caPem === null
          ? { encryption: 'none', auth: 'none' }
          : { encryption: 'starttls', auth: 'password', username: LOGIN.user, password: LOGIN.pass }),
      },
      limits: { perMinute: 1_000_000, connections: CONNECTIONS },
    },
    { actor: OPERATOR }
  );
  const pool = nodemailer.createTransport({ pool: true, maxConnections: CONNECTIONS, ...options });

  const raw = (): Promise<number> =>
    perSecond(mails, () =>
      pool.sendMail({ from: 'Club News <news@club.example>', to: TO, subject: SUBJECT, text: TEXT })
    );
  const provider = (): Promise<number> => {
    const { provider: own } = app.strapi.plugin('email') as unknown as {
      provider: { send(options: object): Promise<unknown> };
    };
    return perSecond(mails, () =>
      own.send({ from: 'Club News <news@club.example>', to: TO, subject: SUBJECT, text: TEXT })
    );
  };
  const ours = async (): Promise<Pick<Round, 'accepted' | 'delivered' | 'statements'>> => {
    const counted = countStatements(app.strapi);
    const submitted = whenSubmitted(app, mails);
    const startedAt = performance.now();
    const accepted = await perSecond(mails, () =>
      app.service('submissions').submit({
        actor: { type: 'system', name: 'robot' },
        from: `mailbox:${mailbox}`,
        to: [TO],
        subject: SUBJECT,
        text: TEXT,
      })
    );
    await submitted;
    const delivered = (mails * 1000) / (performance.now() - startedAt);
    return { accepted, delivered, statements: counted() };
  };
  const messages = async (): Promise<number> => {
    await server.snapshot();
    return server.acceptedCount;
  };
  /** Rejects unless the server accepted exactly `mails` messages during `work`. */
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = await messages();
    const result = await work();
    const more = (await messages()) - before;
    if (more !== mails) throw new Error(`${mails} were sent and the server has ${more} more`);
    return result;
  };

  const round = async (number: number): Promise<Round> => {
    const ways = {
      raw: () => counted(raw),
      provider: () => counted(provider),
      ours: () => counted(ours),
    };
    const order = ['raw', 'ours', 'provider'] as const;
    const cpuMs = { ours: 0, raw: 0 };
    const result: Partial<Round> = { mails, cpuMs, flushes: await flushesPerSecond() };
    // Each way runs first, second and last equally often: later ways run on a warmer machine.
    for (let turn = 0; turn < order.length; turn += 1) {
      const way = order[(turn + number) % order.length];
      const before = process.cpuUsage();
      if (way === 'raw') result.raw = await ways.raw();
      else if (way === 'provider') result.provider = await ways.provider();
      else Object.assign(result, await ways.ours());
      const { user, system } = process.cpuUsage(before);
      if (way === 'raw' || way === 'ours') cpuMs[way] = (user + system) / 1000 / mails;
    }
    return result as Round;
  };

  try {
    // Warm-up: compiles, connects and plans.
    await round(0);
    const results: Round[] = [];
    for (let number = 0; number < rounds; number += 1) {
      const result = await round(number);
      results.push(result);
      const [a, b, c, d] = [result.raw, result.provider, result.accepted, result.delivered].map(Math.round);
      log(`  ${number + 1}/${rounds}: raw ${a}, provider ${b}, accepted ${c}, delivered ${d} a second`);
    }
    return results;
  } finally {
    pool.close();
    await app.stop();
  }
};
