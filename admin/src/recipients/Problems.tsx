import { Box, Typography } from '@strapi/design-system';
import { useText } from '../shared/i18n/use-text';
import { textOf } from './chips';
import type { RawRecipient } from './parse';

const MAX_LISTED = 3;
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
  const wrong = value.flatMap((recipient, index) => {
    const reason = problems[index];
    return typeof reason === 'string' ? [{ recipient: cut(textOf(recipient)), reason }] : [];
  });
  if (wrong.length === 0) return null;
  const rest = wrong.length - MAX_LISTED;
  return (
    <Box id={id}>
      {wrong.slice(0, MAX_LISTED).map(({ recipient, reason }) => (
        <Typography key={recipient} tag="p" variant="pi" textColor="danger600" style={{ overflowWrap: 'anywhere' }}>
          {t('recipients.problem', { recipient, reason })}
        </Typography>
      ))}
      {rest > 0 && (
        <Typography tag="p" variant="pi" textColor="danger600">
          {t('recipients.problem.more', { count: rest })}
        </Typography>
      )}
    </Box>
  );
};
