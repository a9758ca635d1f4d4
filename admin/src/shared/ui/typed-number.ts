/** Parses a whole number; NaN for other text, so that the server's schema refuses it. */
export const typedNumber = (typed: string): number => (/^\d+$/.test(typed.trim()) ? Number(typed) : NaN);

/** Compares two values of a request body as JSON. NaN does not equal null, unlike in JSON. */
export const sameValue = (one: unknown, other: unknown): boolean => {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) => (Number.isNaN(inner) ? 'NaN' : inner)) ?? '';
  return text(one) === text(other);
};
