import { Combobox, ComboboxOption, Field, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import * as React from 'react';
import { Columns } from '../../shared/ui/fields';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesRolesQuery, useMailboxesUsersQuery, type SubjectOption } from './api';
import { sameSubject, type Subject } from './entries';

/** Returns name and e-mail; the e-mail is the login name in Strapi. */
export const labelOf = ({ id, name, email }: SubjectOption): string =>
  [name, email].filter(Boolean).join(' · ') || `#${id}`;

/** "Add user" by login name, and "Add role". Subjects in `present` are not offered again. */
export const SubjectPickers = ({
  present,
  add,
}: {
  present: readonly Subject[];
  add: (subject: Subject, choice: SubjectOption) => void;
}) => {
  const t = useText();
  const [q, setQ] = React.useState('');
  const { data: users = [], isFetching } = useMailboxesUsersQuery(q);
  const { data: roles = [] } = useMailboxesRolesQuery();
  const free = (kind: Subject['kind']) => (choice: SubjectOption) =>
    !present.some((other) => sameSubject(other, { kind, subject: choice.id }));
  const choose = (kind: Subject['kind'], choices: readonly SubjectOption[], id: number) => {
    const choice = choices.find((other) => other.id === id);
    if (choice) add({ kind, subject: id }, choice);
    setQ('');
  };

  return (
    <Columns>
      <Field.Root name="add-user">
        <Field.Label>{t('access.add-user')}</Field.Label>
        <Combobox
          // Clears the typed text after every choice.
          key={present.length}
          loading={isFetching}
          autocomplete={{ type: 'list', filter: 'contains' }}
          placeholder={t('access.add-user.placeholder')}
          noOptionsMessage={() => t('access.nobody')}
          loadingMessage={t('access.loading')}
          onInputChange={({ target }) => setQ(target.value)}
          onChange={(id) => id && choose('user', users, Number(id))}
        >
          {users.filter(free('user')).map((user) => (
            <ComboboxOption key={user.id} value={String(user.id)} textValue={labelOf(user)}>
              {labelOf(user)}
            </ComboboxOption>
          ))}
        </Combobox>
      </Field.Root>
      <Field.Root name="add-role">
        <Field.Label>{t('access.add-role')}</Field.Label>
        <SingleSelect
          value={null}
          placeholder={t('access.add-role.placeholder')}
          onChange={(id) => choose('role', roles, Number(id))}
        >
          {roles.filter(free('role')).map((role) => (
            <SingleSelectOption key={role.id} value={role.id}>
              {role.name}
            </SingleSelectOption>
          ))}
        </SingleSelect>
      </Field.Root>
    </Columns>
  );
};
