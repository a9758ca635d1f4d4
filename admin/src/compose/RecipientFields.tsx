import { Flex, TextButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import * as React from 'react';
import { repeatedIn } from '../recipients/chips';
import { RecipientsField } from '../recipients/RecipientsField';
import { useText } from '../shared/i18n/use-text';
import { useLazyMailboxesSuggestionsQuery } from './api';
import { recipientsOf, type Draft, type RecipientField } from './draft/draft';

interface Props {
  tenant: string;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  error: (field: RecipientField) => string | undefined;
}

/** To, and behind a button Cc and Bcc. What is in them, or is wrong in them, is always to be seen. */
export const RecipientFields = ({ tenant, draft, onChange, error }: Props) => {
  const t = useText();
  const [asked, setAsked] = React.useState(false);
  const [ask] = useLazyMailboxesSuggestionsQuery();
  const suggest = React.useCallback((q: string) => ask({ tenant, q }, true).unwrap(), [ask, tenant]);
  const [to, cc, bcc] = [draft.to.value, draft.cc.value, draft.bcc.value];
  // Thousands of addresses are not compared with every key that is pressed.
  const repeated = React.useMemo(() => {
    const [inTo, inCc] = [
      { label: t('compose.to'), value: to },
      { label: t('compose.cc'), value: cc },
    ];
    return { to: [], cc: repeatedIn(cc, [inTo]), bcc: repeatedIn(bcc, [inTo, inCc]) };
  }, [to, cc, bcc, t]);
  const filled = (['cc', 'bcc'] as const).some((field) => recipientsOf(draft[field]).length > 0 || error(field));
  // A field in which one takes the last recipient away stays where it is.
  React.useEffect(() => {
    if (filled) setAsked(true);
  }, [filled]);
  const field = (name: RecipientField, more: { hint?: string; required?: boolean; autoFocus?: boolean } = {}) => (
    <RecipientsField
      name={name}
      label={t(`compose.${name}`)}
      {...draft[name]}
      {...more}
      error={error(name)}
      repeated={repeated[name]}
      suggest={suggest}
      onChange={(next) => onChange({ [name]: next })}
    />
  );
  return (
    <>
      {field('to', { hint: t('compose.to.hint') })}
      {asked || filled ? (
        <>
          {field('cc', { autoFocus: asked && !filled })}
          {field('bcc', { hint: t('compose.bcc.hint') })}
        </>
      ) : (
        <Flex>
          <TextButton startIcon={<Plus />} onClick={() => setAsked(true)}>
            {t('compose.add-cc')}
          </TextButton>
        </Flex>
      )}
    </>
  );
};
