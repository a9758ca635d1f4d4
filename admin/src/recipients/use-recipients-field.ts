import * as React from 'react';
import type { Suggestion } from '../../../server/src/contracts/answers';
import { keyOf } from './chips';
import type { RawRecipient } from './parse';
import { useChips } from './use-chips';
import { useSettledBlur } from './use-settled-blur';
import { recipientOf, useSuggestions } from './use-suggestions';

interface Props {
  value: RawRecipient[];
  pending: string;
  wrong?: ReadonlyMap<string, string>;
  suggest: (q: string) => Promise<Suggestion[]>;
  onChange: (next: { value: RawRecipient[]; pending: string }) => void;
}

/** Position of a chip, or the input. */
type Target = number | 'input';

/** Moves the focus, at once or after the next change is rendered. */
const useFieldFocus = ({ value, pending }: Pick<Props, 'value' | 'pending'>) => {
  const input = React.useRef<HTMLInputElement>(null);
  const frame = React.useRef<HTMLDivElement>(null);
  const next = React.useRef<Target | null>(null);
  const goTo = (target: Target) => {
    const chip = target === 'input' ? null : frame.current?.querySelector<HTMLElement>(`[data-chip="${target}"]`);
    (chip ?? input.current)?.focus();
  };
  React.useEffect(() => {
    if (next.current !== null) goTo(next.current);
    next.current = null;
  }, [value, pending]);
  return {
    input,
    frame,
    goTo,
    /** @param target null: the focus stays */
    goToAfterChange: (target: Target | null) => {
      next.current = target;
    },
  };
};

type Chips = ReturnType<typeof useChips>;
type Suggestions = ReturnType<typeof useSuggestions>;
type FieldFocus = ReturnType<typeof useFieldFocus>;

/** Keys of the input: add a recipient, choose a suggestion, cancel an edit, move to the chips. */
const inputKeys =
  ({
    value,
    pending,
    chips,
    suggestions: { options, active, load, move, close },
    focus,
    take,
  }: Pick<Props, 'value' | 'pending'> & {
    chips: Chips;
    suggestions: Suggestions;
    focus: FieldFocus;
    take: (suggestion: Suggestion) => void;
  }) =>
  (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const option = options[active];
    const isOpen = options.length > 0;
    if (event.key === 'Enter') {
      // An Enter too many after the last chip must not send the message.
      event.preventDefault();
      if (option) take(option);
      else chips.settle();
      close();
    } else if (event.key === 'Tab' && option) {
      take(option);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (isOpen) move(event.key === 'ArrowDown' ? 1 : -1);
      else if (event.key === 'ArrowDown') load(pending);
    } else if (event.key === 'Escape') {
      const restored = isOpen ? null : chips.cancelEdit();
      if (!isOpen && restored === null) return;
      event.preventDefault();
      event.stopPropagation();
      focus.goToAfterChange(restored);
      close();
    } else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && value.length > 0 && pending === '') {
      event.preventDefault();
      close();
      focus.goTo(value.length - 1);
    }
  };

/** Keys of a chip: move between chips, edit or remove it. */
const chipKeys =
  ({
    value,
    focus,
    edit,
    remove,
  }: Pick<Props, 'value'> & {
    focus: FieldFocus;
    edit: (index: number) => void;
    remove: (index: number, target: Target) => void;
  }) =>
  (event: React.KeyboardEvent<HTMLButtonElement>, index: number) => {
    const shown = [...(focus.frame.current?.querySelectorAll<HTMLElement>('[data-chip]') ?? [])];
    const place = shown.indexOf(event.currentTarget);
    // The focus keeps its position, so that a repeated key removes the chips that are visible there.
    const removeInPlace = () => remove(index, index === value.length - 1 ? 'input' : index);
    const actions: Partial<Record<string, () => void>> = {
      ArrowLeft: () => shown[Math.max(place - 1, 0)]?.focus(),
      ArrowRight: () => (shown[place + 1] ?? focus.input.current)?.focus(),
      Home: () => shown[0]?.focus(),
      End: () => focus.input.current?.focus(),
      Escape: () => focus.input.current?.focus(),
      Enter: () => edit(index),
      F2: () => edit(index),
      Delete: removeInPlace,
      Backspace: removeInPlace,
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

/** State and actions of a recipients field: chips, suggestions, focus and keys. */
export const useRecipientsField = ({ value, pending, wrong, suggest, onChange }: Props) => {
  const chips = useChips({ value, pending, wrong, onChange });
  const chosen = React.useMemo(() => new Set(value.map(keyOf)), [value]);
  const suggestions = useSuggestions(suggest, chosen);
  const { options, loadSoon, close } = suggestions;
  const isOpen = options.length > 0;
  const focus = useFieldFocus({ value, pending });
  const settleBlur = useSettledBlur(() => void chips.settle());

  const take = (suggestion: Suggestion) => {
    close();
    chips.add([recipientOf(suggestion)]);
  };
  const remove = (index: number, target: Target) => {
    focus.goToAfterChange(target);
    chips.remove(index);
  };
  const edit = (index: number) => {
    focus.goToAfterChange('input');
    chips.edit(index);
  };

  return {
    chips,
    suggestions,
    isOpen,
    focus,
    take,
    edit,
    remove,
    onInputKey: inputKeys({ value, pending, chips, suggestions, focus, take }),
    onChipKey: chipKeys({ value, focus, edit, remove }),
    onInput: ({ target, nativeEvent }: React.ChangeEvent<HTMLInputElement>) => {
      // Ignores separators during IME composition.
      if ((nativeEvent as InputEvent).isComposing) onChange({ value, pending: target.value });
      else loadSoon(chips.type(target.value));
    },
    onPaste: (event: React.ClipboardEvent<HTMLInputElement>) => {
      const text = event.clipboardData.getData('text/plain');
      // A pasted word without a separator is part of the typed text.
      if (!/[@,;\r\n\t]/.test(text)) return;
      event.preventDefault();
      const { selectionStart, selectionEnd } = event.currentTarget;
      const before = pending.slice(0, selectionStart ?? pending.length);
      close();
      chips.paste(`${before}${text}${pending.slice(selectionEnd ?? pending.length)}`);
    },
    onBlur: () => {
      close();
      settleBlur();
    },
  };
};

export type RecipientsFieldState = ReturnType<typeof useRecipientsField>;
