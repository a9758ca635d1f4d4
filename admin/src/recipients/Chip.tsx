import { VisuallyHidden } from '@strapi/design-system';
import { Cross, WarningCircle } from '@strapi/icons';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { textOf } from './chips';
import type { RawRecipient } from './parse';
import { ChipBody } from './styles';

interface Props {
  recipient: RawRecipient;
  index: number;
  /** Translated; null: valid */
  problem: string | null;
  onKey: (event: React.KeyboardEvent<HTMLButtonElement>, index: number) => void;
  onEdit: (index: number) => void;
  onRemove: (index: number) => void;
}

/** One recipient. Not in the Tab order: the arrow keys of the field move to it. */
export const Chip = React.memo(({ recipient, index, problem, onKey, onEdit, onRemove }: Props) => {
  const t = useText();
  const text = textOf(recipient);
  const pointer = React.useRef('');
  return (
    <ChipBody $wrong={problem !== null}>
      <button
        type="button"
        tabIndex={-1}
        data-chip={index}
        title={problem === null ? text : `${text}: ${problem}`}
        onKeyDown={(event) => onKey(event, index)}
        onPointerDown={({ pointerType }) => {
          pointer.current = pointerType;
        }}
        onClick={({ detail }) => {
          // Screen readers click without a pointer and have no double click.
          const isPressed = detail === 0;
          // One tap edits an invalid recipient.
          const isTapped = problem !== null && (pointer.current === 'touch' || pointer.current === 'pen');
          if (isPressed || isTapped) onEdit(index);
        }}
        onDoubleClick={() => onEdit(index)}
      >
        {problem !== null && <WarningCircle aria-hidden />}
        <span>{text}</span>
        {problem !== null && <VisuallyHidden>: {problem}</VisuallyHidden>}
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('recipients.remove', { recipient: text })}
        onClick={() => onRemove(index)}
      >
        <Cross aria-hidden />
      </button>
    </ChipBody>
  );
});
Chip.displayName = 'Chip';
