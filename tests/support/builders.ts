import type { SystemActorFacts, UserFacts } from '../../server/src/domain/actor';
import type { GrantFacts } from '../../server/src/domain/grant';
import type { Facts, SystemFacts } from '../../server/src/domain/identity';
import type { MailboxFacts } from '../../server/src/domain/mailbox';
import type { TenantFacts } from '../../server/src/domain/tenant';

/*
 * Facts for the decision rules. A test names only what differs from this world:
 * Ada (user 1, role 10) writes in the tenant Acme, which is open to everyone and has its own address switched off;
 * the system mailbox is set up and carries any sender; there is no mailbox and no grant.
 */

export const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);

export const user = (differs: Partial<Omit<UserFacts, 'type'>> = {}): UserFacts => ({
  type: 'user',
  id: 1,
  exists: true,
  isActive: true,
  blocked: false,
  maySend: true,
  roles: [10],
  firstname: 'Ada',
  lastname: 'Archer',
  email: 'ada@acme.example',
  confirmedKey: 'ada@acme.example',
  ...differs,
});

export const systemActor = (differs: Partial<Omit<SystemActorFacts, 'type'>> = {}): SystemActorFacts => ({
  type: 'system',
  name: 'newsdesk',
  exists: true,
  mailboxes: 'all',
  tenant: 'acme',
  ...differs,
});

export const tenant = (differs: Partial<TenantFacts> = {}): TenantFacts => ({
  id: 't-acme',
  key: 'acme',
  name: 'Acme',
  members: 'everyone',
  ownAddress: 'off',
  ownAddressDomains: [],
  duplicatePolicy: 'own-name',
  systemSender: 'everyone',
  system: { name: null, email: null },
  ...differs,
});

/** An open mailbox of Acme, offered in both lists, without authentication; its compared form follows its address. */
export const mailbox = (differs: Partial<MailboxFacts> = {}): MailboxFacts => {
  const email = differs.email ?? 'info@acme.example';
  return {
    id: 'info',
    tenant: 't-acme',
    email,
    emailKey: email.toLowerCase(),
    name: 'Info',
    enabled: true,
    sender: true,
    reply: true,
    global: false,
    restricted: false,
    authenticated: false,
    paused: null,
    ...differs,
  };
};

/** A grant without expiry on the mailbox `info`; a test has to set its user or role. */
export const grant = (differs: Partial<GrantFacts> = {}): GrantFacts => ({
  mailbox: 'info',
  user: null,
  role: null,
  expiresAt: null,
  ...differs,
});

export const system = (differs: Partial<SystemFacts> = {}): SystemFacts => ({
  name: 'Acme News',
  email: 'system@acme.example',
  carries: 'any',
  paused: null,
  ...differs,
});

export const facts = (differs: Partial<Facts> = {}): Facts => ({
  actor: user(),
  tenant: tenant(),
  mailboxes: [],
  grants: [],
  system: system(),
  requireConfirmation: true,
  now: NOW,
  last: null,
  ...differs,
});
