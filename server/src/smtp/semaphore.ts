/** Admits `size` callers at a time, the others in order of arrival. */
export const semaphore = (size: number) => {
  let free = size;
  const waiting = new Set<() => void>();

  return { enter };

  /** @returns the function to leave with, to be called once; `null` if the signal aborted first */
  async function enter(signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return null;
    if (free > 0) {
      free -= 1;
      return leave;
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        waiting.delete(next);
        resolve(null);
      };
      const next = (): void => {
        waiting.delete(next);
        signal.removeEventListener('abort', giveUp);
        resolve(leave);
      };
      waiting.add(next);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  }
};

/** Runs the work of at most `size` callers at a time, the others in order of arrival. */
export const atOnce = (size: number) => {
  const places = semaphore(size);
  return async <T>(work: () => Promise<T>): Promise<T> => {
    const leave = await places.enter(new AbortController().signal);
    try {
      return await work();
    } finally {
      leave?.();
    }
  };
};
