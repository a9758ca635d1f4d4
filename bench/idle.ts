import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Settings } from './figures';
import type { Place } from './place';
import type { Site } from './sites';
import { percentile } from './statistics';

/** After an end the worker polls again: between two mails the site becomes idle. */
const PAUSE_MS = 30;
const AIM_MS = 15;

/** Measures from the call until the server has the mail, one of ours and one of nodemailer's in turn. */
export const idle = async (
  { server, variant }: Place,
  site: Site,
  rttMs: number,
  { rounds, samples, log }: Settings
): Promise<Figure[]> => {
  const times = { one: [] as number[], oneRaw: [] as number[] };
  const sample = async (way: 'one' | 'oneRaw'): Promise<number> => {
    await pause(PAUSE_MS);
    const { startedAt } = await site.call(way, rttMs);
    await server.snapshot();
    return server.acceptedAt - startedAt;
  };
  for (const way of ['one', 'oneRaw', 'one', 'oneRaw'] as const) await sample(way);
  for (let round = 0; round < rounds; round += 1) {
    for (let count = 0; count < samples; count += 1)
      for (const way of ['one', 'oneRaw'] as const) times[way].push(await sample(way));
    log(`${variant}, idle, RTT ${rttMs} ms, ${round + 1}/${rounds}: p50 ${percentile(times.one, 0.5).toFixed(1)} ms`);
  }
  await site.call('startCount');
  for (let count = 0; count < samples; count += 1) await sample('one');
  const counts = await site.call('endCount');
  const scenario = `one mail of an idle site, RTT ${rttMs} ms`;
  const figure = (title: string, value: number, aim?: Figure['aim']): Figure => ({
    scenario,
    title,
    values: [value],
    ...(aim && { aim }),
  });
  const [ours, raw] = [times.one, times.oneRaw];
  return [
    figure('accept until the server has it, p50 ms', percentile(ours, 0.5)),
    figure('accept until the server has it, p99 ms', percentile(ours, 0.99)),
    figure('nodemailer alone, p50 ms', percentile(raw, 0.5)),
    figure('nodemailer alone, p99 ms', percentile(raw, 0.99)),
    figure('p50 − nodemailer alone, ms', percentile(ours, 0.5) - percentile(raw, 0.5), { atMost: AIM_MS }),
    figure('statements', (counts?.statements ?? NaN) / samples),
    figure('commits', (counts?.commits ?? NaN) / samples),
  ];
};
