import { join } from 'node:path';
import type { TestDatabase } from '../tests/support/database';
import type { MailServerProcess } from '../tests/support/smtp/server-process';
import { startRemote, type Remote } from './remote';
import type { Mark, SiteApi, Span } from './site-main';

export interface SiteOptions {
  /** The application; default: of this revision. */
  folder?: string;
  database: Pick<TestDatabase, 'name' | 'connection'>;
  role: 'all' | 'accept';
  /** The authority of the mail server's certificate; null: neither TLS nor login. */
  caPem: string | null;
  /** Ports of the mail server by round-trip time: its own, and those of delaying proxies. */
  ports: Record<number, number>;
  /** Of each mailbox, shared by all processes of the site. */
  connections: number;
  /** Mailboxes that another process of the site has created. */
  mailboxes?: Record<number, string>;
}

export type Site = Remote<SiteApi>;

export const startSite = (options: SiteOptions): Promise<Site> =>
  startRemote<SiteApi>(join(__dirname, 'site-main.ts'), options);

/** Connections of a process. */
export const CONNECTIONS = 20;

export interface Rate {
  perSecond: number;
  /** CPU of the sending processes per mail. */
  cpuMs: number;
}

const marksOf = (sites: readonly Site[]): Promise<Mark[]> => Promise.all(sites.map((site) => site.call('mark')));

const sumOf = (marks: readonly Mark[], of: (mark: Mark) => number): number =>
  marks.reduce((sum, mark) => sum + of(mark), 0);

/** Rate of a call that ends with the last mail. */
export const rateOf = async (site: Site, mails: number, work: () => Promise<Span>): Promise<Rate> => {
  const [before] = await marksOf([site]);
  const { startedAt, endedAt } = await work();
  const [after] = await marksOf([site]);
  return {
    perSecond: (mails * 1000) / (endedAt - startedAt),
    cpuMs: ((after?.cpuMs ?? NaN) - (before?.cpuMs ?? NaN)) / mails,
  };
};

const POLL_MS = 20;
/** Longer than any measurement: a lost mail ends the run instead of hanging it. */
const LIMIT_MS = 300_000;

/** Rate from the first call until the results of all mails are in the database. */
export const deliveryRate = async (
  sites: readonly Site[],
  mails: number,
  work: (site: Site, index: number) => Promise<Span>
): Promise<Rate> => {
  const before = await marksOf(sites);
  const spans = await Promise.all(sites.map(work));
  const startedAt = Math.min(...spans.map((span) => span.startedAt));
  const goal = sumOf(before, ({ submitted }) => submitted) + mails;
  for (let waited = 0; waited < LIMIT_MS; waited += POLL_MS) {
    const now = await marksOf(sites);
    if (sumOf(now, ({ submitted }) => submitted) >= goal)
      return {
        perSecond: (mails * 1000) / (Math.max(...now.map(({ submittedAt }) => submittedAt)) - startedAt),
        cpuMs: (sumOf(now, ({ cpuMs }) => cpuMs) - sumOf(before, ({ cpuMs }) => cpuMs)) / mails,
      };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${mails} mails are not delivered after ${LIMIT_MS} ms`);
};

/** Runs `work`. @throws unless the server accepted exactly `mails` messages meanwhile */
export const counted = async <T>(server: MailServerProcess, mails: number, work: () => Promise<T>): Promise<T> => {
  await server.snapshot();
  const before = server.acceptedCount;
  const result = await work();
  await server.snapshot();
  const more = server.acceptedCount - before;
  if (more !== mails) throw new Error(`${mails} were sent and the server has ${more} more`);
  return result;
};
