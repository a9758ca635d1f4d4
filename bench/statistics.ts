/** @param part between 0 and 1 @returns the smallest value that this part of the values does not exceed */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
};

/** An order for each round, in which every way comes first, second and last equally often. */
export const rotated = <T>(ways: readonly T[], round: number): T[] => {
  const first = round % ways.length;
  return [...ways.slice(first), ...ways.slice(0, first)];
};
