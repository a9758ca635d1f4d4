import { Agent, get } from 'node:http';
import { monotonicMs } from '../tests/support/monotonic';
import { collect, type Figure, type Settings } from './figures';
import type { LoopDelays } from './loop';
import type { Place } from './place';
import { counted, deliveryRate, type Site } from './sites';
import { percentile } from './statistics';

/** Requests are sent at fixed times, whether earlier ones are answered or not. */
const EVERY_MS = 40;
const IDLE_REQUESTS = 100;
/** Open requests that a site cannot have unless it is slower than they come: the run would never end. */
const MAX_OPEN = 250;
/** A drain takes longer than a round of other scenarios, for enough requests. */
const MAILS_FACTOR = 3;
const AIM_MS = 50;

/** Reads the signed-in user: a session, a statement and a small answer. */
const PATH = '/admin/users/me';

interface Load {
  /** Milliseconds from the moment at which a request is due until its answer is complete. */
  times: number[];
  loop: LoopDelays;
}

interface Address {
  port: number;
  token: string;
}

const request = (agent: Agent, { port, token }: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = { agent, host: '127.0.0.1', port, path: PATH, headers: { authorization: `Bearer ${token}` } };
    get(options, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`GET ${PATH} answers ${response.statusCode}`));
      });
    }).on('error', reject);
  });

/** Sends requests until `work` ends, or the number of them. */
const underLoad = async (
  site: Site,
  address: Address,
  until: { requests: number } | { work: () => Promise<unknown> }
): Promise<Load> => {
  const times: number[] = [];
  const sent: Promise<void>[] = [];
  // A server closes connections that were idle between two phases.
  const agent = new Agent({ keepAlive: true });
  await site.call('startLoop');
  const startedAt = monotonicMs();
  await new Promise<void>((resolve, reject) => {
    let due = startedAt;
    const send = (): void => {
      for (; due <= monotonicMs(); due += EVERY_MS) {
        const dueAt = due;
        const answered = request(agent, address).then(() => void times.push(monotonicMs() - dueAt));
        // Awaited at the end.
        answered.catch(() => undefined);
        sent.push(answered);
        if (sent.length - times.length > MAX_OPEN) return end(new Error('the site is slower than its requests come'));
        if ('requests' in until && sent.length >= until.requests) return end();
      }
    };
    const timer = setInterval(send, 1);
    const end = (error?: Error): void => {
      clearInterval(timer);
      if (error) reject(error);
      else resolve();
    };
    if ('work' in until) until.work().then(() => end(), end);
  });
  await Promise.all(sent);
  agent.destroy();
  return { times, loop: await site.call('loopDelays') };
};

/** Measures other requests and the event loop on an idle site and while it delivers a full queue. */
export const drain = async (
  { server, variant }: Place,
  site: Site,
  { rounds, mails: mailsOfRound, log }: Settings
): Promise<Figure[]> => {
  const address = await site.call('listen');
  const mails = MAILS_FACTOR * mailsOfRound;
  const figures = collect('other requests during a drain');
  const times = { idle: [] as number[], drain: [] as number[] };
  const deliver = () =>
    counted(server, mails, () => deliveryRate([site], mails, () => site.call('release', 0, 'text')));
  const round = async (): Promise<{ idle: Load; drain: Load }> => {
    const quiet = await underLoad(site, address, { requests: IDLE_REQUESTS });
    await site.call('fill', 0, 'text', mails - 1);
    return { idle: quiet, drain: await underLoad(site, address, { work: deliver }) };
  };
  // The lane of a new mailbox begins with its first submission.
  await site.call('one', 0);
  await round();
  for (let number = 0; number < rounds; number += 1) {
    const loads = await round();
    for (const phase of ['idle', 'drain'] as const) {
      times[phase].push(...loads[phase].times);
      figures.add(`event loop's delay, ${phase}, p50 ms`, loads[phase].loop.p50);
      figures.add(`event loop's delay, ${phase}, p99 ms`, loads[phase].loop.p99);
      figures.add(`event loop's delay, ${phase}, longest ms`, loads[phase].loop.longest);
    }
    log(`${variant}, drain, ${number + 1}/${rounds}: p99 ${percentile(loads.drain.times, 0.99).toFixed(1)} ms`);
  }
  const [quiet, busy] = [percentile(times.idle, 0.99), percentile(times.drain, 0.99)];
  const single = collect('other requests during a drain');
  single.add('idle, p50 ms', percentile(times.idle, 0.5));
  single.add('drain, p50 ms', percentile(times.drain, 0.5));
  single.add('idle, p99 ms', quiet);
  single.add('drain, p99 ms', busy);
  single.add('p99 of drain − idle, ms', busy - quiet, { atMost: AIM_MS });
  return [...single.figures(), ...figures.figures()];
};
