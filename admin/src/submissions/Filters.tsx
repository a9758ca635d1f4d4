import { Box, Flex, Searchbar, SearchForm } from '@strapi/design-system';
import * as React from 'react';
import type { SubmissionState } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';
import { SelectField } from '../lib/fields';

const STATES: readonly SubmissionState[] = [
  'held',
  'queued',
  'submitting',
  'submitted',
  'failed',
  'uncertain',
  'canceled',
];
const ALL = 'all';
const TYPING_MS = 300;

interface Props {
  q: string;
  state: string;
  onChange: (part: { q?: string; state?: string }) => void;
}

/** Search by subject, and by state. The server is asked when somebody pauses typing. */
export const Filters = ({ q, state, onChange }: Props) => {
  const t = useText();
  const [typed, setTyped] = React.useState(q);
  React.useEffect(() => setTyped(q), [q]);
  React.useEffect(() => {
    if (typed === q) return;
    const timer = window.setTimeout(() => onChange({ q: typed }), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed, q, onChange]);

  return (
    <Flex gap={4} wrap="wrap" alignItems="flex-end">
      <Box minWidth="24rem">
        <SelectField
          name="state"
          label="submissions.state"
          value={STATES.find((known) => known === state) ?? ALL}
          options={[
            [ALL, t('submissions.all-states')] as const,
            ...STATES.map((known) => [known, t(`submission.${known}`)] as const),
          ]}
          onChange={(chosen) => onChange({ state: chosen === ALL ? '' : chosen })}
        />
      </Box>
      <SearchForm onSubmit={(event) => event.preventDefault()}>
        <Searchbar
          name="q"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onClear={() => setTyped('')}
          clearLabel={t('list.search.clear')}
          placeholder={t('submissions.search')}
        >
          {t('submissions.search')}
        </Searchbar>
      </SearchForm>
    </Flex>
  );
};
