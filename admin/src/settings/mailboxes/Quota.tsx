import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import { Notice } from '../../shared/ui/Notice';
import { useText } from '../../shared/i18n/use-text';
import type { MailboxList } from './api';

type QuotaAnswer = MailboxList['meta']['quota'];

export const isFull = ({ used, limit }: QuotaAnswer): boolean => used >= limit;

/** Link to the limit for an operator; the contact for others. */
const More = ({ quota: { contact }, rules }: { quota: QuotaAnswer; rules: string | null }) => {
  const t = useText();
  if (rules !== null)
    return (
      <Link tag={NavLink} to={rules}>
        {t('list.quota.raise')}
      </Link>
    );
  if (contact.url === undefined) return <>{contact.text ?? t('list.quota.full')}</>;
  return (
    <Link href={contact.url} isExternal>
      {contact.text ?? contact.url}
    </Link>
  );
};

/** "1 of 1 used". Operators always see the link to the limit, others the contact at the limit. */
export const Quota = ({ quota, rules }: { quota: QuotaAnswer; rules: string | null }) => {
  const t = useText();
  const { used, limit } = quota;
  return (
    <Flex gap={2} wrap="wrap">
      <Typography variant="pi" textColor="neutral600">
        {t('list.quota', { used, limit })} {rules === null && isFull(quota) && <More quota={quota} rules={null} />}
      </Typography>
      {rules !== null && <More quota={quota} rules={rules} />}
    </Flex>
  );
};

/** Notice above the form of a new mailbox if the limit is reached. */
export const QuotaNotice = ({ quota, rules }: { quota: QuotaAnswer; rules: string | null }) => {
  const t = useText();
  return (
    <Notice kind="warning" title={t('list.quota.reached', { limit: quota.limit })}>
      <More quota={quota} rules={rules} />
    </Notice>
  );
};
