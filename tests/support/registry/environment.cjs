'use strict';

const { ModuleMocker } = require('jest-mock');

/** State of jest-circus for one file, under symbols of the global object. */
const OF_ONE_FILE = new Set(['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL']);

/** The signals that a loaded Strapi listens to. */
const SIGNALS = ['SIGINT', 'SIGTERM'];

/**
 * A jest environment without a sandbox: the test files of a worker share its global object, so that they can share its
 * loaded modules (runner.cjs). Restores what a file changes in it: mocks, environment variables, process functions.
 */
module.exports = class SharedEnvironment {
  constructor() {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = null;
    this.env = { ...process.env };
    this.exit = process.exit;
    this.console = globalThis.console;
    this.removeAllListeners = process.removeAllListeners;
    this.listeners = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  async setup() {
    const original = this.removeAllListeners;
    // Strapi's destroy() removes every listener of its process. In a worker these include the channel to jest and
    // jest-circus's error handlers: only Strapi's own are removed.
    process.removeAllListeners = (...names) => {
      if (names.length > 0) return original.apply(process, names);
      this.removeSignalListeners();
      return process;
    };
  }

  removeSignalListeners() {
    for (const [signal, kept] of this.listeners)
      for (const listener of process.listeners(signal))
        if (!kept.includes(listener)) process.removeListener(signal, listener);
  }

  async teardown() {
    // A failed test may leave its Strapi, and no second one boots beside it with the same modules.
    await globalThis.strapi?.destroy().catch(() => undefined);
    this.moduleMocker.restoreAllMocks();
    this.removeSignalListeners();
    process.removeAllListeners = this.removeAllListeners;
    process.exit = this.exit;
    for (const name of Object.keys(process.env)) if (!(name in this.env)) delete process.env[name];
    Object.assign(process.env, this.env);
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (OF_ONE_FILE.has(symbol.description)) delete globalThis[symbol];
    globalThis.console = this.console;
  }
};
