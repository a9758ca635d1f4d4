import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { emailOf, keyOf, problemIn, textOf, withAdded, without, type ChipProblem } from './chips';
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
  /** The chip that was taken back into the input, its place, and the others as they were then. */
  const editing = React.useRef<{ recipient: RawRecipient; at: number; others: RawRecipient[] } | null>(null);
  // Another message can be in the form by now.
  const edited = () => (editing.current?.others === latest.current.value ? editing.current : null);
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
    const { value: next, added, wrong: wrongOnes, doubles } = withAdded(latest.current.value, more, edited()?.at);
    editing.current = null;
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
    const others = without(latest.current.value, index);
    const open = edited();
    if (open) editing.current = { ...open, others, at: index < open.at ? open.at - 1 : open.at };
    change({ ...latest.current, value: others });
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
    settle: () => {
      if (latest.current.pending !== '') add(recipientsIn(latest.current.pending));
      editing.current = null;
    },
    /** Takes a chip back into the input; what was typed there becomes chips. */
    edit: (index: number) => {
      const recipient = latest.current.value[index];
      if (recipient === undefined) return;
      const { value: all } = withAdded(latest.current.value, recipientsIn(latest.current.pending), edited()?.at);
      const at = all.findIndex((one) => keyOf(one) === keyOf(recipient));
      const others = without(all, at);
      editing.current = { recipient, at, others };
      change({ value: others, pending: textOf(recipient) });
    },
    /**
     * Puts the chip that is being edited back as it was.
     *
     * @returns its position; null: none is
     */
    giveUp: (): number | null => {
      const open = edited();
      if (open === null) return null;
      editing.current = null;
      change({ value: withAdded(open.others, [open.recipient], open.at).value, pending: '' });
      return open.at;
    },
  };
};
