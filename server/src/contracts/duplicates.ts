import { listIdentities, type Facts, type IdentityList } from '../domain/identity';
import type { MailboxFacts } from '../domain/mailbox';
import type { DuplicatePolicy, OwnAddressRule } from '../domain/tenant';

const ADDRESS = 'office@club.example';
const TENANT = 'example';

/**
 * Lists the identities of an example user whose own address equals that of a mailbox, by the same rules as the server
 * (rules §3): for the page on which the policy is chosen.
 *
 * @param names of the user and of the mailbox, translated
 * @param authenticated whether the mailbox has a transport of its own
 */
export const duplicateExample = (
  duplicatePolicy: DuplicatePolicy,
  ownAddress: OwnAddressRule,
  names: { firstname: string; lastname: string; mailbox: string },
  authenticated: boolean
): Pick<IdentityList, 'from' | 'replyTo'> => {
  const mailbox: MailboxFacts = {
    id: 'example',
    tenant: TENANT,
    email: ADDRESS,
    emailKey: ADDRESS,
    name: names.mailbox,
    enabled: true,
    sender: true,
    reply: true,
    global: false,
    restricted: false,
    authenticated,
    paused: null,
  };
  const facts: Facts = {
    actor: {
      type: 'user',
      id: 1,
      exists: true,
      isActive: true,
      blocked: false,
      maySend: true,
      roles: [],
      firstname: names.firstname,
      lastname: names.lastname,
      email: ADDRESS,
      confirmedKey: ADDRESS,
    },
    tenant: {
      id: TENANT,
      key: TENANT,
      name: '',
      members: 'everyone',
      ownAddress,
      ownAddressDomains: [],
      duplicatePolicy,
      systemSender: 'when-nothing-else',
      system: { name: null, email: null },
    },
    mailboxes: [mailbox],
    grants: [],
    system: { name: null, email: 'noreply@site.example', carries: 'any', paused: null },
    requireConfirmation: true,
    now: 0,
    last: null,
  };
  const { from, replyTo } = listIdentities(facts);
  return { from, replyTo };
};
