import { Field, SingleSelect, SingleSelectOption, Typography } from '@strapi/design-system';
import type { IdentityId, IdentityList } from '../../../server/src/contracts/answers';
import { useText, type TextKey } from '../shared/i18n/use-text';
import type { Choice } from './draft/draft';
import { useIdentityText } from '../shared/i18n/use-identity-text';

const NONE = 'none';

interface Props {
  name: 'from' | 'replyTo';
  label: TextKey;
  list: IdentityList;
  choice: Choice;
  onChange: (id: IdentityId | null) => void;
  error: string | undefined;
}

const Lines = ({ first, second }: { first: string; second?: string }) => (
  <>
    {first}
    {second !== undefined && (
      <Typography variant="pi" textColor="neutral600" style={{ display: 'block', whiteSpace: 'normal' }}>
        {second}
      </Typography>
    )}
  </>
);

/** Select of the identities that the server offers; unavailable ones are disabled and show the reason. */
export const IdentityField = ({ name, label, list, choice, onChange, error }: Props) => {
  const t = useText();
  const textOf = useIdentityText();
  const { identity } = choice;
  const unavailable = list.unavailable.filter((entry) => entry.list === name);

  const shown = identity ? textOf(identity) : null;
  // A Reply-To is a header only: no message is sent through it, so its transport does not matter.
  const showsTransport = name === 'from';
  const unnamed = identity?.source === 'own' && identity.name === null;
  const hint = [showsTransport && shown?.how, unnamed ? t('identity.own-unnamed') : ''].filter(Boolean).join('. ');
  const valueOfNone = name === 'replyTo' && !choice.gone ? NONE : '';
  return (
    <Field.Root
      name={name}
      required={name === 'from'}
      error={error ?? (choice.gone ? t('identity.gone') : undefined)}
      hint={hint || (name === 'replyTo' && identity === null ? t('compose.reply-none.hint') : undefined)}
    >
      <Field.Label>{t(label)}</Field.Label>
      <SingleSelect
        value={identity?.id ?? valueOfNone}
        customizeContent={() => shown?.who ?? t('compose.reply-none')}
        placeholder={t('compose.choose')}
        onChange={(id) => onChange(id === NONE ? null : (id as IdentityId))}
      >
        {name === 'replyTo' && <SingleSelectOption value={NONE}>{t('compose.reply-none')}</SingleSelectOption>}
        {list[name].map((entry) => {
          const { who, how } = textOf(entry);
          return (
            <SingleSelectOption key={entry.id} value={entry.id} textValue={who}>
              <Lines first={who} second={showsTransport ? how : undefined} />
            </SingleSelectOption>
          );
        })}
        {unavailable.map(({ identity: entry, code }) => {
          const { who } = textOf(entry);
          return (
            <SingleSelectOption key={`${entry.id} not now`} value={`${entry.id} not now`} textValue={who} disabled>
              <Lines first={who} second={t(`refusal.${code}`)} />
            </SingleSelectOption>
          );
        })}
      </SingleSelect>
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};
