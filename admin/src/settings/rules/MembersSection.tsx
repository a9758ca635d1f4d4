import { Flex, IconButton, Typography } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import * as React from 'react';
import { keyOf, type Subject } from '../grants/entries';
import { SubjectList } from '../grants/SubjectList';
import { labelOf, SubjectPickers } from '../grants/SubjectPickers';
import { Section, ToggleField } from '../../shared/ui/fields';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesMembersQuery } from './api';
import type { RulesForm } from './form';

type Members = RulesForm['members'];

const NOBODY = { users: [] as number[], roles: [] as number[] };

/** Members of a tenant: everyone, or users and roles by name. */
export const MembersSection = ({
  tenant,
  members,
  error,
  change,
}: {
  tenant: string;
  members: Members;
  error: string | undefined;
  change: (members: Members) => void;
}) => {
  const t = useText();
  const { data: stored = [] } = useMailboxesMembersQuery(tenant);
  const [names, setNames] = React.useState(() => new Map<string, string>());
  const listed = members === 'everyone' ? NOBODY : members;
  const present = [
    ...listed.users.map((subject) => ({ kind: 'user' as const, subject })),
    ...listed.roles.map((subject) => ({ kind: 'role' as const, subject })),
  ];

  const nameOf = (entry: Subject): string => {
    const member = stored.find(({ kind, id }) => kind === entry.kind && id === entry.subject);
    return member ? labelOf(member) : (names.get(keyOf(entry)) ?? `#${entry.subject}`);
  };
  const remove = ({ kind, subject }: Subject) => {
    const others = (ids: readonly number[]) => ids.filter((id) => id !== subject);
    change(kind === 'user' ? { ...listed, users: others(listed.users) } : { ...listed, roles: others(listed.roles) });
  };

  return (
    <Section title="section.members">
      <ToggleField
        name="everyone"
        label="members.everyone"
        hint={t('members.everyone.hint')}
        error={error}
        value={members === 'everyone'}
        onChange={(everyone) => change(everyone ? 'everyone' : NOBODY)}
      />
      {members !== 'everyone' && (
        <>
          <SubjectPickers
            present={present}
            add={(added, choice) => {
              const { kind, subject } = added;
              setNames((before) => new Map(before).set(keyOf(added), labelOf(choice)));
              change(
                kind === 'user'
                  ? { ...listed, users: [...listed.users, subject] }
                  : { ...listed, roles: [...listed.roles, subject] }
              );
            }}
          />
          <SubjectList label="section.members" none="members.none" entries={present} remove={remove}>
            {(entry, removeRow) => (
              <Flex
                tag="li"
                justifyContent="space-between"
                gap={3}
                // Between two members only.
                paddingTop={entry === present[0] ? 0 : 2}
              >
                <Typography style={{ overflowWrap: 'anywhere' }}>
                  {t(entry.kind === 'user' ? 'access.user' : 'access.role')}: {nameOf(entry)}
                </Typography>
                <IconButton type="button" label={t('access.remove', { name: nameOf(entry) })} onClick={removeRow}>
                  <Trash />
                </IconButton>
              </Flex>
            )}
          </SubjectList>
        </>
      )}
    </Section>
  );
};
