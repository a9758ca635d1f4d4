import * as React from 'react';
import { isMended } from './form-errors';

/** While it saves a button is switched off, and loses the focus for good: gives it back, so that the keyboard stays where it was. */
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

/** Moves the focus to the first invalid field after each save, and not while errors go because fields are changed. */
export const useFirstError = <E extends HTMLElement>(errors: Readonly<Record<string, string>>): React.RefObject<E> => {
  const ref = React.useRef<E>(null);
  const before = React.useRef(errors);
  React.useEffect(() => {
    const mended = isMended(before.current, errors);
    before.current = errors;
    if (mended) return;
    if (Object.keys(errors).length > 0) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  return ref;
};
