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

/** To, and Cc and Bcc behind a button; fields with recipients or an error are always shown. */
export const RecipientFields = ({ tenant, draft, onChange, error }: Props) => {
  const t = useText();
  const [isExpanded, setIsExpanded] = React.useState(false);
  const [fetchSuggestions] = useLazyMailboxesSuggestionsQuery();
  const suggest = React.useCallback(
    (q: string) => fetchSuggestions({ tenant, q }, true).unwrap(),
    [fetchSuggestions, tenant]
  );
  const [to, cc, bcc] = [draft.to.value, draft.cc.value, draft.bcc.value];
  // Memoized: comparing thousands of addresses on every key press is slow.
  const repeated = React.useMemo(() => {
    const [inTo, inCc] = [
      { label: t('compose.to'), value: to },
      { label: t('compose.cc'), value: cc },
    ];
    return { to: [], cc: repeatedIn(cc, [inTo]), bcc: repeatedIn(bcc, [inTo, inCc]) };
  }, [to, cc, bcc, t]);
  const isFilled = (['cc', 'bcc'] as const).some((field) => recipientsOf(draft[field]).length > 0 || error(field));
  // A field stays open when its last recipient is removed.
  React.useEffect(() => {
    if (isFilled) setIsExpanded(true);
  }, [isFilled]);
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
      {isExpanded || isFilled ? (
        <>
          {field('cc', { autoFocus: isExpanded && !isFilled })}
          {field('bcc', { hint: t('compose.bcc.hint') })}
        </>
      ) : (
        <Flex>
          <TextButton startIcon={<Plus />} onClick={() => setIsExpanded(true)}>
            {t('compose.add-cc')}
          </TextButton>
        </Flex>
      )}
    </>
  );
};
