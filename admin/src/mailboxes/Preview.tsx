import { Box, Flex, Typography } from '@strapi/design-system';
import type { Because } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';
import { useMailboxesWhoMayUseQuery } from './api';
import { Section } from './fields';
import type { MailboxForm } from './form';

/** What editors will see, from what stands in the form. */
export const Preview = ({ form }: { form: MailboxForm }) => {
  const t = useText();
  const shown = form.name.trim() === '' ? form.email : `${form.name.trim()} <${form.email}>`;
  const where =
    form.sender && form.reply
      ? t('preview.both')
      : form.sender
        ? t('preview.from')
        : form.reply
          ? t('preview.reply')
          : t('preview.nowhere');
  return (
    <Section title="section.preview">
      <Typography tag="p" fontWeight="semiBold">
        {shown.trim() === '' ? '…' : shown}
      </Typography>
      <Typography tag="p" textColor="neutral600">
        {form.enabled ? where : t('preview.disabled')}
      </Typography>
      <Typography tag="p" textColor="neutral600">
        {form.authenticated ? t('preview.own', { host: form.host || '…' }) : t('preview.system')}
      </Typography>
    </Section>
  );
};

const useReason = () => {
  const t = useText();
  return (because: Because): string => {
    if (because === 'open') return t('because.open');
    if (because === 'user-grant') return t('because.user-grant');
    return because.startsWith('role-grant:') ? t('because.role-grant') : because;
  };
};

export const WhoMayUse = ({ mailbox }: { mailbox: string }) => {
  const t = useText();
  const reason = useReason();
  const { data } = useMailboxesWhoMayUseQuery(mailbox);
  if (!data) return null;
  return (
    <Section title="section.who">
      {data.data.length === 0 && <Typography textColor="warning600">{t('who.nobody')}</Typography>}
      <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
        {data.data.map(({ user, name, email, tenant, because }) => (
          <Box tag="li" key={`${user} ${tenant}`}>
            <Typography tag="p" fontWeight="semiBold">
              {name || email}
            </Typography>
            <Typography tag="p" variant="pi" textColor="neutral600">
              {because.map(reason).join(', ')}
            </Typography>
          </Box>
        ))}
      </Flex>
      {data.meta.pagination.total > data.data.length && (
        <Typography variant="pi">{t('who.more', { count: data.meta.pagination.total - data.data.length })}</Typography>
      )}
    </Section>
  );
};
