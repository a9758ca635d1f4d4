const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx: true },
      target: 'es2022',
      transform: { react: { runtime: 'automatic' } },
    },
    module: { type: 'commonjs' },
  },
];

const project = (displayName, options = {}) => ({
  displayName,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/tests/${displayName}/**/*.test.ts`],
  transform: { '^.+\\.tsx?$': swc },
  moduleNameMapper: { '^strapi-plugin-mailboxes$': '<rootDir>/server/src/public.ts' },
  ...options,
});

/** One module registry for all files of a worker: Strapi is loaded once, not once per file. */
const sharedRegistry = {
  testEnvironment: '<rootDir>/tests/support/registry/environment.cjs',
  testRunner: '<rootDir>/tests/support/registry/runner.cjs',
  globalSetup: '<rootDir>/tests/support/run-start.ts',
  globalTeardown: '<rootDir>/tests/support/run-end.ts',
};

/**
 * unit: pure code. database and server: a booted Strapi on the database that TEST_DB names; `database` holds the
 * suites whose outcome may differ between databases. delivery: real SMTP servers. processes: several Strapi processes, some killed.
 * e2e: the playground in a browser.
 */
module.exports = {
  testTimeout: 60_000,
  testSequencer: '<rootDir>/tests/support/registry/sequencer.cjs',
  projects: [
    project('unit', { setupFiles: ['<rootDir>/tests/support/seed-properties.cjs'] }),
    project('database', sharedRegistry),
    project('server', sharedRegistry),
    project('delivery', sharedRegistry),
    project('processes', sharedRegistry),
    project('e2e', {
      globalSetup: '<rootDir>/tests/support/browser/setup.mjs',
      globalTeardown: '<rootDir>/tests/support/browser/teardown.mjs',
      setupFilesAfterEnv: ['<rootDir>/tests/support/browser/patience.ts'],
    }),
  ],
};
