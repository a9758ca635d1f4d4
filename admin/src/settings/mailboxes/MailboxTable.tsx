import { Badge, Box, Flex, Td, Tr, Typography } from '@strapi/design-system';
import { CheckCircle, Minus, WarningCircle } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import type { Mailbox } from '../../../../server/src/contracts/answers';
import { accessOf } from '../../shared/paths';
import { RowTable } from '../../shared/ui/RowTable';
import { useNarrow } from '../../shared/ui/use-narrow';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import type { MailboxList } from './api';
import { PAUSE_TEXTS } from './pause';

interface Props {
  mailboxes: readonly Mailbox[];
  meta: MailboxList['meta'];
}

type CellProps = Omit<Props, 'mailboxes'> & { mailbox: Mailbox };

const Name = ({ mailbox }: CellProps) => (
  <Flex direction="column" alignItems="flex-start" gap={1} minWidth="16rem">
    <Typography tag={NavLink} to={mailbox.id} textColor="primary600" fontWeight="semiBold">
      {mailbox.name}
    </Typography>
    <Typography variant="pi" textColor="neutral600" style={{ overflowWrap: 'anywhere' }}>
      {mailbox.email}
    </Typography>
  </Flex>
);

const Uses = ({ mailbox }: CellProps) => {
  const t = useText();
  return (
    <Flex gap={1} wrap="wrap">
      {mailbox.sender && <Badge>{t('flag.sender')}</Badge>}
      {mailbox.reply && <Badge>{t('flag.reply')}</Badge>}
      {!mailbox.sender && !mailbox.reply && <Typography variant="pi">{t('flag.none')}</Typography>}
    </Flex>
  );
};

const Scope = ({ mailbox, meta }: CellProps) => {
  const t = useText();
  const home = meta.tenants.find(({ id }) => id === mailbox.tenant)?.name;
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      {mailbox.global && <Badge>{t('flag.global')}</Badge>}
      {home !== undefined && <Typography variant="pi">{home}</Typography>}
    </Flex>
  );
};

const ICONS = {
  ok: <CheckCircle fill="success600" aria-hidden />,
  paused: <WarningCircle fill="danger600" aria-hidden />,
  off: <Minus fill="neutral500" aria-hidden />,
};

/** Transport of the mailbox and its pause. */
const Authentication = ({ mailbox }: CellProps) => {
  const t = useText();
  const pause = mailbox.enabled ? mailbox.pausedBecause : null;
  const state = !mailbox.enabled ? 'off' : pause ? 'paused' : 'ok';
  const how = !mailbox.authenticated
    ? 'state.system'
    : mailbox.smtp?.auth === 'none'
      ? 'state.no-login'
      : 'state.password';
  return (
    <Flex gap={2} alignItems="flex-start" maxWidth="32rem">
      <Box shrink={0} paddingTop={1}>
        {ICONS[state]}
      </Box>
      <Box>
        <Typography tag="p">{t(mailbox.enabled ? how : 'state.disabled')}</Typography>
        {pause && (
          <>
            <Typography tag="p" variant="pi" textColor="danger600">
              {t('state.paused')}: {t(PAUSE_TEXTS[pause.code].reason)}
            </Typography>
            <Typography tag="p" variant="pi" textColor="neutral600">
              {t(PAUSE_TEXTS[pause.code].next)}
            </Typography>
          </>
        )}
      </Box>
    </Flex>
  );
};

/** Number of grants, linked to the access overview. */
const Access = ({ mailbox, meta }: CellProps) => {
  const t = useText();
  const count = meta.access[mailbox.id];
  const text = !mailbox.restricted
    ? t('access.everyone')
    : count === undefined
      ? t('access.restricted')
      : count.users + count.roles === 0
        ? t('access.nobody-yet')
        : t('access.counted', { users: count.users, roles: count.roles });
  return (
    <Typography
      tag={NavLink}
      to={accessOf({ mailbox: mailbox.id })}
      textColor={count && count.users + count.roles === 0 ? 'warning700' : 'primary600'}
    >
      {text}
    </Typography>
  );
};

type Column = { label: TextKey; Cell: (props: CellProps) => React.ReactNode };

const COLUMNS = [
  { label: 'list.name', Cell: Name },
  { label: 'list.offered', Cell: Uses },
  { label: 'list.scope', Cell: Scope },
  { label: 'list.authentication', Cell: Authentication },
  { label: 'list.access', Cell: Access },
] as const satisfies readonly Column[];

/** Table of mailboxes; a list on a phone, where a table would scroll sideways. */
export const MailboxTable = ({ mailboxes, meta }: Props) => {
  const t = useText();
  const narrow = useNarrow();
  // A single tenant needs no column, unless a global mailbox of another tenant is listed.
  const scoped = meta.tenants.length > 1 || mailboxes.some((mailbox) => mailbox.global);
  const columns = COLUMNS.filter(({ label }) => label !== 'list.scope' || scoped);

  if (narrow)
    return (
      <Flex tag="ul" direction="column" alignItems="stretch" gap={3} aria-label={t('settings.title')}>
        {mailboxes.map((mailbox) => (
          <Box tag="li" key={mailbox.id} background="neutral0" hasRadius shadow="tableShadow" padding={4}>
            <Flex direction="column" alignItems="stretch" gap={3}>
              {columns.map(({ label, Cell }) => (
                <Box key={label}>
                  {label !== 'list.name' && (
                    <Typography tag="p" variant="sigma" textColor="neutral600">
                      {t(label)}
                    </Typography>
                  )}
                  <Cell mailbox={mailbox} meta={meta} />
                </Box>
              ))}
            </Flex>
          </Box>
        ))}
      </Flex>
    );

  return (
    <RowTable columns={columns.map(({ label }) => label)} rows={mailboxes} label={t('settings.title')}>
      {(mailbox) => (
        <Tr key={mailbox.id}>
          {columns.map(({ label, Cell }) => (
            <Td key={label} style={{ whiteSpace: 'normal' }}>
              <Cell mailbox={mailbox} meta={meta} />
            </Td>
          ))}
        </Tr>
      )}
    </RowTable>
  );
};
