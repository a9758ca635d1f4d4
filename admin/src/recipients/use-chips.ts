import * as React from 'react';
import { useText } from '../lib/use-text';
import { emailOf, problemIn, textOf, withAdded, without, type ChipProblem } from './chips';
import { recipientsIn, settled, type RawRecipient } from './parse';

/** Longer addresses are told cut off by the server. */
const TOLD_UNITS = 320;

export interface State {
  value: RawRecipient[];
  pending: string;
}

interface Props extends State {
  wrong: ReadonlyMap<string, string> | undefined;
  onChange: (next: State) => void;
}

/** What can be done with the chips of a field, and what is said about it. */
export const useChips = ({ value, pending, wrong, onChange }: Props) => {
  const t = useText();
  const [said, setSaid] = React.useState('');
  // Two events can come before the page has rendered what the first one changed, such as Tab and blur.
  const latest = React.useRef<State>({ value, pending });
  latest.current = { value, pending };
  const change = (next: State) => {
    latest.current = next;
    onChange(next);
  };

  const problems = React.useMemo(() => {
    const words: Record<ChipProblem, string> = {
      address: t('recipients.wrong.address'),
      name: t('recipients.wrong.name'),
    };
    return value.map((recipient) => {
      const problem = problemIn(recipient);
      return problem === null ? (wrong?.get(emailOf(recipient).slice(0, TOLD_UNITS)) ?? null) : words[problem];
    });
  }, [value, wrong, t]);

  const add = (more: RawRecipient[], rest = '') => {
    if (more.length === 0) return change({ ...latest.current, pending: rest });
    const { value: next, added, wrong: wrongOnes, doubles } = withAdded(latest.current.value, more);
    change({ value: next, pending: rest });
    setSaid(
      [
        added > 0 && t('recipients.said.added', { count: added }),
        wrongOnes > 0 && t('recipients.said.wrong', { count: wrongOnes }),
        doubles > 0 && t('recipients.said.doubles', { count: doubles }),
      ]
        .filter(Boolean)
        .join(' ')
    );
  };
  const remove = (index: number) => {
    const recipient = latest.current.value[index];
    if (recipient === undefined) return;
    change({ ...latest.current, value: without(latest.current.value, index) });
    setSaid(t('recipients.said.removed', { recipient: textOf(recipient) }));
  };

  return {
    problems,
    said,
    add,
    remove,
    /** @returns what is still being written */
    type: (text: string): string => {
      const { done, pending: rest } = settled(text);
      if (done.length > 0) add(done, rest);
      else change({ ...latest.current, pending: rest });
      return rest;
    },
    /** What was pasted is complete, and so is what it was pasted into. */
    paste: (text: string) => add(recipientsIn(text)),
    /** Turns all that is typed into chips. */
    settle: () => latest.current.pending !== '' && add(recipientsIn(latest.current.pending)),
    /** Takes a chip back into the input, and what was typed there out of it. */
    edit: (index: number) => {
      const recipient = latest.current.value[index];
      if (recipient === undefined) return;
      const others = withAdded(without(latest.current.value, index), recipientsIn(latest.current.pending));
      change({ value: others.value, pending: textOf(recipient) });
    },
  };
};
