interface Form<F> {
  form: F;
  /** By error path. */
  errors: Readonly<Record<string, string>>;
  readOnly?: boolean;
  change: (part: Partial<F>) => void;
}

/**
 * Binds the values of a form to its fields.
 *
 * @returns the properties of the field of `key`; `path`: its name, and the path of its error in the request body
 */
export const boundFields =
  <F extends object>({ form, errors, readOnly = false, change }: Form<F>) =>
  <K extends keyof F & string>(key: K, path: string = key) => ({
    name: path,
    value: form[key],
    error: errors[path],
    disabled: readOnly,
    onChange: (value: F[K]) => change({ [key]: value } as unknown as Partial<F>),
  });
