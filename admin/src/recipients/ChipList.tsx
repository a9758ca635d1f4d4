import { TextButton } from '@strapi/design-system';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { Chip } from './Chip';
import { areMany, elementKeysOf, shownOf } from './chips';
import type { RawRecipient } from './parse';
import { Chips, ScrolledChips } from './styles';

interface ChipActions {
  onKey: (event: React.KeyboardEvent<HTMLButtonElement>, index: number) => void;
  onEdit: (index: number) => void;
  onRemove: (index: number) => void;
}

interface Props extends ChipActions {
  label: string;
  value: RawRecipient[];
  /** Translated, by position; null: valid */
  problems: readonly (string | null)[];
}

/** Stable references, so that memoized chips are not rendered on every key press. */
const useStableActions = (actions: ChipActions): ChipActions => {
  const latest = React.useRef(actions);
  latest.current = actions;
  return React.useMemo(
    () => ({
      onKey: (event, index) => latest.current.onKey(event, index),
      onEdit: (index) => latest.current.onEdit(index),
      onRemove: (index) => latest.current.onRemove(index),
    }),
    []
  );
};

/** The chips of a field; of a long list a part, with buttons for more and fewer. */
export const ChipList = ({ label, value, problems, ...actions }: Props) => {
  const t = useText();
  /** Number of clicks on "show more". */
  const [expansions, setExpansions] = React.useState(0);
  const stable = useStableActions(actions);
  const { shown, hidden } = shownOf(value, { expansions, isWrong: (index) => problems[index] !== null });
  const keys = elementKeysOf(shown);
  const List = expansions > 0 && areMany(value) ? ScrolledChips : Chips;
  return (
    <>
      {value.length > 0 && (
        <List aria-label={t('recipients.list', { label, count: value.length })}>
          {shown.map(({ recipient, index }, place) => (
            <Chip
              key={keys[place]}
              recipient={recipient}
              index={index}
              problem={problems[index] ?? null}
              onKey={stable.onKey}
              onEdit={stable.onEdit}
              onRemove={stable.onRemove}
            />
          ))}
        </List>
      )}
      {hidden > 0 && (
        <TextButton onClick={() => setExpansions(expansions + 1)}>{t('recipients.more', { count: hidden })}</TextButton>
      )}
      {expansions > 0 && areMany(value) && (
        <TextButton onClick={() => setExpansions(0)}>{t('recipients.fewer')}</TextButton>
      )}
    </>
  );
};
