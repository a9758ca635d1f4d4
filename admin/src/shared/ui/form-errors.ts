type Errors = Readonly<Record<string, string>>;

/**
 * The errors of a form while it is mended: those of the changed fields are gone.
 *
 * @param pathsOf names the paths whose errors a field of the form may have caused
 */
export const withoutErrorsOf = <F extends object>(
  errors: Errors,
  changed: Partial<F>,
  pathsOf: Readonly<Partial<Record<keyof F, readonly string[]>>>
): Errors => {
  const mended = new Set(Object.keys(changed).flatMap((field) => pathsOf[field as keyof F] ?? [field]));
  const left = Object.entries(errors).filter(([path]) => !mended.has(path));
  return left.length === Object.keys(errors).length ? errors : Object.fromEntries(left);
};

/** Are there only fewer errors than before? Then somebody is typing, and the focus stays where it is. */
export const isMended = (before: Errors, after: Errors): boolean => {
  const left = Object.keys(after);
  return left.length < Object.keys(before).length && left.every((path) => before[path] === after[path]);
};
