import * as React from 'react';

/** Moves the focus to the first field that is not in order, whenever there are other errors than before. */
export const useFirstError = <E extends HTMLElement>(errors: Readonly<Record<string, string>>): React.RefObject<E> => {
  const ref = React.useRef<E>(null);
  React.useEffect(() => {
    if (Object.keys(errors).length > 0) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  return ref;
};
