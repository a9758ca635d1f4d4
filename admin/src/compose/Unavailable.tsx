import { Box, Typography } from '@strapi/design-system';
import type { IdentityList } from '../../../server/src/contracts/answers';
import { useText } from '../shared/i18n/use-text';
import { NEXT_STEPS } from './problem';
import { useIdentityText } from '../shared/i18n/use-identity-text';

/** What cannot be used now, once more outside of the drop-downs: a keyboard does not reach their disabled entries. */
export const Unavailable = ({ list }: { list: IdentityList }) => {
  const t = useText();
  const textOf = useIdentityText();
  const entries = [...new Map(list.unavailable.map((entry) => [`${entry.identity.id} ${entry.code}`, entry])).values()];
  if (entries.length === 0) return null;
  return (
    <details>
      <Typography tag="summary" variant="pi" textColor="neutral600" style={{ cursor: 'pointer' }}>
        {t('compose.unavailable', { count: entries.length })}
      </Typography>
      <Box tag="ul" paddingTop={2} paddingLeft={4}>
        {entries.map(({ identity, code }) => {
          const step = NEXT_STEPS.find((known) => known === code);
          return (
            <Typography key={`${identity.id} ${code}`} tag="li" variant="pi" textColor="neutral800">
              {textOf(identity).who}: {t(`refusal.${code}`)} {step && t(`next.${step}`)}
            </Typography>
          );
        })}
      </Box>
    </details>
  );
};
