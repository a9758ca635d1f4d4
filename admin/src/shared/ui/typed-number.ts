/** A whole number as typed; NaN for what is none, so that the server's schema refuses it instead of a part being dropped. */
export const typedNumber = (typed: string): number => (/^\d+$/.test(typed.trim()) ? Number(typed) : NaN);

/** Are two values of a form's body the same? NaN is a value of its own: as JSON it would equal null. */
export const sameValue = (one: unknown, other: unknown): boolean => {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) => (Number.isNaN(inner) ? 'NaN' : inner)) ?? '';
  return text(one) === text(other);
};
