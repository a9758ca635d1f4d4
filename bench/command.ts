import { parseArgs } from 'node:util';
import type { DatabaseName } from '../tests/support/database';

/** Returns the databases that the command line names, and its numbers; each has a default. */
export const readArguments = <Name extends string>(
  databases: DatabaseName[],
  numbers: Record<Name, number>
): { databases: DatabaseName[] } & Record<Name, number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(Object.keys(numbers).map((name) => [name, { type: 'string' as const }])),
  });
  const given = Object.entries(values).map(([name, value]) => [name, Number(value)]);
  return {
    ...numbers,
    ...Object.fromEntries(given),
    databases: positionals.length > 0 ? (positionals as DatabaseName[]) : databases,
  };
};

/** Runs a command and ends the process, which timers and connections would keep alive. */
export const runCommand = (main: () => Promise<void>): void => {
  main().then(
    () => process.exit(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    }
  );
};
