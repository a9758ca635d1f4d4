import { Box, Flex, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';
import { styled } from 'styled-components';
import { SETTINGS_PATH } from '../../shared/paths';
import { permission } from '../../shared/permissions';
import { useText, type TextKey } from '../../shared/i18n/use-text';

const READ_WEBHOOKS = [{ action: 'admin::webhooks.read', subject: null }];

/**
 * Pages of Settings → Mailboxes that the user may open. One call per group: `useRBAC` keys its results by the last word
 * of an action.
 */
export const useSections = () => {
  const mailboxes = useRBAC(permission('mailboxes.read'));
  const grants = useRBAC(permission('grants.manage'));
  const tenants = useRBAC(permission('tenants.manage'));
  const guard = useRBAC(permission('guard.read'));
  const webhooks = useRBAC(READ_WEBHOOKS);
  const operate = tenants.allowedActions.canManage === true;
  return {
    loading: [mailboxes, grants, tenants, guard, webhooks].some(({ isLoading }) => isLoading),
    operate,
    mailboxes: operate || mailboxes.allowedActions.canRead === true,
    grants: operate || grants.allowedActions.canManage === true,
    guard: guard.allowedActions.canRead === true,
    events: webhooks.allowedActions.canRead === true,
  };
};

const Tab = styled(NavLink)`
  display: block;
  padding-block: 0.8rem;
  border-bottom: 2px solid transparent;
  color: ${({ theme }) => theme.colors.neutral600};
  text-decoration: none;

  &.active {
    border-color: ${({ theme }) => theme.colors.primary600};
    color: ${({ theme }) => theme.colors.primary600};
  }
`;

/** Navigation between the pages that the user may open. */
export const SectionNav = () => {
  const t = useText();
  const may = useSections();
  const links: readonly (readonly [path: string, text: TextKey, shown: boolean])[] = [
    ['', 'settings.title', may.mailboxes],
    ['/access', 'overview.title', may.mailboxes || may.grants],
    ['/events', 'events.title', may.events],
    ['/guard', 'guard.title', may.guard],
  ];
  const shown = links.filter(([, , allowed]) => allowed);
  if (shown.length < 2) return null;
  return (
    <Box tag="nav" aria-label={t('settings.sections')} paddingBottom={6}>
      <Flex tag="ul" gap={6} wrap="wrap">
        {shown.map(([path, text]) => (
          <li key={path}>
            <Tab to={`${SETTINGS_PATH}${path}`} end={path === ''}>
              <Typography variant="pi" fontWeight="bold" textColor="currentColor" tag="span">
                {t(text)}
              </Typography>
            </Tab>
          </li>
        ))}
      </Flex>
    </Box>
  );
};
