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

/**
 * unit: pure code. server: a booted Strapi on the database that TEST_DB names. delivery: real SMTP servers.
 * e2e: the playground in a browser.
 */
module.exports = {
  testTimeout: 60_000,
  projects: [
    project('unit'),
    project('server'),
    project('delivery'),
    project('e2e', {
      globalSetup: '<rootDir>/tests/support/browser/build.mjs',
      setupFilesAfterEnv: ['<rootDir>/tests/support/browser/patience.ts'],
    }),
  ],
};
