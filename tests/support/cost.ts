import { Script, createContext } from 'node:vm';
import { isProxy } from 'node:util/types';

/*
 * Tests of cost that no busy machine fails: operations are counted, and the one time limit here ends work that would
 * otherwise take minutes.
 */

/** Far above the second that the slowest correct work takes, far below the minutes of a quadratic one. */
const HANG_LIMIT_MS = 30_000;

/**
 * Runs synchronous work, and interrupts it when it hangs, inside of a regular expression as well.
 *
 * @throws ERR_SCRIPT_EXECUTION_TIMEOUT
 */
export const withoutHanging = <T>(work: () => T): T =>
  new Script('work()').runInContext(createContext({ work }), { timeout: HANG_LIMIT_MS }) as T;

/**
 * Runs `work` and returns the length of the longest text that a pattern, a normalisation, a search or an encoder read
 * meanwhile. Zero: texts were judged by their length only.
 */
export const longestTextRead = (work: () => void): number => {
  let longest = 0;
  const note = (text: unknown): void => {
    if (typeof text === 'string') longest = Math.max(longest, text.length);
  };
  const watch = (owner: object, method: string, textOf: (self: unknown, argument: unknown) => unknown) => {
    const original = Reflect.get(owner, method) as (...args: unknown[]) => unknown;
    return jest.spyOn(owner as Record<string, () => unknown>, method).mockImplementation(function (
      this: unknown,
      ...args: unknown[]
    ) {
      note(textOf(this, args[0]));
      return original.apply(this, args);
    });
  };
  const spies = [
    ...['test', 'exec'].map((method) => watch(RegExp.prototype, method, (_, text) => text)),
    ...['normalize', 'indexOf', 'lastIndexOf', 'includes', 'toLowerCase', 'replace', 'split'].map((method) =>
      watch(String.prototype, method, (text) => String(text))
    ),
    watch(TextEncoder.prototype, 'encode', (_, text) => text),
  ];
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return longest;
};

/** A value whose reads are counted, with all that is in it. */
export const countingReads = <T extends object>(value: T): { value: T; reads: () => number } => {
  let reads = 0;
  const proxies = new WeakMap<object, object>();
  const wrap = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null || isProxy(inner)) return inner;
    const known = proxies.get(inner);
    if (known) return known;
    const proxy = new Proxy(inner, {
      get: (target, key, receiver) => {
        reads += 1;
        return wrap(Reflect.get(target, key, receiver));
      },
      ownKeys: (target) => {
        reads += 1;
        return Reflect.ownKeys(target);
      },
    });
    proxies.set(inner, proxy);
    return proxy;
  };
  return { value: wrap(value) as T, reads: () => reads };
};
