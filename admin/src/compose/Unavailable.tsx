import { Box, Typography } from '@strapi/design-system';
import type { IdentityList } from '../../../server/src/contracts/answers';
import { useText } from '../shared/i18n/use-text';
import { refusalText } from '../shared/refusals/refusal-text';
import { useSentences } from './use-sentences';
import { useIdentityText } from '../shared/i18n/use-identity-text';

/** Lists the unavailable identities outside of the selects, whose disabled options are unreachable by keyboard. */
export const Unavailable = ({ list }: { list: IdentityList }) => {
  const t = useText();
  const say = useSentences();
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
          const { message, next } = refusalText(code);
          return (
            <Typography key={`${identity.id} ${code}`} tag="li" variant="pi" textColor="neutral800">
              {textOf(identity).who}: {say([{ key: message }, { key: next }])}
            </Typography>
          );
        })}
      </Box>
    </details>
  );
};
