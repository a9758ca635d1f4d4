import { Box, Button, Field, Flex, MultiSelect, MultiSelectOption, TextInput } from '@strapi/design-system';
import { Cross, Filter } from '@strapi/icons';
import * as React from 'react';
import type { IdentityId, SubmissionState } from '../../../../server/src/contracts/answers';
import { SelectField } from '../../shared/ui/fields';
import { SearchField } from '../../shared/ui/SearchField';
import { useNarrow } from '../../shared/ui/use-narrow';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { countOf, isBackwards, PERIODS, STATES, type Filters as Values } from './filters';
import type { ChangeFilters } from './use-filters';

/** The design system's list takes no empty value. */
const ALL = 'all';

export interface Sender {
  id: IdentityId;
  label: string;
}

interface Props {
  filters: Values;
  senders: readonly Sender[];
  /** The reader's own id; null: there is nobody else to choose. */
  reader: string | null;
  change: ChangeFilters;
  look: (q: string) => void;
  clear: () => void;
}

const Cell = ({ children }: { children: React.ReactNode }) => (
  <Box flex={{ initial: '1 1 100%', medium: '0 1 20rem' }} minWidth={0}>
    {children}
  </Box>
);

const StatesField = ({ states, change }: { states: readonly SubmissionState[]; change: ChangeFilters }) => {
  const t = useText();
  return (
    <Field.Root name="state">
      <Field.Label>{t('submissions.state')}</Field.Label>
      <MultiSelect
        name="state"
        value={[...states]}
        placeholder={t('submissions.all-states')}
        customizeContent={() => states.map((state) => t(`submission.${state}`)).join(', ')}
        onChange={(chosen) => change({ states: STATES.filter((state) => chosen.includes(state)) })}
      >
        {STATES.map((state) => (
          <MultiSelectOption key={state} value={state}>
            {t(`submission.${state}`)}
          </MultiSelectOption>
        ))}
      </MultiSelect>
    </Field.Root>
  );
};

const DayField = ({
  name,
  label,
  value,
  error,
  onChange,
}: {
  name: 'since' | 'until';
  label: TextKey;
  value: string;
  error?: string | undefined;
  onChange: (day: string) => void;
}) => {
  const t = useText();
  // A day is asked for when it is complete; until then it is only in the field.
  const [typed, setTyped] = React.useState(value);
  React.useEffect(() => setTyped(value), [value]);
  return (
    <Field.Root name={name} error={error}>
      <Field.Label>{t(label)}</Field.Label>
      <TextInput
        type="date"
        name={name}
        min="2000-01-01"
        max="2199-12-31"
        value={typed}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => {
          setTyped(target.value);
          if (target.value === '' || target.validity.valid) onChange(target.value);
        }}
      />
      <Field.Error />
    </Field.Root>
  );
};

const Fields = ({ filters, senders, reader, change }: Omit<Props, 'look' | 'clear'>) => {
  const t = useText();
  const { states, period, since, until, from, author } = filters;
  const offered = from === '' || senders.some(({ id }) => id === from);
  return (
    <>
      <Cell>
        <StatesField states={states} change={change} />
      </Cell>
      <Cell>
        <SelectField
          name="period"
          label="submissions.period"
          value={period === '' ? ALL : period}
          options={[
            [ALL, t('submissions.period.any')] as const,
            ...PERIODS.map((known) => [known, t(`submissions.period.${known}`)] as const),
          ]}
          onChange={(chosen) => change({ period: chosen === ALL ? '' : chosen, since: '', until: '' })}
        />
      </Cell>
      {period === 'dates' && (
        <>
          <Cell>
            <DayField name="since" label="submissions.since" value={since} onChange={(day) => change({ since: day })} />
          </Cell>
          <Cell>
            <DayField
              name="until"
              label="submissions.until"
              value={until}
              error={isBackwards(filters) ? t('submissions.until.before') : undefined}
              onChange={(day) => change({ until: day })}
            />
          </Cell>
        </>
      )}
      <Cell>
        <SelectField<IdentityId | typeof ALL>
          name="from"
          label="submissions.from"
          value={from === '' ? ALL : from}
          options={[
            [ALL, t('submissions.from.any')],
            ...senders.map(({ id, label }) => [id, label] as const),
            ...(from === '' || offered ? [] : [[from, t('submissions.from.other')] as const]),
          ]}
          onChange={(chosen) => change({ from: chosen === ALL ? '' : chosen })}
        />
      </Cell>
      {reader !== null && (
        <Cell>
          <SelectField
            name="author"
            label="submission.author"
            value={author === '' ? ALL : author}
            options={[
              [ALL, t('submissions.author.everybody')],
              [reader, t('submissions.author.you')],
              ...(author === '' || author === reader
                ? []
                : [[author, t('submissions.author.number', { id: author })] as const]),
            ]}
            onChange={(chosen) => change({ author: chosen === ALL ? '' : chosen })}
          />
        </Cell>
      )}
    </>
  );
};

/** Search and filters; on a small screen the filters are behind a button, which says how many there are. */
export const Filters = ({ look, clear, ...fields }: Props) => {
  const t = useText();
  const narrow = useNarrow();
  const [open, setOpen] = React.useState(false);
  const { filters } = fields;
  const count = countOf(filters);
  const hidden = countOf({ ...filters, q: '' });
  return (
    <Flex gap={3} wrap="wrap" alignItems="flex-end" role="search" aria-label={t('submissions.filters')}>
      <Box flex={{ initial: '1 1 100%', medium: '1 1 26rem' }} maxWidth={{ initial: '100%', medium: '44rem' }}>
        <SearchField q={filters.q} label="submissions.search" look={look} />
      </Box>
      {narrow && (
        <Button variant="tertiary" startIcon={<Filter />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {hidden === 0 ? t('submissions.filters') : t('submissions.filters.count', { count: hidden })}
        </Button>
      )}
      {(!narrow || open) && <Fields {...fields} />}
      {count > 0 && (
        <Button variant="tertiary" startIcon={<Cross />} onClick={clear}>
          {t('submissions.clear')}
        </Button>
      )}
    </Flex>
  );
};
