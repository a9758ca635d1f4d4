import { Td, Tr, Typography } from '@strapi/design-system';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import type { Mailbox, TenantRef } from '../../../../server/src/contracts/answers';
import { useMailboxesListQuery, useMailboxesOneQuery } from '../mailboxes/api';
import { ChoiceField } from '../../shared/ui/ChoiceField';
import { accessOf } from '../../shared/paths';
import { RowTable } from '../../shared/ui/RowTable';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesWhoMayUseQuery, type Part } from '../grants/who-may-use-api';
import { Nothing, Results } from './Results';
import type { ChangeParams } from './use-access-params';
import { useReasonUntil } from '../grants/use-reason-until';

interface Props {
  mailbox: string | undefined;
  tenant: string | undefined;
  tenants: readonly TenantRef[];
  part: Part;
  mayGrant: boolean;
  change: ChangeParams;
  onSearch: (q: string) => void;
}

const optionOf = ({ id, name, email }: Mailbox) => ({ id, label: `${name} · ${email}` });

/** Users of a mailbox, each with the reason. */
const Users = ({ mailbox, tenants, part, mayGrant, onSearch }: Omit<Props, 'mailbox'> & { mailbox: Mailbox }) => {
  const t = useText();
  const { id, enabled, restricted } = mailbox;
  const reason = useReasonUntil(mailbox, mayGrant);
  const answer = useMailboxesWhoMayUseQuery({ mailbox: id, ...part }, { refetchOnMountOrArgChange: true });
  const several = tenants.length > 1;
  const nobody = !enabled ? 'overview.nobody.disabled' : restricted ? 'overview.nobody.restricted' : 'overview.nobody';
  return (
    <Results answer={answer} q={part.q} search="overview.search.people" onSearch={onSearch} empty={t(nobody)}>
      <RowTable
        columns={['overview.person', ...(several ? ['list.tenant' as const] : []), 'overview.why']}
        rows={answer.data?.data ?? []}
        label={t('section.who')}
      >
        {({ user, name, email, tenant, because }) => (
          <Tr key={`${user} ${tenant}`}>
            <Td style={{ overflowWrap: 'anywhere' }}>
              {mayGrant ? (
                <Typography tag={NavLink} to={accessOf({ user, tenant })} textColor="primary600" fontWeight="semiBold">
                  {name || email}
                </Typography>
              ) : (
                <Typography fontWeight="semiBold">{name || email}</Typography>
              )}
              {name !== '' && (
                <Typography tag="p" variant="pi" textColor="neutral600">
                  {email}
                </Typography>
              )}
            </Td>
            {several && (
              <Td>
                <Typography>{tenants.find((other) => other.id === tenant)?.name ?? ''}</Typography>
              </Td>
            )}
            <Td style={{ whiteSpace: 'normal' }}>
              <Typography>{because.map((one) => reason(one, user)).join(', ')}</Typography>
            </Td>
          </Tr>
        )}
      </RowTable>
    </Results>
  );
};

/** Access overview of a mailbox. */
export const ByMailbox = (props: Props) => {
  const { mailbox, tenant, change } = props;
  const t = useText();
  const [q, setQ] = React.useState('');
  const list = useMailboxesListQuery({ q, pageSize: 25, tenant });
  const chosen = useMailboxesOneQuery(mailbox ?? '', { skip: mailbox === undefined });
  const known = mailbox === undefined ? undefined : chosen.currentData;
  return (
    <>
      <ChoiceField
        name="mailbox"
        label="overview.mailbox"
        placeholder="list.search"
        chosen={known ? optionOf(known) : null}
        found={(list.data?.data ?? []).map(optionOf)}
        loading={list.isFetching}
        onSearch={setQ}
        choose={(id) => change({ mailbox: id, q: '' })}
      />
      {known && <Users {...props} mailbox={known} />}
      {mailbox === undefined && <Nothing>{t('overview.choose-mailbox')}</Nothing>}
      {mailbox !== undefined && chosen.isError && <Nothing>{t('overview.no-such-mailbox')}</Nothing>}
    </>
  );
};
