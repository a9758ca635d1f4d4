import { Field, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import type { Identity, IdentityId, IdentityList } from '../../../server/src/contracts/answers';
import { useText, type TextKey } from '../lib/use-text';

const NONE = 'none';

interface Props {
  name: 'from' | 'replyTo';
  label: TextKey;
  list: IdentityList;
  value: IdentityId | null;
  onChange: (id: IdentityId | null) => void;
  error?: string | undefined;
}

const useDescription = () => {
  const t = useText();
  return ({ name, email, source, transport, paused }: Identity): string => {
    const who = name ? `${name} <${email}>` : email || t(source === 'system' ? 'identity.system' : 'identity.own');
    const how =
      transport.kind === 'mailbox' ? t('identity.through', { name: transport.name }) : t('identity.through-system');
    return [who, how, paused ? t('identity.paused') : ''].filter(Boolean).join(' · ');
  };
};

/** A drop-down with exactly what the server decided; what cannot be used says why. */
export const IdentityField = ({ name, label, list, value, onChange, error }: Props) => {
  const t = useText();
  const describe = useDescription();
  const unavailable = list.unavailable.filter((entry) => entry.list === name);
  return (
    <Field.Root name={name} error={error} required={name === 'from'}>
      <Field.Label>{t(label)}</Field.Label>
      <SingleSelect value={value ?? NONE} onChange={(id) => onChange(id === NONE ? null : (id as IdentityId))}>
        {name === 'replyTo' && <SingleSelectOption value={NONE}>{t('compose.reply-none')}</SingleSelectOption>}
        {list[name].map((identity) => (
          <SingleSelectOption key={identity.id} value={identity.id}>
            {describe(identity)}
          </SingleSelectOption>
        ))}
        {unavailable.map(({ identity, code }) => (
          <SingleSelectOption key={`${identity.id} unavailable`} value={`${identity.id} unavailable`} disabled>
            {`${describe(identity)} — ${t(`refusal.${code}` as TextKey)}`}
          </SingleSelectOption>
        ))}
      </SingleSelect>
      <Field.Error />
    </Field.Root>
  );
};
