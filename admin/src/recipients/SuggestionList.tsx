import { Typography } from '@strapi/design-system';
import type { Suggestion } from '../../../server/src/contracts/answers';
import { textOf } from './chips';
import { Option, Suggestions } from './styles';
import { recipientOf } from './use-suggestions';

interface Props {
  /** Id of the input that controls the list. */
  id: string;
  label: string;
  options: readonly Suggestion[];
  /** Position; -1: none */
  active: number;
  onTake: (suggestion: Suggestion) => void;
}

/** Listbox of suggested recipients. */
export const SuggestionList = ({ id, label, options, active, onTake }: Props) => (
  <Suggestions background="neutral0" hasRadius shadow="popupShadow" borderColor="neutral150">
    <ul id={`${id}-options`} role="listbox" aria-label={label}>
      {options.map((suggestion, index) => (
        <Option
          key={suggestion.email}
          id={`${id}-option-${index}`}
          role="option"
          aria-selected={index === active}
          // Keeps the focus in the input; its blur would turn the typed text into a chip.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(suggestion)}
        >
          <Typography textColor="neutral800">{textOf(recipientOf(suggestion))}</Typography>
        </Option>
      ))}
    </ul>
  </Suggestions>
);
