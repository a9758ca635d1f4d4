import { Box, Flex, Typography } from '@strapi/design-system';
import { Section } from '../../shared/ui/fields';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import type { MailboxForm } from './form';
import { wayOf } from './way';

type Offered = Pick<MailboxForm, 'enabled' | 'sender' | 'reply'>;

const whereText = ({ enabled, sender, reply }: Offered): TextKey => {
  if (!enabled) return 'preview.disabled';
  if (sender && reply) return 'preview.both';
  if (sender) return 'preview.from';
  return reply ? 'preview.reply' : 'preview.nowhere';
};

/** Identity offered to editors and delivery route, for the current form values. */
export const Preview = ({ form, systemEmail }: { form: MailboxForm; systemEmail: string | null }) => {
  const t = useText();
  const { key, values } = wayOf(form, systemEmail);
  return (
    <Section title="section.preview">
      <Flex direction="column" alignItems="stretch" gap={3} aria-live="polite">
        <Box padding={3} hasRadius background="neutral100" style={{ overflowWrap: 'anywhere' }}>
          <Typography tag="p" fontWeight="semiBold">
            {form.name.trim() || '…'}
          </Typography>
          <Typography tag="p" variant="pi" textColor="neutral600">
            {form.email.trim() || '…'}
          </Typography>
        </Box>
        <Typography tag="p">{t(whereText(form))}</Typography>
        <Typography tag="p" textColor="neutral600">
          {t(key, values)}
        </Typography>
        <Typography tag="p" textColor="neutral600">
          {t(form.restricted ? 'preview.restricted' : 'preview.everyone')}
        </Typography>
      </Flex>
    </Section>
  );
};
