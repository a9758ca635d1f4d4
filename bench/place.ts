import Sqlite from 'better-sqlite3';
import { createEmptyDatabase, placeOf, type DatabaseName, type TestDatabase } from '../tests/support/database';
import { startDelayProxy } from '../tests/support/delay-proxy';
import { makeCertificates } from '../tests/support/smtp/certificates';
import { startMailServerProcess, type MailServerProcess } from '../tests/support/smtp/server-process';
import { CONNECTIONS, startSite, type Site, type SiteOptions } from './sites';

/** A database with its settings. */
export const VARIANTS = ['sqlite', 'sqlite-wal', 'postgres', 'mariadb'] as const;
export type Variant = (typeof VARIANTS)[number];

/** A mail server, near and behind delaying proxies, and sites beside it. */
export interface Place {
  variant: Variant;
  server: MailServerProcess;
  createDatabase: () => Promise<TestDatabase>;
  startSite: (differs: Pick<SiteOptions, 'database'> & Partial<SiteOptions>) => Promise<Site>;
}

export interface PlaceOptions {
  /** Without TLS and login. */
  plain: boolean;
  /** Round-trip times of the routes to the mail server; 0: without a proxy. */
  rtts: readonly number[];
}

const DATABASES: Record<Variant, DatabaseName> = {
  sqlite: 'sqlite',
  'sqlite-wal': 'sqlite',
  postgres: 'postgres',
  mariadb: 'mariadb',
};

/** Durable, as a site's. Write-ahead logging stays set in the file. */
const createDatabase = async (variant: Variant): Promise<TestDatabase> => {
  const database = await createEmptyDatabase(DATABASES[variant], { durable: true });
  if (variant !== 'sqlite-wal') return database;
  const file = new Sqlite(placeOf(database));
  file.pragma('journal_mode = WAL');
  file.close();
  return database;
};

/** Runs `work`, then stops and drops all that it started and created, the last one first. */
export const withPlace = async <T>(
  variant: Variant,
  { plain, rtts }: PlaceOptions,
  work: (place: Place) => Promise<T>
): Promise<T> => {
  const ends: (() => Promise<void>)[] = [];
  try {
    const certificates = plain ? null : await makeCertificates();
    const server = await startMailServerProcess({
      countsOnly: true,
      ...(certificates && { starttls: { key: certificates.key, cert: certificates.cert } }),
    });
    ends.push(() => server.stop());
    const ports: Record<number, number> = {};
    for (const rttMs of rtts) {
      if (rttMs === 0) ports[rttMs] = server.port;
      else {
        const proxy = await startDelayProxy({ host: server.host, port: server.port, rttMs });
        ends.push(() => proxy.stop());
        ports[rttMs] = proxy.port;
      }
    }
    return await work({
      variant,
      server,
      createDatabase: async () => {
        const database = await createDatabase(variant);
        ends.push(database.drop);
        return database;
      },
      startSite: async ({ database: { name, connection }, ...differs }) => {
        const site = await startSite({
          role: 'all',
          caPem: certificates?.caPem ?? null,
          ports,
          connections: CONNECTIONS,
          // Only data passes to another process.
          database: { name, connection },
          ...differs,
        });
        ends.push(() => site.stop());
        return site;
      },
    });
  } finally {
    for (const end of ends.reverse()) await end().catch((error: unknown) => console.error(error));
  }
};
