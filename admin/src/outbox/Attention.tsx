import { Box, Flex, Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Overview } from '../../../server/src/contracts/answers';
import { Notice } from '../shared/ui/Notice';
import { OUTBOX_PATH } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { usePauseText } from './use-pause-text';

const COUNTED = [
  ['uncertain', 'uncertain'],
  ['failed', 'failed'],
  ['late', 'queued'],
] as const;

export const needsAttention = (overview: Overview): boolean =>
  overview.paused.length > 0 || COUNTED.some(([count]) => overview[count] > 0);

/** Counts of submissions that need attention, linked to their lists, and paused mailboxes with the reason. */
export const Attention = ({ overview, tenant }: { overview: Overview; tenant: string }) => {
  const t = useText();
  const pauseText = usePauseText();
  if (!needsAttention(overview)) return null;
  return (
    <Notice kind="warning" title={t('attention.title')}>
      <Flex direction="column" alignItems="flex-start" gap={1} tag="ul">
        {COUNTED.map(([count, state]) =>
          overview[count] > 0 ? (
            <li key={count}>
              <Link tag={NavLink} to={`${OUTBOX_PATH}?state=${state}&tenant=${tenant}`}>
                {t(`attention.${count}`, { count: overview[count] })}
              </Link>
            </li>
          ) : null
        )}
        {overview.paused.map(({ kind, name, email, code }) => (
          <Box tag="li" key={`${email} ${name}`}>
            {t('attention.paused', { name: name || email })} {pauseText(code, kind === 'system')}
          </Box>
        ))}
      </Flex>
    </Notice>
  );
};
