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

/** Value of the option without a filter: the select of the design system has no empty value. */
const ALL = 'all';

export interface Sender {
  id: IdentityId;
  label: string;
}

interface Props {
  filters: Values;
  senders: readonly Sender[];
  /** Id of the user; null: no filter by author, because only the user's own submissions are visible. */
  reader: string | null;
  change: ChangeFilters;
  search: (q: string) => void;
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
  // An incomplete date changes the field only, not the filter.
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

type FieldProps = Omit<Props, 'search' | 'clear'>;

const PeriodFields = ({ filters, change }: Pick<FieldProps, 'filters' | 'change'>) => {
  const t = useText();
  const { period, since, until } = filters;
  return (
    <>
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
    </>
  );
};

const FromField = ({ filters: { from }, senders, change }: Omit<FieldProps, 'reader'>) => {
  const t = useText();
  const offered = from === '' || senders.some(({ id }) => id === from);
  return (
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
  );
};

interface AuthorProps {
  author: string;
  reader: string;
  change: ChangeFilters;
}

const AuthorField = ({ author, reader, change }: AuthorProps) => {
  const t = useText();
  return (
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
  );
};

const Fields = ({ filters, senders, reader, change }: FieldProps) => (
  <>
    <Cell>
      <StatesField states={filters.states} change={change} />
    </Cell>
    <PeriodFields filters={filters} change={change} />
    <Cell>
      <FromField filters={filters} senders={senders} change={change} />
    </Cell>
    {reader !== null && (
      <Cell>
        <AuthorField author={filters.author} reader={reader} change={change} />
      </Cell>
    )}
  </>
);

/** Search and filters; a small screen collapses the filters behind a button that shows their number. */
export const Filters = ({ search, clear, ...fields }: Props) => {
  const t = useText();
  const narrow = useNarrow();
  const [open, setOpen] = React.useState(false);
  const { filters } = fields;
  const count = countOf(filters);
  const hidden = countOf({ ...filters, q: '' });
  return (
    <Flex gap={3} wrap="wrap" alignItems="flex-end" role="search" aria-label={t('submissions.filters')}>
      <Box flex={{ initial: '1 1 100%', medium: '1 1 26rem' }} maxWidth={{ initial: '100%', medium: '44rem' }}>
        <SearchField q={filters.q} label="submissions.search" onSearch={search} />
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
