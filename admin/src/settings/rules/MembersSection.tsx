import { Flex, IconButton, Typography } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import * as React from 'react';
import { labelOf, SubjectPickers } from '../grants/SubjectPickers';
import { Section, ToggleField } from '../../shared/ui/fields';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesMembersQuery } from './api';
import type { RulesForm } from './form';

type Members = RulesForm['members'];
type Kind = 'user' | 'role';

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
  const list = React.useRef<HTMLUListElement>(null);

  const nameOf = (kind: Kind, subject: number): string => {
    const member = stored.find((other) => other.kind === kind && other.id === subject);
    return member ? labelOf(member) : (names.get(`${kind}-${subject}`) ?? `#${subject}`);
  };
  const remove = (kind: Kind, subject: number) => {
    const others = (ids: readonly number[]) => ids.filter((id) => id !== subject);
    change(kind === 'user' ? { ...listed, users: others(listed.users) } : { ...listed, roles: others(listed.roles) });
    list.current?.focus();
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
            add={({ kind, subject }, choice) => {
              setNames((before) => new Map(before).set(`${kind}-${subject}`, labelOf(choice)));
              change(
                kind === 'user'
                  ? { ...listed, users: [...listed.users, subject] }
                  : { ...listed, roles: [...listed.roles, subject] }
              );
            }}
          />
          {present.length === 0 && <Typography textColor="warning700">{t('members.none')}</Typography>}
          <Flex
            ref={list}
            tag="ul"
            tabIndex={-1}
            aria-label={t('section.members')}
            direction="column"
            alignItems="stretch"
            gap={2}
            hidden={present.length === 0}
          >
            {present.map(({ kind, subject }) => (
              <Flex tag="li" key={`${kind}-${subject}`} justifyContent="space-between" gap={3}>
                <Typography style={{ overflowWrap: 'anywhere' }}>
                  {t(kind === 'user' ? 'access.user' : 'access.role')}: {nameOf(kind, subject)}
                </Typography>
                <IconButton
                  type="button"
                  label={t('access.remove', { name: nameOf(kind, subject) })}
                  onClick={() => remove(kind, subject)}
                >
                  <Trash />
                </IconButton>
              </Flex>
            ))}
          </Flex>
        </>
      )}
    </Section>
  );
};
