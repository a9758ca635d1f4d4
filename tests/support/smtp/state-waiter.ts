export interface WaitOptions {
  /** Time limit of the wait; a bound for broken tests, never a pause. */
  timeoutMs?: number;
}

export interface StateWaiter {
  /** To be called after every change of the state. */
  changed(): void;
  /**
   * Resolves with what `read` returns as soon as that is neither `undefined` nor `false`.
   *
   * @param read reads the state; called at once and after every change
   * @param describe returns the expected and the actual state for the error message
   */
  until<T>(read: () => T | undefined | false, describe: () => string, options?: WaitOptions): Promise<T>;
  /** Rejects all current and later waits, because the state cannot change any more. */
  end(reason: string): void;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Waiting for a state instead of for time. */
export const createStateWaiter = (): StateWaiter => {
  const waits = new Set<{ check(): void; fail(reason: string): void }>();
  let ended: string | null = null;

  return {
    changed: () => waits.forEach((wait) => wait.check()),

    end: (reason) => {
      ended = reason;
      waits.forEach((wait) => wait.fail(reason));
    },

    until: <T>(
      read: () => T | undefined | false,
      describe: () => string,
      { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions = {}
    ): Promise<T> => {
      // Made here, so that its stack shows the test that waited and not a timer.
      const error = new Error();
      return new Promise<T>((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer);
          waits.delete(wait);
        };
        const wait = {
          check: (): void => {
            const found = read();
            if (found === undefined || found === false) return;
            stop();
            resolve(found);
          },
          fail: (reason: string): void => {
            stop();
            error.message = `${reason} while waiting for ${describe()}`;
            reject(error);
          },
        };
        const timer = setTimeout(() => wait.fail(`${timeoutMs} ms passed`), timeoutMs);
        waits.add(wait);
        wait.check();
        if (ended !== null && waits.has(wait)) wait.fail(ended);
      });
    },
  };
};
