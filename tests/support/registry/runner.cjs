'use strict';

/*
 * jest's testRunner for the suites that boot Strapi. jest gives each test file a module registry of its own: every file
 * loads and compiles all of Strapi again, 2.6 CPU seconds. Here the files of one worker share node's own registry, and
 * only the test file itself is loaded anew. Everything else of jest (workers, -t, --json, reporters, -i and a debugger)
 * works as with jest-circus, which runs the tests.
 */
const Module = require('node:module');
const path = require('node:path');
const { default: circus } = require('jest-circus/runner');
require('../seed-properties.cjs');
const { sourceMaps } = require('../typescript.cjs');

const ROOT = path.resolve(__dirname, '../../..');
const TESTS = path.join(ROOT, 'tests') + path.sep;
const SUPPORT = path.join(ROOT, 'tests', 'support') + path.sep;
const PUBLIC = path.join(ROOT, 'server', 'src', 'public.ts');
const TEST_TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

const resolveFilename = Module._resolveFilename;
if (!resolveFilename.ofTests) {
  // Resolves the public name of the plugin to its sources.
  Module._resolveFilename = function (request, ...rest) {
    return resolveFilename.call(this, request === 'strapi-plugin-mailboxes' ? PUBLIC : request, ...rest);
  };
  Module._resolveFilename.ofTests = true;
}

/** The part of `jest` that these suites use. */
const jestObject = ({ moduleMocker }) => ({
  fn: moduleMocker.fn.bind(moduleMocker),
  spyOn: moduleMocker.spyOn.bind(moduleMocker),
  restoreAllMocks: () => moduleMocker.restoreAllMocks(),
  setTimeout: (ms) => {
    globalThis[TEST_TIMEOUT] = ms;
  },
});

const forget = (keep) => {
  for (const file of Object.keys(require.cache)) if (!keep(file)) delete require.cache[file];
};

module.exports = async (globalConfig, config, environment, runtime, testPath, sendMessageToJest) => {
  // Tests and their tables; shared modules (tests/support) keep their state, as the plugin does.
  forget((file) => !file.startsWith(TESTS) || file.startsWith(SUPPORT));
  // A new jest-circus for each file: its state is module-level.
  const initializer = path.join(path.dirname(require.resolve('jest-circus/runner')), 'jestAdapterInit.js');
  delete require.cache[initializer];
  globalThis.jest = jestObject(environment);
  // jest maps the frames of a failure by what its own loader has compiled.
  const compiled = runtime.getSourceMaps();
  compiled.get = (file) => sourceMaps.get(file) ?? Map.prototype.get.call(compiled, file);
  const native = {
    requireInternalModule: (file) => require(file),
    requireModule: (file) => require(file),
    unstable_shouldLoadAsEsm: () => false,
    setGlobalsForRuntime: () => undefined,
    enterTestCode: () => undefined,
    leaveTestCode: () => undefined,
    isInsideTestCode: undefined,
    restoreAllMocks: () => environment.moduleMocker.restoreAllMocks(),
  };
  return circus(globalConfig, config, environment, native, testPath, sendMessageToJest);
};
