type Errors = Readonly<Record<string, string>>;

/**
 * Removes the errors of changed fields.
 *
 * @param pathsOf error paths that a field of the form may have caused
 */
export const withoutErrorsOf = <F extends object>(
  errors: Errors,
  changed: Partial<F>,
  pathsOf: Readonly<Partial<Record<keyof F, readonly string[]>>>
): Errors => {
  const corrected = new Set(Object.keys(changed).flatMap((field) => pathsOf[field as keyof F] ?? [field]));
  const left = Object.entries(errors).filter(([path]) => !corrected.has(path));
  return left.length === Object.keys(errors).length ? errors : Object.fromEntries(left);
};

/** Returns whether errors were only removed, as by typing; the focus must not move then. */
export const isSubset = (before: Errors, after: Errors): boolean => {
  const left = Object.keys(after);
  return left.length < Object.keys(before).length && left.every((path) => before[path] === after[path]);
};
