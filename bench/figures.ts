import { median } from './statistics';

/** A goal of the project (docs/performance.md). */
export type Aim = { atLeast: number } | { atMost: number };

/** One line of the table for one database. */
export interface Figure {
  scenario: string;
  title: string;
  /** One for each round, or a single one over all of them. */
  values: readonly number[];
  aim?: Aim;
}

export const isReached = ({ values, aim }: Figure): boolean | null => {
  if (!aim) return null;
  return 'atLeast' in aim ? median(values) >= aim.atLeast : median(values) <= aim.atMost;
};

/** Collects values by title over the rounds, in the order in which the titles came first. */
export const collect = (scenario: string) => {
  const figures = new Map<string, { values: number[]; aim?: Aim }>();
  return {
    add: (title: string, value: number, aim?: Aim): void => {
      const found = figures.get(title) ?? { values: [], ...(aim && { aim }) };
      found.values.push(value);
      figures.set(title, found);
    },
    figures: (): Figure[] => [...figures].map(([title, figure]) => ({ scenario, title, ...figure })),
  };
};

export interface Settings {
  rounds: number;
  /** In a round of each way. */
  mails: number;
  /** Single mails of an idle site in a round. */
  samples: number;
  log: (line: string) => void;
}
