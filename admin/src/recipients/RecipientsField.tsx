import { Box, Field, TextButton, Typography, VisuallyHidden } from '@strapi/design-system';
import * as React from 'react';
import type { Suggestion } from '../../../server/src/contracts/answers';
import { useText } from '../shared/i18n/use-text';
import { Chip } from './Chip';
import { areMany, elementKeysOf, keyOf, shownOf, textOf } from './chips';
import type { RawRecipient } from './parse';
import { Problems } from './Problems';
import { Repeated } from './Repeated';
import { Chips, Frame, Option, ScrolledChips, Suggestions, Typed } from './styles';
import { useChips } from './use-chips';
import { useSettledBlur } from './use-settled-blur';
import { recipientOf, useSuggestions } from './use-suggestions';

export interface RecipientsFieldProps {
  name: 'to' | 'cc' | 'bcc';
  label: string;
  hint?: string;
  required?: boolean;
  error?: string;
  autoFocus?: boolean;
  /** Chips, wrong ones included. */
  value: RawRecipient[];
  /** What is typed and is no chip yet. It counts as much as a chip does: the page keeps and sends it. */
  pending: string;
  onChange: (next: { value: RawRecipient[]; pending: string }) => void;
  /** By address: why the server refused it. */
  wrong?: ReadonlyMap<string, string>;
  /** Recipients that are in another field, too, with its label. */
  repeated?: readonly { recipient: RawRecipient; label: string }[];
  /** What is known for a text, none for ''. May reject: then there is nothing to suggest. */
  suggest: (q: string) => Promise<Suggestion[]>;
}

/** Recipients as chips, and an input that makes them: a combobox with a list, WAI-ARIA 1.2. */
export const RecipientsField = (props: RecipientsFieldProps) => {
  const { name, label, hint, required, error, autoFocus, value, pending, wrong, suggest } = props;
  const t = useText();
  const id = React.useId();
  const input = React.useRef<HTMLInputElement>(null);
  const frame = React.useRef<HTMLDivElement>(null);
  /** How often somebody asked for more of many chips. */
  const [asked, setAsked] = React.useState(0);
  const chips = useChips({ value, pending, wrong, onChange: props.onChange });
  const chosen = React.useMemo(() => new Set(value.map(keyOf)), [value]);
  const { options, active, askSoon, ask, move, close } = useSuggestions(suggest, chosen);
  const isOpen = options.length > 0;

  React.useEffect(() => {
    if (autoFocus) input.current?.focus();
    // When it appears, and never again: somebody may be typing elsewhere.
  }, []);

  /** Where the focus goes as soon as the chips are drawn anew; null: it stays. */
  const next = React.useRef<number | 'input' | null>(null);
  const goTo = (target: number | 'input') => {
    const chip = target === 'input' ? null : frame.current?.querySelector<HTMLElement>(`[data-chip="${target}"]`);
    (chip ?? input.current)?.focus();
  };
  React.useEffect(() => {
    if (next.current !== null) goTo(next.current);
    next.current = null;
  }, [value, pending]);

  const settleBlur = useSettledBlur(() => void chips.settle());
  const onBlur = () => {
    close();
    settleBlur();
  };
  const take = (suggestion: Suggestion) => {
    close();
    chips.add([recipientOf(suggestion)]);
  };
  const remove = (index: number, focus: number | 'input') => {
    next.current = focus;
    chips.remove(index);
  };
  const edit = (index: number) => {
    next.current = 'input';
    chips.edit(index);
  };

  const onInputKey = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const option = options[active];
    if (event.key === 'Enter') {
      // Who presses it once too often for the last chip must not send the message.
      event.preventDefault();
      if (option) take(option);
      else chips.settle();
      close();
    } else if (event.key === 'Tab' && option) {
      take(option);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (isOpen) move(event.key === 'ArrowDown' ? 1 : -1);
      else if (event.key === 'ArrowDown') ask(pending);
    } else if (event.key === 'Escape') {
      const restored = isOpen ? null : chips.giveUp();
      if (!isOpen && restored === null) return;
      event.preventDefault();
      event.stopPropagation();
      next.current = restored;
      close();
    } else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && value.length > 0 && pending === '') {
      event.preventDefault();
      close();
      goTo(value.length - 1);
    }
  };

  const onChipKey = (event: React.KeyboardEvent<HTMLButtonElement>, index: number) => {
    const shown = [...(frame.current?.querySelectorAll<HTMLElement>('[data-chip]') ?? [])];
    const place = shown.indexOf(event.currentTarget);
    const actions: Partial<Record<string, () => void>> = {
      ArrowLeft: () => shown[Math.max(place - 1, 0)]?.focus(),
      ArrowRight: () => (shown[place + 1] ?? input.current)?.focus(),
      Home: () => shown[0]?.focus(),
      End: () => input.current?.focus(),
      Escape: () => input.current?.focus(),
      Enter: () => edit(index),
      F2: () => edit(index),
      // The focus stays in its place, or a key that is held down would remove what nobody looks at.
      Delete: () => remove(index, index === value.length - 1 ? 'input' : index),
      Backspace: () => remove(index, index === value.length - 1 ? 'input' : index),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  // The chips are many and drawn only when something of theirs changes, so what they call is the same function always.
  const calls = React.useRef({ onChipKey, edit, remove });
  calls.current = { onChipKey, edit, remove };
  const onKey = React.useCallback(
    (event: React.KeyboardEvent<HTMLButtonElement>, index: number) => calls.current.onChipKey(event, index),
    []
  );
  const onEdit = React.useCallback((index: number) => calls.current.edit(index), []);
  const onRemove = React.useCallback((index: number) => calls.current.remove(index, 'input'), []);

  const { shown, hidden } = shownOf(value, { asked, isWrong: (index) => chips.problems[index] !== null });
  const keys = elementKeysOf(shown);
  const List = asked > 0 && areMany(value) ? ScrolledChips : Chips;
  const described = [
    error ? `${id}-error` : hint && `${id}-hint`,
    chips.problems.some((problem) => problem !== null) && `${id}-problems`,
    value.length > 0 && `${id}-keys`,
  ].filter(Boolean);

  return (
    <Field.Root id={id} name={name} error={error} hint={hint} required={required}>
      <Field.Label>{label}</Field.Label>
      <Box position="relative">
        <Frame
          ref={frame}
          $hasError={error !== undefined && error !== ''}
          onMouseDown={(event) => {
            if (event.target !== event.currentTarget) return;
            event.preventDefault();
            input.current?.focus();
          }}
        >
          {value.length > 0 && (
            <List aria-label={t('recipients.list', { label, count: value.length })}>
              {shown.map(({ recipient, index }, place) => (
                <Chip
                  key={keys[place]}
                  recipient={recipient}
                  index={index}
                  problem={chips.problems[index] ?? null}
                  onKey={onKey}
                  onEdit={onEdit}
                  onRemove={onRemove}
                />
              ))}
            </List>
          )}
          {hidden > 0 && (
            <TextButton onClick={() => setAsked(asked + 1)}>{t('recipients.more', { count: hidden })}</TextButton>
          )}
          {asked > 0 && areMany(value) && <TextButton onClick={() => setAsked(0)}>{t('recipients.fewer')}</TextButton>}
          <Typed
            ref={input}
            id={id}
            name={name}
            value={pending}
            type="text"
            inputMode="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            role="combobox"
            aria-autocomplete="list"
            aria-haspopup="listbox"
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${id}-options` : undefined}
            aria-activedescendant={active >= 0 ? `${id}-option-${active}` : undefined}
            aria-required={required}
            aria-invalid={(error !== undefined && error !== '') || undefined}
            aria-describedby={described.length > 0 ? described.join(' ') : undefined}
            onChange={({ target, nativeEvent }) => {
              // What an input method is still at is not yet what was meant.
              if ((nativeEvent as InputEvent).isComposing) props.onChange({ value, pending: target.value });
              else askSoon(chips.type(target.value));
            }}
            onPaste={(event) => {
              const text = event.clipboardData.getData('text/plain');
              // A word that is pasted into another is still being written.
              if (!/[@,;\r\n\t]/.test(text)) return;
              event.preventDefault();
              const { selectionStart, selectionEnd } = event.currentTarget;
              const before = pending.slice(0, selectionStart ?? pending.length);
              close();
              chips.paste(`${before}${text}${pending.slice(selectionEnd ?? pending.length)}`);
            }}
            onKeyDown={onInputKey}
            onBlur={onBlur}
          />
        </Frame>
        {isOpen && (
          <Suggestions background="neutral0" hasRadius shadow="popupShadow" borderColor="neutral150">
            <ul id={`${id}-options`} role="listbox" aria-label={t('recipients.suggestions', { label })}>
              {options.map((suggestion, index) => (
                <Option
                  key={suggestion.email}
                  id={`${id}-option-${index}`}
                  role="option"
                  aria-selected={index === active}
                  // The input keeps the focus, or what is typed would become a chip.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => take(suggestion)}
                >
                  <Typography textColor="neutral800">{textOf(recipientOf(suggestion))}</Typography>
                </Option>
              ))}
            </ul>
          </Suggestions>
        )}
      </Box>
      <Problems id={`${id}-problems`} value={value} problems={chips.problems} />
      <Repeated repeated={props.repeated ?? []} />
      {value.length > 0 && <VisuallyHidden id={`${id}-keys`}>{t('recipients.keys')}</VisuallyHidden>}
      <Field.Hint />
      <Field.Error />
      <VisuallyHidden role="status">
        {isOpen ? t('recipients.said.suggestions', { count: options.length }) : chips.said}
      </VisuallyHidden>
    </Field.Root>
  );
};
