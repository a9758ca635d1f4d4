import { Badge, Flex, Status, Table, Tbody, Td, Tr, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Mailbox } from '../../../server/src/contracts/answers';
import { TableHead } from '../lib/TableHead';
import { useText, type TextKey } from '../lib/use-text';

const COLUMNS: readonly TextKey[] = ['list.name', 'list.address', 'list.offered', 'list.authentication', 'list.access'];

const State = ({ mailbox }: { mailbox: Mailbox }) => {
  const t = useText();
  const [variant, text] = !mailbox.enabled
    ? (['secondary', t('state.disabled')] as const)
    : mailbox.pausedBecause
      ? (['danger', mailbox.pausedBecause.message] as const)
      : (['success', t(mailbox.authenticated ? 'state.password' : 'state.system')] as const);
  return (
    <Status variant={variant} size="S">
      <Typography>{text}</Typography>
    </Status>
  );
};

export const MailboxTable = ({ mailboxes }: { mailboxes: readonly Mailbox[] }) => {
  const t = useText();
  return (
    <Table colCount={COLUMNS.length} rowCount={mailboxes.length + 1}>
      <TableHead columns={COLUMNS} />
      <Tbody>
        {mailboxes.map((mailbox) => (
          <Tr key={mailbox.id}>
            <Td>
              <Flex gap={2}>
                <Typography tag={NavLink} to={mailbox.id} textColor="primary600" fontWeight="semiBold">
                  {mailbox.name}
                </Typography>
                {mailbox.global && <Badge>{t('flag.global')}</Badge>}
              </Flex>
            </Td>
            <Td>
              <Typography>{mailbox.email}</Typography>
            </Td>
            <Td>
              <Flex gap={1}>
                {mailbox.sender && <Badge>{t('flag.sender')}</Badge>}
                {mailbox.reply && <Badge>{t('flag.reply')}</Badge>}
              </Flex>
            </Td>
            <Td>
              <State mailbox={mailbox} />
            </Td>
            <Td>
              <Typography>{t(mailbox.restricted ? 'access.restricted' : 'access.everyone')}</Typography>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
};
