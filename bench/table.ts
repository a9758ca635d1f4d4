import { isReached, type Figure } from './figures';
import type { Machine } from './machine';
import type { Variant } from './place';
import { median } from './statistics';

export type Results = readonly [Variant, readonly Figure[]][];

const numberOf = (value: number): string => {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '?';
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

/** Median, lowest and highest, and the aim. */
const cellOf = (figure: Figure | undefined): string => {
  if (!figure) return '';
  const { values, aim } = figure;
  const range = values.length > 1 ? ` (${numberOf(Math.min(...values))} to ${numberOf(Math.max(...values))})` : '';
  if (!aim) return `${numberOf(median(values))}${range}`;
  const goal = 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
  return `**${numberOf(median(values))}**${range}; ${goal} ${isReached(figure) ? 'reached' : '**missed**'}`;
};

/** The lines of all databases, by scenario and title in the order in which they came first. */
const rowsOf = (results: Results): [scenario: string, title: string][] => {
  const rows = new Map<string, Set<string>>();
  for (const [, figures] of results)
    for (const { scenario, title } of figures) rows.set(scenario, (rows.get(scenario) ?? new Set<string>()).add(title));
  return [...rows].flatMap(([scenario, titles]) => [...titles].map((title): [string, string] => [scenario, title]));
};

/** One table in Markdown. */
export const table = (results: Results): string[] => [
  `| Scenario | Median (lowest to highest) | ${results.map(([variant]) => variant).join(' | ')} |`,
  `| --- | --- |${results.map(() => ' --- |').join('')}`,
  ...rowsOf(results).map(([scenario, title]) => {
    const cells = results.map(([, figures]) =>
      cellOf(figures.find((figure) => figure.scenario === scenario && figure.title === title))
    );
    return `| ${scenario} | ${title} | ${cells.join(' | ')} |`;
  }),
];

export const heading = (
  { cores, cpu, memoryGb, node, flushesPerSecond, load }: Machine,
  { rounds, mails, plain }: { rounds: number; mails: number; plain: boolean }
): string =>
  `${cores} cores (${cpu}), ${memoryGb} GB, Node ${node.slice(1)}, ${numberOf(flushesPerSecond)} disk flushes a second, load ${numberOf(load)} at the start. ` +
  `${rounds} interleaved rounds of ${mails} mails, 20 connections and 20 in flight for each process, ${plain ? 'in the clear' : 'STARTTLS and a login'}.`;
