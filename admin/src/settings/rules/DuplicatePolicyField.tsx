import { Box, Flex, Typography } from '@strapi/design-system';
import type { DuplicatePolicy, Identity, OwnAddressRule } from '../../../../server/src/contracts/answers';
import { duplicateExample } from '../../../../server/src/contracts/duplicates';
import { RadioField } from '../../shared/ui/fields';
import { useText, type TextKey } from '../../shared/i18n/use-text';

const POLICIES: readonly { value: DuplicatePolicy; label: TextKey }[] = [
  { value: 'own-name', label: 'duplicates.own-name' },
  { value: 'both', label: 'duplicates.both' },
  { value: 'mailbox-name', label: 'duplicates.mailbox-name' },
];

/** Identities that a policy offers in one list. */
const Offered = ({ identities }: { identities: readonly Identity[] }) => {
  const t = useText();
  return (
    <Flex tag="ul" direction="column" alignItems="stretch" gap={2}>
      {identities.map(({ id, name, email, transport }) => (
        <Box tag="li" key={id} background="neutral0" hasRadius borderColor="neutral200" padding={2}>
          <Typography tag="p" fontWeight="semiBold">
            {name}
          </Typography>
          <Typography tag="p" variant="pi" textColor="neutral600">
            {email} ·{' '}
            {transport.kind === 'mailbox'
              ? t('duplicates.through', { name: transport.name })
              : t('duplicates.through-system')}
          </Typography>
        </Box>
      ))}
    </Flex>
  );
};

/** Policy for identities with the same address. Each option shows the result of the real rule for an example. */
export const DuplicatePolicyField = ({
  value,
  ownAddress,
  onChange,
}: {
  value: DuplicatePolicy;
  ownAddress: OwnAddressRule;
  onChange: (value: DuplicatePolicy) => void;
}) => {
  const t = useText();
  const names = {
    firstname: t('duplicates.example.firstname'),
    lastname: t('duplicates.example.lastname'),
    mailbox: t('duplicates.example.mailbox'),
  };
  const rule = ownAddress === 'off' ? 'sender-and-reply-to' : ownAddress;
  const list = rule === 'reply-to' ? 'replyTo' : 'from';
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <Typography textColor="neutral600">
        {t('duplicates.example', {
          name: `${names.firstname} ${names.lastname}`,
          mailbox: names.mailbox,
          list: t(list === 'from' ? 'flag.sender' : 'flag.reply'),
        })}
      </Typography>
      {ownAddress === 'off' && <Typography textColor="neutral600">{t('duplicates.off')}</Typography>}
      <RadioField
        name="duplicatePolicy"
        label="duplicates.label"
        value={value}
        onChange={onChange}
        options={POLICIES.map(({ value: policy, label }) => ({
          value: policy,
          label: t(label),
          children: <Offered identities={duplicateExample(policy, rule, names, true)[list]} />,
        }))}
      />
    </Flex>
  );
};
