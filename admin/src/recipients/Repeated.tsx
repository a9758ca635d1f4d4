import { Box, Typography } from '@strapi/design-system';
import { useText } from '../shared/i18n/use-text';
import { textOf } from './chips';
import type { RawRecipient } from './parse';

const TOLD = 3;

/** A remark on recipients that are in another field, too: nothing is wrong with them, and each gets one message. */
export const Repeated = ({ repeated }: { repeated: readonly { recipient: RawRecipient; label: string }[] }) => {
  const t = useText();
  const rest = repeated.length - TOLD;
  return (
    <Box role="status">
      {repeated.slice(0, TOLD).map(({ recipient, label }) => (
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
