import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads `test file by shape` of the statements that a run recorded (tests/support/statements.ts). */
export const shapesIn = (folder) => {
  const shapes = new Map();
  for (const file of readdirSync(folder))
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)) {
      const [test, shape] = line.split('\t');
      shapes.set(shape, test);
    }
  return shapes;
};

/**
 * A rotated suite runs on one database, `database` on all: a statement that only the former runs would be tried on one
 * alone.
 *
 * @returns one failure for each such statement
 */
export const onlyOnOneDatabase = ({ database, rotated }) => {
  if (database.size === 0 || rotated.size === 0) return ['FAILED statements › none was recorded'];
  return [...rotated]
    .filter(([shape]) => !database.has(shape))
    .map(([shape, test]) => `FAILED ${test} › runs a statement that tests/database does not\n  ${shape.slice(0, 600)}`);
};
