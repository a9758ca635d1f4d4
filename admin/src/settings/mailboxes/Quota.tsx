import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import { Notice } from '../../shared/ui/Notice';
import { useText } from '../../shared/i18n/use-text';
import type { MailboxList } from './api';

type QuotaAnswer = MailboxList['meta']['quota'];

export const isFull = ({ used, limit }: QuotaAnswer): boolean => used >= limit;

/** The way to more mailboxes: the page of the rules, or whom to ask. */
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

/** "1 of 1 used", and whom to ask; an operator is led to the limit at any time. */
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

/** Above the form of a new mailbox, before it is filled in for nothing. */
export const QuotaNotice = ({ quota, rules }: { quota: QuotaAnswer; rules: string | null }) => {
  const t = useText();
  return (
    <Notice kind="warning" title={t('list.quota.reached', { limit: quota.limit })}>
      <More quota={quota} rules={rules} />
    </Notice>
  );
};
