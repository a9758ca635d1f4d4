import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { emailOf, keyOf, problemIn, textOf, withAdded, without, type Added, type ChipProblem } from './chips';
import { recipientsIn, settled, type RawRecipient } from './parse';

/** The server truncates longer addresses in its refusal. */
const REFUSED_UNITS = 320;

export interface State {
  value: RawRecipient[];
  pending: string;
}

interface Props extends State {
  wrong: ReadonlyMap<string, string> | undefined;
  onChange: (next: State) => void;
}

/** Returns the problem of each chip, translated; null: valid. */
const useProblems = (value: RawRecipient[], wrong: Props['wrong']): (string | null)[] => {
  const t = useText();
  return React.useMemo(() => {
    const texts: Record<ChipProblem, string> = {
      address: t('recipients.wrong.address'),
      name: t('recipients.wrong.name'),
    };
    return value.map((recipient) => {
      const problem = problemIn(recipient);
      return problem === null ? (wrong?.get(emailOf(recipient).slice(0, REFUSED_UNITS)) ?? null) : texts[problem];
    });
  }, [value, wrong, t]);
};

/** Returns the announcement of added recipients. */
const useAddedText = (): ((added: Added) => string) => {
  const t = useText();
  return ({ added, wrong, doubles }) =>
    [
      added > 0 && t('recipients.said.added', { count: added }),
      wrong > 0 && t('recipients.said.wrong', { count: wrong }),
      doubles > 0 && t('recipients.said.doubles', { count: doubles }),
    ]
      .filter(Boolean)
      .join(' ');
};

/** Problems, announcements and actions of the chips of a field. */
export const useChips = ({ value, pending, wrong, onChange }: Props) => {
  const t = useText();
  const problems = useProblems(value, wrong);
  const addedText = useAddedText();
  const [announcement, setAnnouncement] = React.useState('');
  /** The chip that is edited in the input, its position, and the other chips at that time. */
  const editing = React.useRef<{ recipient: RawRecipient; at: number; others: RawRecipient[] } | null>(null);
  // The form may hold another draft by now.
  const edited = () => (editing.current?.others === latest.current.value ? editing.current : null);
  // Two events, such as Tab and blur, can occur before the first one's change is rendered.
  const latest = React.useRef<State>({ value, pending });
  latest.current = { value, pending };
  const change = (next: State) => {
    latest.current = next;
    onChange(next);
  };

  const add = (more: RawRecipient[], rest = '') => {
    if (more.length === 0) return change({ ...latest.current, pending: rest });
    const result = withAdded(latest.current.value, more, edited()?.at);
    editing.current = null;
    change({ value: result.value, pending: rest });
    setAnnouncement(addedText(result));
  };
  const remove = (index: number) => {
    const recipient = latest.current.value[index];
    if (recipient === undefined) return;
    const others = without(latest.current.value, index);
    const open = edited();
    if (open) editing.current = { ...open, others, at: index < open.at ? open.at - 1 : open.at };
    change({ ...latest.current, value: others });
    setAnnouncement(t('recipients.said.removed', { recipient: textOf(recipient) }));
  };
  /** Turns complete recipients of typed text into chips. @returns the rest */
  const type = (text: string): string => {
    const { done, pending: rest } = settled(text);
    if (done.length > 0) add(done, rest);
    else change({ ...latest.current, pending: rest });
    return rest;
  };
  /** Turns pasted text, and the typed text around it, into chips. */
  const paste = (text: string) => add(recipientsIn(text));
  /** Turns all typed text into chips. */
  const settle = () => {
    if (latest.current.pending !== '') add(recipientsIn(latest.current.pending));
    editing.current = null;
  };
  /** Moves a chip into the input; text in the input becomes chips. */
  const edit = (index: number) => {
    const recipient = latest.current.value[index];
    if (recipient === undefined) return;
    const { value: all } = withAdded(latest.current.value, recipientsIn(latest.current.pending), edited()?.at);
    const at = all.findIndex((one) => keyOf(one) === keyOf(recipient));
    const others = without(all, at);
    editing.current = { recipient, at, others };
    change({ value: others, pending: textOf(recipient) });
  };
  /** Restores the edited chip. @returns its position; null: no chip is edited */
  const cancelEdit = (): number | null => {
    const open = edited();
    if (open === null) return null;
    editing.current = null;
    change({ value: withAdded(open.others, [open.recipient], open.at).value, pending: '' });
    return open.at;
  };
  return { problems, announcement, add, remove, type, paste, settle, edit, cancelEdit };
};
