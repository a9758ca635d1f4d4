import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const SHOWN = 15;

/** The first lines of each failed test's message, under its name. */
export const failuresOf = ({ testResults }, root) =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const said = failed.map(({ fullName, failureMessages }) => [fullName, failureMessages.join('\n')]);
    if (failed.length === 0 && assertionResults.length === 0 && message) said.push(['does not run', message]);
    return said.map(([title, text]) => {
      const lines = stripVTControlCharacters(text).split('\n').slice(0, 12);
      return `FAILED ${relative(root, name)} › ${title}\n${lines.map((line) => `  ${line.slice(0, 300)}`).join('\n')}`;
    });
  });

const slowest = (rows) =>
  rows
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SHOWN)
    .map(({ seconds, name }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`);

/** The slowest files and tests of a run, as lines. */
export const slowestOf = ({ testResults }, root) => ({
  files: slowest(
    testResults.map(({ name, startTime, endTime }) => ({
      name: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    }))
  ),
  tests: slowest(
    testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, duration }) => ({
        name: `${relative(root, name)} › ${fullName}`,
        seconds: (duration ?? 0) / 1000,
      }))
    )
  ),
});
