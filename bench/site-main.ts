import type { AddressInfo } from 'node:net';
import provider from '@strapi/provider-email-nodemailer';
import nodemailer from 'nodemailer';
import { monotonicMs } from '../tests/support/monotonic';
import { boot, OPERATOR, type App } from '../tests/support/strapi';
import { watchLoop } from './loop';
import { mailOf, type Kind } from './mails';
import { serve } from './remote';
import type { SiteOptions } from './sites';
import { countStatements, type Statements } from './statements';

// Runs as a process of its own, started by sites.ts: a Strapi with the plugin, and the two ways that it is compared with.

/** Calls at a time. */
const IN_FLIGHT = 20;
const TO = 'ada@reader.example';
const FROM = 'Club News <news@club.example>';
const ROBOT = { type: 'system', name: 'robot' } as const;
const LOGIN = { user: 'news', pass: 'correct horse battery' };

/** Times by monotonicMs. */
export interface Span {
  startedAt: number;
  endedAt: number;
}

/** Totals since the start of the process. */
export interface Mark {
  cpuMs: number;
  submitted: number;
  /** Time of the last submission that became submitted. */
  submittedAt: number;
}

const spanOf = async (work: () => Promise<unknown>): Promise<Span> => {
  const startedAt = monotonicMs();
  await work();
  return { startedAt, endedAt: monotonicMs() };
};

/** Calls `work` `times` times, `IN_FLIGHT` at a time. */
const severalAtOnce = (times: number, work: () => Promise<unknown>): Promise<Span> => {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < times) {
      begun += 1;
      await work();
    }
  };
  return spanOf(() => Promise.all(Array.from({ length: Math.min(IN_FLIGHT, times) }, lane)));
};

/** The same server, TLS settings and login for all ways. */
const optionsOf = (port: number, caPem: string | null) => ({
  host: '127.0.0.1',
  port,
  secure: false,
  ...(caPem === null ? { ignoreTLS: true } : { requireTLS: true, tls: { ca: [caPem] }, auth: LOGIN }),
});

const bootSite = ({ folder, database, role, caPem }: SiteOptions): Promise<App> => {
  const nothing = async (): Promise<never> => Promise.reject(new Error('the database belongs to the parent process'));
  return boot({
    ...(folder !== undefined && { folder }),
    database: { ...database, dump: nothing, drop: nothing },
    config: {
      mailboxLimit: 100,
      systemActors: { robot: { mailboxes: 'all' } },
      guard: { mode: 'off' },
      network: { allow: ['127.0.0.1'], ca: caPem === null ? [] : [caPem] },
      system: { from: { email: 'system@site.example' } },
      delivery: { concurrency: IN_FLIGHT, role },
      limits: { perMailboxPerMinute: 1_000_000 },
    },
  });
};

const createMailbox = async (app: App, rttMs: number, { ports, caPem, connections }: SiteOptions): Promise<string> => {
  const created = await app.service('mailboxes').create(
    {
      email: `news-${rttMs}@club.example`,
      name: 'Club News',
      authenticated: true,
      smtp: {
        host: '127.0.0.1',
        port: ports[rttMs] ?? 0,
        ...(caPem === null
          ? { encryption: 'none', auth: 'none' }
          : { encryption: 'starttls', auth: 'password', username: LOGIN.user, password: LOGIN.pass }),
      },
      limits: { perMinute: 1_000_000, connections },
    },
    { actor: OPERATOR }
  );
  return created.id;
};

/** The ways to the mail server at one round-trip time. */
const createRoute = async (app: App, rttMs: number, options: SiteOptions) => {
  const server = optionsOf(options.ports[rttMs] ?? 0, options.caPem);
  const mailbox = options.mailboxes?.[rttMs] ?? (await createMailbox(app, rttMs, options));
  const defaults = { defaultFrom: FROM, defaultReplyTo: FROM };
  return {
    mailbox,
    pool: nodemailer.createTransport({ pool: true, maxConnections: IN_FLIGHT, ...server }),
    /** Strapi's provider with its defaults: a connection for each mail. */
    provider: provider.init(server, defaults),
    lane: () => app.strapi.db.connection('mailboxes_transports').where({ id: mailbox }),
  };
};

type Route = Awaited<ReturnType<typeof createRoute>>;

const createRoutes = async (app: App, options: SiteOptions) => {
  const routes = new Map<number, Route>();
  for (const rttMs of Object.keys(options.ports).map(Number)) routes.set(rttMs, await createRoute(app, rttMs, options));
  return {
    all: routes,
    at: (rttMs: number): Route => {
      const route = routes.get(rttMs);
      if (!route) throw new Error(`no route has ${rttMs} ms`);
      return route;
    },
  };
};

const countSubmitted = (app: App) => {
  let submitted = 0;
  let submittedAt = 0;
  let onNext = (): void => undefined;
  app.strapi.eventHub.on('mailboxes.submission.submitted', async () => {
    submitted += 1;
    submittedAt = monotonicMs();
    onNext();
  });
  return {
    mark: async (): Promise<Mark> => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, submitted, submittedAt };
    },
    next: (): Promise<void> => new Promise((resolve) => (onNext = resolve)),
  };
};

/** The three ways to send; each mail has a text of its own. */
const createWays = (app: App, { at }: Awaited<ReturnType<typeof createRoutes>>) => {
  let count = 0;
  const mail = (kind: Kind) => mailOf(kind, (count += 1));
  return {
    submit: async (rttMs: number, kind: Kind): Promise<unknown> => {
      const { subject, text, html } = mail(kind);
      const from = `mailbox:${at(rttMs).mailbox}` as const;
      const content = html === undefined ? { text } : { html };
      return app.service('submissions').submit({ actor: ROBOT, from, to: [TO], subject, ...content });
    },
    raw: async (rttMs: number, kind: Kind): Promise<unknown> =>
      at(rttMs).pool.sendMail({ from: FROM, to: TO, ...mail(kind) }),
    provider: async (rttMs: number, kind: Kind): Promise<unknown> =>
      at(rttMs).provider.send({ from: FROM, to: TO, ...mail(kind) }),
  };
};

const listenOn = async (app: App): Promise<{ port: number; token: string }> => {
  const { token } = await app.superAdmin();
  const { httpServer } = app.strapi.server;
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  return { port: (httpServer.address() as AddressInfo).port, token };
};

const startSite = async (options: SiteOptions) => {
  const app = await bootSite(options);
  const routes = await createRoutes(app, options);
  const { mark, next } = countSubmitted(app);
  const { submit, raw, provider: send } = createWays(app, routes);
  const loop = watchLoop();
  let endCount: (() => Statements) | null = null;
  const accept = (rttMs: number, kind: Kind, mails: number): Promise<Span> =>
    severalAtOnce(mails, () => submit(rttMs, kind));

  return {
    mailboxes: async () => Object.fromEntries([...routes.all].map(([rttMs, { mailbox }]) => [rttMs, mailbox])),
    mark,
    /** Submits; the worker of a delivering site starts meanwhile. */
    accept,
    raw: (rttMs: number, kind: Kind, mails: number) => severalAtOnce(mails, () => raw(rttMs, kind)),
    provider: (rttMs: number, kind: Kind, mails: number) => severalAtOnce(mails, () => send(rttMs, kind)),
    /** Queues mails and leaves the lane paused. */
    fill: async (rttMs: number, kind: Kind, mails: number): Promise<void> => {
      if ((await routes.at(rttMs).lane().update({ paused_code: 'UNREACHABLE' })) !== 1)
        throw new Error('the mailbox has no lane');
      await accept(rttMs, kind, mails);
    },
    /** Ends the pause; one more submission wakes the worker. */
    release: (rttMs: number, kind: Kind) =>
      spanOf(async () => {
        await routes.at(rttMs).lane().update({ paused_code: null });
        await submit(rttMs, kind);
      }),
    /** One mail of an idle site, until its end is in the database. */
    one: (rttMs: number) => spanOf(() => Promise.all([next(), submit(rttMs, 'text')])),
    oneRaw: (rttMs: number) => spanOf(() => raw(rttMs, 'text')),
    startCount: async (): Promise<void> => void (endCount = countStatements(app.strapi)),
    endCount: async (): Promise<Statements | null> => endCount?.() ?? null,
    startLoop: async () => loop.start(),
    loopDelays: async () => loop.read(),
    /** Opens the admin API. @returns its port, and the token of a signed-in administrator */
    listen: () => listenOn(app),
    stop: async (): Promise<void> => {
      for (const { pool } of routes.all.values()) pool.close();
      app.strapi.server.httpServer.closeAllConnections();
      await app.stop();
    },
  };
};

export type SiteApi = Awaited<ReturnType<typeof startSite>>;

serve(startSite);
