/*
 * The steps of `.ci/run`. `budget` is in seconds on a machine whose measure (machine.mjs) is 1; a step that takes more
 * than 120 % of it fails. Steps that load packages have more room: the network has no measure. `needed`: nothing else runs
 * after it failed.
 */
const npm = (script, ...words) => ['npm', 'run', script, ...(words.length > 0 ? ['--', ...words] : [])];
const test = (...suites) => ['npm', 'test', '--', ...suites];

const step = (title, budget, command, options = {}) => ({ title, budget, command, ...options });

/** One phase after the other; the lanes of a phase side by side; the steps of a lane one after the other. */
export const PHASES = [
  [
    [
      step('Debian packages', 400, ['.ci/packages']),
      step('npm ci', 500, ['npm', 'ci', '--no-audit', '--no-fund'], { needed: true }),
      step('build', 60, npm('build')),
    ],
  ],
  [
    [
      step('lint', 220, npm('lint')),
      step('commits', 5, npm('lint:commits')),
      step('types', 150, npm('typecheck')),
      step('verify', 60, npm('verify')),
      step('size', 170, npm('size')),
      step('arrows', 40, npm('lint:arrows:proof')),
      step('mutate', 20, npm('mutate')),
      step('unit', 140, test('unit')),
    ],
    [step('processes', 740, test('processes'))],
  ],
  // Together, because the statements of the last two are compared with those of the first.
  [[step('database, server, delivery', 660, test('database', 'server', 'delivery'))]],
  [[step('browser', 500, test('e2e'))], [step('package', 420, npm('test:package', '--built'))]],
];
