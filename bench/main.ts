/**
 * `npm run bench`: cost of durability. Measures accepting and delivering by the plugin beside nodemailer alone and
 * Strapi's own provider, in one run on one machine: only the ratios are comparable between machines.
 *
 *   npm run bench                          SQLite and PostgreSQL, 9 rounds; mail servers with STARTTLS and a login
 *   npm run bench -- --plain               without TLS and login: only the protocol
 *   npm run bench -- sqlite --short        one database, fewer and shorter rounds
 *   npm run bench -- postgres --statements statements by frequency per submission
 */
import { parseArgs } from 'node:util';
import { createEmptyDatabase, type DatabaseName } from '../tests/support/database';
import { makeCertificates } from '../tests/support/smtp/certificates';
import { startMailServerProcess } from '../tests/support/smtp/server-process';
import { runCommand } from './command';
import { measure, type Round } from './measure';
import { table } from './table';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    plain: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    mails: { type: 'string' },
    statements: { type: 'boolean', default: false },
  },
});
const databases = (positionals.length > 0 ? positionals : ['sqlite', 'postgres']) as DatabaseName[];
const rounds = Number(values.rounds ?? (values.short ? 3 : 9));
const mails = Number(values.mails ?? (values.short ? 300 : 1000));

const main = async (): Promise<void> => {
  const results: [DatabaseName, Round[]][] = [];
  for (const name of databases) {
    const database = await createEmptyDatabase(name);
    const certificates = values.plain ? null : await makeCertificates();
    const server = await startMailServerProcess({
      countsOnly: true,
      ...(certificates && { starttls: { key: certificates.key, cert: certificates.cert } }),
    });
    console.log(name);
    try {
      const caPem = certificates?.caPem ?? null;
      const log = (line: string): void => console.log(line);
      results.push([name, await measure({ database, server, caPem, rounds, mails, log })]);
    } finally {
      await server.stop();
      await database.drop();
    }
  }
  console.log(
    `\n${rounds} interleaved rounds of ${mails} mails, 20 connections, 20 in flight, ${values.plain ? 'in the clear' : 'STARTTLS and a login'}`
  );
  for (const line of table(results, values.statements)) console.log(line);
};

runCommand(main);
