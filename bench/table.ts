import type { DatabaseName } from '../tests/support/database';
import type { Round } from './measure';

/** The project's aims, as ratios of the same round. */
const AIMS = { raw: 0.5, provider: 5 };

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]): number => {
  const all = sorted(numbers);
  const middle = Math.floor(all.length / 2);
  return all.length % 2 === 1 ? (all[middle] ?? NaN) : ((all[middle - 1] ?? NaN) + (all[middle] ?? NaN)) / 2;
};

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2));

/** Median, minimum and maximum. */
const spread = (numbers: readonly number[]): string => {
  const all = sorted(numbers);
  return `${figure(median(all))} (${figure(all[0] ?? NaN)}–${figure(all.at(-1) ?? NaN)})`;
};

const against = (aim: number, numbers: readonly number[]): string =>
  median(numbers) >= aim ? `≥ ${aim}: reached` : `≥ ${aim}: missed`;

const perMail = ({ mails }: Round, value: number): number => value / mails;

/** Explains a missed aim: the cost of a message beyond its delivery, and the rate that this cost allows. */
const limits = (name: DatabaseName, rounds: readonly Round[]): string[] => {
  const middle = (of: (round: Round) => number): number => median(rounds.map(of));
  const [toRaw, toProvider] = [
    middle(({ delivered, raw }) => delivered / raw),
    middle(({ delivered, provider }) => delivered / provider),
  ];
  if (toRaw >= AIMS.raw && toProvider >= AIMS.provider) return [];
  const cpu = middle(({ cpuMs }) => cpuMs.ours);
  const disk = middle((round) => (perMail(round, round.statements.commits) * 1000) / round.flushes);
  const [provider, raw] = [middle((round) => round.provider), middle((round) => round.raw)];
  return [
    '',
    `${name} misses an aim. A mail takes ${figure(cpu)} ms of the process's CPU, where nodemailer alone takes ${figure(middle(({ cpuMs }) => cpuMs.raw))}:` +
      ` with a core of its own that is at most ${figure(1000 / cpu)} a second. Its commits wait for the disk for ${figure(disk)} ms` +
      ` (one flush each; SQLite makes several of one): at most ${figure(1000 / disk)} a second. Delivered are ${figure(middle(({ delivered }) => delivered))}.` +
      (raw < AIMS.provider * provider
        ? ` Nodemailer alone is ${figure(raw / provider)} times as fast as Strapi's provider here: ${AIMS.provider} times is beyond any sender on this machine.`
        : ''),
  ];
};

/** The table as lines of Markdown, so that it can be kept. */
export const table = (results: readonly [DatabaseName, readonly Round[]][], withStatements: boolean): string[] => {
  const rows: [title: string, of: (round: Round) => number, aim?: number][] = [
    ['nodemailer alone, pooled, a second', ({ raw }) => raw],
    ["Strapi's nodemailer provider, a second", ({ provider }) => provider],
    ['accepted durably, a second', ({ accepted }) => accepted],
    ['delivered end to end, a second', ({ delivered }) => delivered],
    ['CPU of the process per mail, ms', ({ cpuMs }) => cpuMs.ours],
    ['CPU with nodemailer alone, ms', ({ cpuMs }) => cpuMs.raw],
    ['disk flushes a second', ({ flushes }) => flushes],
    ['delivered : nodemailer alone', ({ delivered, raw }) => delivered / raw, AIMS.raw],
    ["delivered : Strapi's provider", ({ delivered, provider }) => delivered / provider, AIMS.provider],
    ['statements per submission', (round) => perMail(round, round.statements.statements)],
    ['commits per submission', (round) => perMail(round, round.statements.commits)],
  ];
  const lines = [
    `| median (lowest–highest) | ${results.map(([name]) => name).join(' | ')} | aim |`,
    `| --- |${results.map(() => ' --- |').join('')} --- |`,
    ...rows.map(([title, of, aim]) => {
      const cells = results.map(([, rounds]) => spread(rounds.map(of)));
      const reached = results.map(([name, rounds]) => `${name} ${against(aim ?? 0, rounds.map(of))}`);
      return `| ${title} | ${cells.join(' | ')} | ${aim === undefined ? '' : reached.join(', ')} |`;
    }),
  ];
  for (const [name, rounds] of results) lines.push(...limits(name, rounds));
  if (!withStatements) return lines;
  for (const [name, rounds] of results) {
    const last = rounds.at(-1);
    if (!last) continue;
    lines.push('', `${name}, statements per submission:`);
    for (const [text, count] of [...last.statements.byText].sort(([, a], [, b]) => b - a))
      lines.push(`${(count / last.mails).toFixed(2).padStart(7)}  ${text.slice(0, 160)}`);
  }
  return lines;
};
