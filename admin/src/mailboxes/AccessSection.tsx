import {
  Combobox,
  ComboboxOption,
  Field,
  Flex,
  Grid,
  IconButton,
  SingleSelect,
  SingleSelectOption,
  Typography,
} from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import * as React from 'react';
import { useText } from '../lib/use-text';
import { useMailboxesRolesQuery, useMailboxesUsersQuery, type Choice } from './api';
import { Section, ToggleField } from './fields';
import type { MailboxForm } from './form';
import { sameSubject, type GrantEntry } from './grants';

interface Props {
  form: MailboxForm;
  change: (part: Partial<MailboxForm>) => void;
  entries: readonly GrantEntry[];
  setEntries: (entries: GrantEntry[]) => void;
  /** What could not be granted by the last save. */
  failed: readonly GrantEntry[];
}

const label = ({ name, email, id }: Choice): string => [name, email].filter(Boolean).join(' · ') || `#${id}`;

const Row = ({
  entry,
  choice,
  failed,
  remove,
  setEnd,
}: {
  entry: GrantEntry;
  choice: Choice | undefined;
  failed: boolean;
  remove: () => void;
  setEnd: (end: string | null) => void;
}) => {
  const t = useText();
  const name = choice ? label(choice) : `#${entry.subject}`;
  return (
    <Flex tag="li" justifyContent="space-between" gap={3}>
      <Typography textColor={failed ? 'danger600' : 'neutral800'}>
        {t(entry.kind === 'user' ? 'access.user' : 'access.role')}: {name} {failed ? `(${t('access.failed')})` : ''}
      </Typography>
      <Flex gap={2}>
        <Field.Root name={`end-${entry.kind}-${entry.subject}`}>
          <Field.Label>{t('access.until')}</Field.Label>
          <Field.Input
            type="date"
            value={entry.expiresAt?.slice(0, 10) ?? ''}
            onChange={({ target }) =>
              setEnd(target.value === '' ? null : new Date(`${target.value}T23:59:59`).toISOString())
            }
          />
        </Field.Root>
        <IconButton label={t('access.remove', { name })} onClick={remove}>
          <Trash />
        </IconButton>
      </Flex>
    </Flex>
  );
};

/** Who may use a restricted mailbox: users by login name, and roles. */
export const AccessSection = ({ form, change, entries, setEntries, failed }: Props) => {
  const t = useText();
  const [q, setQ] = React.useState('');
  const { data: users = [], isFetching } = useMailboxesUsersQuery(q, { skip: !form.restricted });
  const { data: roles = [] } = useMailboxesRolesQuery(undefined, { skip: !form.restricted });
  // A search shows other users; those that are granted keep their names.
  const known = React.useRef(new Map<number, Choice>());
  for (const user of users) known.current.set(user.id, user);

  const add = (kind: GrantEntry['kind'], subject: number) => {
    const entry: GrantEntry = { kind, subject, expiresAt: null, id: null };
    if (!entries.some((other) => sameSubject(other, entry))) setEntries([...entries, entry]);
  };

  return (
    <Section title="section.access">
      <ToggleField
        name="restricted"
        label="restricted"
        hint={t('restricted.hint')}
        checked={form.restricted}
        onChange={(restricted) => change({ restricted })}
      />
      {form.restricted && (
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Grid.Root gap={4}>
            <Grid.Item col={6} xs={12} direction="column" alignItems="stretch">
              <Field.Root name="add-user">
                <Field.Label>{t('access.add-user')}</Field.Label>
                <Combobox
                  key={entries.length}
                  loading={isFetching}
                  autocomplete={{ type: 'list', filter: 'contains' }}
                  placeholder={t('access.add-user.placeholder')}
                  noOptionsMessage={() => t('access.nobody')}
                  onInputChange={({ target }) => setQ(target.value)}
                  onChange={(id) => id && add('user', Number(id))}
                >
                  {users.map((user) => (
                    <ComboboxOption key={user.id} value={String(user.id)} textValue={label(user)}>
                      {label(user)}
                    </ComboboxOption>
                  ))}
                </Combobox>
              </Field.Root>
            </Grid.Item>
            <Grid.Item col={6} xs={12} direction="column" alignItems="stretch">
              <Field.Root name="add-role">
                <Field.Label>{t('access.add-role')}</Field.Label>
                <SingleSelect
                  value={null}
                  placeholder={t('access.add-role.placeholder')}
                  onChange={(id) => add('role', Number(id))}
                >
                  {roles.map((role) => (
                    <SingleSelectOption key={role.id} value={role.id}>
                      {role.name}
                    </SingleSelectOption>
                  ))}
                </SingleSelect>
              </Field.Root>
            </Grid.Item>
          </Grid.Root>
          {entries.length === 0 ? (
            <Typography textColor="warning600">{t('access.none')}</Typography>
          ) : (
            <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
              {entries.map((entry) => (
                <Row
                  key={`${entry.kind}-${entry.subject}`}
                  entry={entry}
                  choice={
                    entry.kind === 'user'
                      ? known.current.get(entry.subject)
                      : roles.find(({ id }) => id === entry.subject)
                  }
                  failed={failed.some((other) => sameSubject(other, entry))}
                  remove={() => setEntries(entries.filter((other) => !sameSubject(other, entry)))}
                  setEnd={(expiresAt) =>
                    setEntries(entries.map((other) => (sameSubject(other, entry) ? { ...other, expiresAt } : other)))
                  }
                />
              ))}
            </Flex>
          )}
        </Flex>
      )}
    </Section>
  );
};
