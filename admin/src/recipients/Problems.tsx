import { useText } from '../shared/i18n/use-text';
import { textOf } from './chips';
import { FirstLines } from './FirstLines';
import type { RawRecipient } from './parse';

/** Longer addresses are shortened. */
const SHOWN_UNITS = 80;

const cut = (text: string): string => (text.length > SHOWN_UNITS ? `${text.slice(0, SHOWN_UNITS)}…` : text);

interface Props {
  id: string;
  value: readonly RawRecipient[];
  /** Translated, by position; null: valid */
  problems: readonly (string | null)[];
}

/** Lists the first invalid recipients, each with its problem. */
export const Problems = ({ id, value, problems }: Props) => {
  const t = useText();
  const lines = value.flatMap((recipient, index) => {
    const reason = problems[index];
    return typeof reason === 'string' ? [t('recipients.problem', { recipient: cut(textOf(recipient)), reason })] : [];
  });
  if (lines.length === 0) return null;
  return (
    <FirstLines id={id} lines={lines} more={(count) => t('recipients.problem.more', { count })} colour="danger600" />
  );
};
