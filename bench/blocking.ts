/**
 * `npm run bench:blocking`: for how long a single request blocks the event loop. Sends bodies of a megabyte to every
 * route of a booted site, one request after the other, while a timer measures the event loop.
 *
 *   npm run bench:blocking                        every route, every shape
 *   npm run bench:blocking -- --door preview      routes whose name contains that
 *   npm run bench:blocking -- --shape style       shapes whose name contains that
 *   npm run bench:blocking -- --limit 250         milliseconds; a longer block fails the run
 */
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createEmptyDatabase } from '../tests/support/database';
import type { App } from '../tests/support/strapi';
import { runCommand } from './command';
import { doorsOf, removeLibraryFile, siteFor, type Door, type Mode } from './doors';

const { values } = parseArgs({
  options: {
    door: { type: 'string', default: '' },
    shape: { type: 'string', default: '' },
    limit: { type: 'string', default: '250' },
    top: { type: 'string', default: '25' },
  },
});
const LIMIT_MS = Number(values.limit);
/** Longer blocks are measured again: a busy machine prolongs some tries, the work itself prolongs all. */
const SUSPECT_MS = 120;
const TRIES = 4;
const TICK_MS = 2;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Measures the event loop. Counts a block by its CPU time at most: the rest belongs to other processes.
 *
 * @returns `longest`: the longest block since the last call, in milliseconds
 */
const watch = (): { longest: () => number; stop: () => void } => {
  let last = { wall: performance.now(), cpu: cpuMs() };
  let longest = 0;
  const tick = (): void => {
    const now = { wall: performance.now(), cpu: cpuMs() };
    longest = Math.max(longest, Math.min(now.wall - last.wall - TICK_MS, now.cpu - last.cpu));
    last = now;
  };
  const timer = setInterval(tick, TICK_MS);
  return {
    longest: () => {
      tick();
      const result = longest;
      longest = 0;
      return Math.max(0, result);
    },
    stop: () => clearInterval(timer),
  };
};

const post = (port: number, { method, url, token }: Door, body: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        method,
        path: url,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': String(body.length),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      }
    );
    sent.on('error', reject);
    sent.end(body);
  });

interface Result {
  door: string;
  shape: string;
  ms: number;
  status: number;
}

const lineOf = ({ door, shape, ms, status }: Result): string =>
  `${ms.toFixed(0).padStart(6)} ms  ${door}: ${shape} (${status})`;

/** Until nothing that the request has left behind is at work any more. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * TICK_MS));

const results: Result[] = [];

const measure = async (app: App, doors: readonly Door[]): Promise<void> => {
  const { port } = app.strapi.server.httpServer.address() as AddressInfo;
  const loop = watch();
  for (const door of doors)
    for (const [shape, body] of door.bodies()) {
      if (!shape.includes(values.shape)) continue;
      const bytes = Buffer.from(JSON.stringify(body));
      let best: Result | undefined;
      for (let n = 0; n < TRIES && (best === undefined || best.ms > SUSPECT_MS); n += 1) {
        await settle();
        loop.longest();
        const status = await post(port, door, bytes);
        await settle();
        const ms = loop.longest();
        if (best === undefined || ms < best.ms) best = { door: door.name, shape, ms, status };
      }
      if (!best) continue;
      results.push(best);
      if (best.ms > LIMIT_MS) console.log(lineOf(best));
    }
  loop.stop();
};

const run = async (mode: Mode): Promise<void> => {
  const database = await createEmptyDatabase('sqlite');
  const app = await siteFor(mode, database);
  await new Promise<void>((resolve) => app.strapi.server.httpServer.listen(0, '127.0.0.1', resolve));
  try {
    const doors = (await doorsOf(app, mode)).filter(({ name }) => name.includes(values.door));
    await measure(app, doors);
  } finally {
    await removeLibraryFile(app);
    app.strapi.server.httpServer.closeAllConnections();
    await app.stop();
    await database.drop();
  }
};

const show = (): void => {
  const worst = (some: readonly Result[]): Result | undefined => [...some].sort((a, b) => b.ms - a.ms)[0];
  console.log('\n| door | requests | longest block, ms | with | status |\n| --- | --- | --- | --- | --- |');
  for (const door of new Set(results.map(({ door: name }) => name))) {
    const mine = results.filter(({ door: name }) => name === door);
    const most = worst(mine);
    if (most) console.log(`| ${door} | ${mine.length} | ${most.ms.toFixed(0)} | ${most.shape} | ${most.status} |`);
  }
  console.log(`\nThe ${values.top} longest of ${results.length}:\n`);
  for (const result of [...results].sort((a, b) => b.ms - a.ms).slice(0, Number(values.top)))
    console.log(lineOf(result));
};

const report = (): void => {
  show();
  const over = results.filter(({ ms }) => ms > LIMIT_MS);
  console.log(
    over.length === 0
      ? `\nNone blocks for more than ${LIMIT_MS} ms.`
      : `\n${over.length} block longer than ${LIMIT_MS} ms.`
  );
  process.exitCode = over.length === 0 ? 0 : 1;
};

// Reports the measurements so far.
process.once('SIGTERM', () => {
  report();
  process.exit(1);
});

const main = async (): Promise<void> => {
  await run('report');
  await run('enforce');
  report();
};

runCommand(main);
