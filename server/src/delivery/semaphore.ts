/** Lets `size` callers in at once, the others in the order in which they came. */
export const semaphore = (size: number) => {
  let free = size;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    /** @returns the function to leave with, to be called once */
    enter: async (): Promise<() => void> => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
};
