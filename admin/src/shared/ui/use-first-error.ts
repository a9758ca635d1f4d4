import * as React from 'react';
import { isSubset } from './form-errors';

/** Restores the focus of a save button: disabling it while saving drops the focus for good. */
export const useFocusKept = (saving: boolean): React.RefObject<HTMLButtonElement> => {
  const ref = React.useRef<HTMLButtonElement>(null);
  const wasSaving = React.useRef(false);
  React.useEffect(() => {
    const ended = wasSaving.current && !saving;
    wasSaving.current = saving;
    if (ended && document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, [saving]);
  return ref;
};

/** Focuses the first invalid field after each save, but not when a change of a field clears its error. */
export const useFirstError = <E extends HTMLElement>(errors: Readonly<Record<string, string>>): React.RefObject<E> => {
  const ref = React.useRef<E>(null);
  const before = React.useRef(errors);
  React.useEffect(() => {
    const corrected = isSubset(before.current, errors);
    before.current = errors;
    if (corrected) return;
    if (Object.keys(errors).length > 0) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  return ref;
};
