import * as React from 'react';
import { FIELDS, type FieldName } from './problem';

/** Fields, the buttons below them, and what is said about no field. */
export type Place = FieldName | 'send' | 'preview' | 'general';

/** A field of a panel within the form, such as a link's address or the mailed code: Enter is its own there. */
const isBeside = (at: EventTarget): boolean => at instanceof HTMLInputElement && !FIELDS.includes(at.name as FieldName);

const nextPlace = (form: HTMLFormElement, name: string, find: (place: Place) => HTMLElement | null): Place => {
  const after = FIELDS.slice(FIELDS.indexOf(name as FieldName) + 1);
  return after.find((field) => form.contains(find(field))) ?? 'send';
};

/**
 * Where the focus is in the form of a message: a button or field that goes away hands it on, Enter in a line of text
 * leads to the next field and never sends, Ctrl+Enter and Command+Enter send from everywhere.
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

  const isOurs = ({ target: at, nativeEvent, key }: React.KeyboardEvent): boolean =>
    // React's events come up from dialogs as well, and an input method confirms a word with Enter.
    key === 'Enter' && !nativeEvent.isComposing && form.current?.contains(at as Node) === true;
  return {
    form,
    general,
    /** After the next drawing, when a place that appears with it is there. */
    goTo: (place: Place) => setTarget({ place }),
    /** Before the text editor, which reads Ctrl+Enter as a line break. */
    onKeyDownCapture: (event: React.KeyboardEvent) => {
      if (!isOurs(event) || !(event.ctrlKey || event.metaKey) || isBeside(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      // A field that is left hands over what was typed last.
      find('send')?.focus();
      send();
    },
    onKeyDown: (event: React.KeyboardEvent) => {
      const { target: at } = event;
      if (!isOurs(event) || event.isDefaultPrevented() || !(at instanceof HTMLInputElement) || !form.current) return;
      event.preventDefault();
      find(nextPlace(form.current, at.name, find))?.focus();
    },
  };
};
