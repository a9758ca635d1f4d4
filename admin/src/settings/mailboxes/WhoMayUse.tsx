import { Box, Flex, Link, Typography } from '@strapi/design-system';
import type { Mailbox, TenantRef } from '../../../../server/src/contracts/answers';
import { useMailboxesWhoMayUseQuery } from '../grants/who-may-use-api';
import { useReasonUntil } from '../grants/use-reason-until';
import { NavLink } from 'react-router-dom';
import { Section } from '../../shared/ui/fields';
import { accessOf } from '../../shared/paths';
import { useText } from '../../shared/i18n/use-text';

/** Users who may use the stored mailbox, each with the reason. */
export const WhoMayUse = ({
  mailbox,
  tenants,
  mayGrant,
}: {
  mailbox: Mailbox;
  tenants: readonly TenantRef[];
  mayGrant: boolean;
}) => {
  const t = useText();
  const reason = useReasonUntil(mailbox, mayGrant);
  const { data, isError } = useMailboxesWhoMayUseQuery({ mailbox: mailbox.id }, { refetchOnMountOrArgChange: true });
  if (!data && !isError) return null;
  const rows = data?.data ?? [];
  const total = data?.meta.pagination.total ?? 0;
  const inTenant = (id: string): string =>
    tenants.length > 1 ? ` · ${tenants.find((tenant) => tenant.id === id)?.name ?? ''}` : '';
  return (
    <Section title="section.who">
      <Typography variant="pi" textColor="neutral600">
        {t('who.stored')}
      </Typography>
      {isError && <Typography textColor="danger600">{t('error.unknown')}</Typography>}
      {data && rows.length === 0 && <Typography textColor="warning700">{t('who.nobody')}</Typography>}
      {rows.length > 0 && (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
          {rows.map(({ user, name, email, tenant, because }) => (
            <Box tag="li" key={`${user} ${tenant}`} style={{ overflowWrap: 'anywhere' }}>
              <Typography tag="p" fontWeight="semiBold">
                {name || email}
              </Typography>
              <Typography tag="p" variant="pi" textColor="neutral600">
                {because.map((one) => reason(one, user)).join(', ')}
                {inTenant(tenant)}
              </Typography>
            </Box>
          ))}
        </Flex>
      )}
      {total > rows.length && <Typography variant="pi">{t('who.more', { count: total - rows.length })}</Typography>}
      <Link tag={NavLink} to={accessOf({ mailbox: mailbox.id })}>
        {t('who.overview')}
      </Link>
    </Section>
  );
};
