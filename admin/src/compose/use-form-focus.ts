import * as React from 'react';
import { FIELDS, type FieldName } from './problem';

/** Fields, the buttons below them, and the notice about no field. */
export type Place = FieldName | 'send' | 'preview' | 'general';

/** Is it a field of a panel within the form, such as a link's target or the mailed code? Such a panel handles Enter. */
const isInPanel = (at: EventTarget): boolean =>
  at instanceof HTMLInputElement && !FIELDS.includes(at.name as FieldName);

const nextPlace = (form: HTMLFormElement, name: string, find: (place: Place) => HTMLElement | null): Place => {
  const after = FIELDS.slice(FIELDS.indexOf(name as FieldName) + 1);
  return after.find((field) => form.contains(find(field))) ?? 'send';
};

/**
 * Manages focus and keys of the form: moves the focus when its button or field is unmounted; Enter in an input moves to
 * the next field and never sends; Ctrl+Enter and Command+Enter send from every field.
 */
export const useFormFocus = (send: () => void) => {
  const form = React.useRef<HTMLFormElement>(null);
  const general = React.useRef<HTMLDivElement>(null);
  const [target, setTarget] = React.useState<{ place: Place } | null>(null);
  const find = (place: Place): HTMLElement | null =>
    place === 'general'
      ? general.current
      : (form.current?.querySelector<HTMLElement>(`[name="${place}"], [data-field="${place}"]`) ?? null);
  React.useEffect(() => {
    if (target) find(target.place)?.focus();
  }, [target]);

  const isFormEnter = ({ target: at, nativeEvent, key }: React.KeyboardEvent): boolean =>
    // React events bubble from dialogs too, and Enter during IME composition confirms a word.
    key === 'Enter' && !nativeEvent.isComposing && form.current?.contains(at as Node) === true;
  return {
    form,
    general,
    /** Takes effect after the next render, when a place that it adds exists. */
    goTo: (place: Place) => setTarget({ place }),
    /** In the capture phase: the editor treats Ctrl+Enter as a line break. */
    onKeyDownCapture: (event: React.KeyboardEvent) => {
      if (!isFormEnter(event) || !(event.ctrlKey || event.metaKey) || isInPanel(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      // Blur makes the field report its last change.
      find('send')?.focus();
      send();
    },
    onKeyDown: (event: React.KeyboardEvent) => {
      const { target: at } = event;
      if (!isFormEnter(event) || event.isDefaultPrevented() || !(at instanceof HTMLInputElement) || !form.current)
        return;
      event.preventDefault();
      find(nextPlace(form.current, at.name, find))?.focus();
    },
  };
};
