import { Badge, Td, Tr, Typography } from '@strapi/design-system';
import { CheckCircle } from '@strapi/icons';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import { entriesOf, type IdentityEntry } from '../../../../server/src/contracts/identities';
import type { GrantProblem, TenantRef } from '../../../../server/src/contracts/answers';
import { useIdentityText } from '../../shared/i18n/use-identity-text';
import { useMailboxesUsersQuery } from '../grants/api';
import { labelOf } from '../grants/SubjectPickers';
import { ChoiceField } from '../../shared/ui/ChoiceField';
import { refusalOf } from '../../shared/api/client';
import { accessOf } from '../../shared/paths';
import { RowTable } from '../../shared/ui/RowTable';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useMailboxesOfUserQuery, useMailboxesUserQuery, type Part } from '../grants/who-may-use-api';
import { Nothing, Results } from './Results';
import type { ChangeParams } from './use-access-params';
import { useReason } from '../grants/use-reason';

interface Props {
  user: number | undefined;
  tenant: string | undefined;
  tenants: readonly TenantRef[];
  part: Part;
  mayRead: boolean;
  change: ChangeParams;
  onSearch: (q: string) => void;
}

/** Reasons why a user has no identities. */
const PROBLEMS: Partial<Record<GrantProblem, TextKey>> = {
  blocked: 'overview.blocked',
  inactive: 'overview.inactive',
  'cannot-send': 'overview.cannot-send',
};

/** State of an identity in From or Reply-To. */
const StatusPanel = ({ of }: { of: IdentityEntry['from'] }) => {
  const t = useText();
  if (of === null) return <Typography textColor="neutral600">{t('overview.not-here')}</Typography>;
  if (of !== 'offered') return <Typography textColor="warning700">{t(`refusal.${of.code}`)}</Typography>;
  return (
    <Typography>
      <CheckCircle fill="success600" width="1.2rem" height="1.2rem" aria-hidden /> {t('overview.offered')}
    </Typography>
  );
};

const MAILBOX = 'mailbox:';

const Entry = ({ entry, mayRead }: { entry: IdentityEntry; mayRead: boolean }) => {
  const t = useText();
  const textOf = useIdentityText();
  const reason = useReason(true);
  const { identity, from, replyTo } = entry;
  const { who, how } = textOf(identity);
  const mailbox = identity.id.startsWith(MAILBOX) ? identity.id.slice(MAILBOX.length) : null;
  return (
    <Tr>
      <Td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
        {mailbox !== null && mayRead ? (
          <Typography tag={NavLink} to={accessOf({ mailbox })} textColor="primary600" fontWeight="semiBold">
            {who}
          </Typography>
        ) : (
          <Typography fontWeight="semiBold">{who}</Typography>
        )}
        {identity.global && <Badge marginLeft={2}>{t('flag.global')}</Badge>}
      </Td>
      <Td data-label={t('overview.from')} style={{ whiteSpace: 'normal' }}>
        <StatusPanel of={from} />
      </Td>
      <Td data-label={t('overview.reply-to')} style={{ whiteSpace: 'normal' }}>
        <StatusPanel of={replyTo} />
      </Td>
      <Td style={{ whiteSpace: 'normal' }}>
        <Typography>{identity.because.map(reason).join(', ')}</Typography>
      </Td>
      <Td style={{ whiteSpace: 'normal' }}>
        <Typography>{how}</Typography>
      </Td>
    </Tr>
  );
};

/** Identities of a user, each with the reason. */
const Offers = ({ user, tenant, tenants, part, mayRead, onSearch }: Props & { user: number }) => {
  const t = useText();
  const answer = useMailboxesOfUserQuery({ user, tenant, ...part }, { refetchOnMountOrArgChange: true });
  const entries = answer.data ? entriesOf(answer.data.data) : [];
  const explain = (error: unknown): string | undefined => {
    const { code, because } = refusalOf(error).details ?? {};
    if (code === 'TENANT_MISMATCH') return t('overview.not-a-member');
    const problem = code === 'FORBIDDEN_TO_SEND' ? PROBLEMS[because as GrantProblem] : undefined;
    // NOT_FOUND: the user shares no tenant with the administrator.
    if (code === 'NOT_FOUND') return t(tenants.length > 1 ? 'overview.not-a-member' : 'overview.no-such-person');
    return problem && t(problem);
  };
  return (
    <Results
      answer={answer}
      q={part.q}
      search="list.search"
      onSearch={onSearch}
      empty={t('overview.nothing-offered')}
      explain={explain}
    >
      <RowTable
        columns={['list.name', 'overview.from', 'overview.reply-to', 'overview.why', 'overview.through']}
        rows={entries}
        label={t('overview.offers')}
      >
        {(entry) => <Entry key={entry.identity.id} entry={entry} mayRead={mayRead} />}
      </RowTable>
    </Results>
  );
};

/** Access overview of a user in a tenant. */
export const ByPerson = (props: Props) => {
  const { user, change } = props;
  const t = useText();
  const [q, setQ] = React.useState('');
  const users = useMailboxesUsersQuery(q);
  const chosen = useMailboxesUserQuery(user ?? 0, { skip: user === undefined });
  const known = user === undefined ? null : (chosen.currentData ?? null);
  return (
    <>
      <ChoiceField
        name="user"
        label="overview.person"
        placeholder="access.add-user.placeholder"
        chosen={known && { id: String(known.id), label: labelOf(known) }}
        found={(users.data ?? []).map((choice) => ({ id: String(choice.id), label: labelOf(choice) }))}
        loading={users.isFetching}
        onSearch={setQ}
        choose={(id) => change({ user: id, q: '' })}
      />
      {user === undefined ? <Nothing>{t('overview.choose-person')}</Nothing> : <Offers {...props} user={user} />}
    </>
  );
};
