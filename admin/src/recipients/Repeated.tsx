import { Box, Typography } from '@strapi/design-system';
import { useText } from '../shared/i18n/use-text';
import { textOf } from './chips';
import type { RawRecipient } from './parse';

const MAX_LISTED = 3;

/** Lists recipients that are in another field too. They are valid: each address receives one message. */
export const Repeated = ({ repeated }: { repeated: readonly { recipient: RawRecipient; label: string }[] }) => {
  const t = useText();
  const rest = repeated.length - MAX_LISTED;
  return (
    <Box role="status">
      {repeated.slice(0, MAX_LISTED).map(({ recipient, label }) => (
        <Typography
          key={textOf(recipient)}
          tag="p"
          variant="pi"
          textColor="neutral600"
          style={{ overflowWrap: 'anywhere' }}
        >
          {t('recipients.repeated', { recipient: textOf(recipient), field: label })}
        </Typography>
      ))}
      {rest > 0 && (
        <Typography tag="p" variant="pi" textColor="neutral600">
          {t('recipients.repeated.more', { count: rest })}
        </Typography>
      )}
    </Box>
  );
};
