import { addressKey, domainOf, parseAddrSpec, sameAddress } from '../address';
import type { UserFacts } from '../actor';
import type { MailboxFacts } from '../mailbox';
import { nameProblem } from '../text';
import type { OwnAddressRule } from '../tenant';
import { entitlements } from './entitlement';
import type { Facts, Identity, ListName, Transport } from './types';

/** A reason not to offer an entry that has a code of its own (rules §9). */
type Blocker = 'MAILBOX_DISABLED' | 'OWN_ADDRESS_UNCONFIRMED' | 'TRANSPORT_CANNOT_CARRY' | 'SYSTEM_NOT_CONFIGURED';

/** An entry of a list, before duplicates and blocked entries are removed. */
export interface Candidate {
  identity: Identity;
  /** Compared form of its address (rules §7). */
  key: string;
  blockers: Blocker[];
}

interface MailboxEntry {
  mailbox: MailboxFacts;
  identity: Identity;
}

const systemTransport = ({ system }: Facts): Transport => ({ kind: 'system', email: system.email ?? '' });

const through = (mailbox: MailboxFacts): Transport => ({
  kind: 'mailbox',
  mailbox: mailbox.id,
  name: mailbox.name,
  email: mailbox.email,
});

/** Returns why the transport cannot carry this From. A Reply-To is only a header and uses no transport. */
const transportBlockers = (facts: Facts, list: ListName, email: string, transport: Transport): Blocker[] => {
  const { system } = facts;
  if (list === 'replyTo' || transport.kind === 'mailbox') return [];
  if (system.email === null) return ['SYSTEM_NOT_CONFIGURED'];
  return system.carries === 'any' || sameAddress(email, system.email) ? [] : ['TRANSPORT_CANNOT_CARRY'];
};

/** Returns the mailboxes that the actor is entitled to, disabled ones included. */
const mailboxEntriesOf = (facts: Facts): MailboxEntry[] => {
  const { system } = facts;
  const entitled = entitlements(facts);
  const viaSystem = systemTransport(facts);
  return facts.mailboxes.flatMap((mailbox) => {
    const because = entitled(mailbox);
    if (!because) return [];
    const identity: Identity = {
      id: `mailbox:${mailbox.id}`,
      name: mailbox.name,
      email: mailbox.email,
      source: 'mailbox',
      global: mailbox.global,
      transport: mailbox.authenticated ? through(mailbox) : viaSystem,
      because,
      paused: mailbox.authenticated ? mailbox.paused : system.paused,
    };
    return [{ mailbox, identity }];
  });
};

const mailboxCandidates = (facts: Facts, mailboxEntries: readonly MailboxEntry[], list: ListName): Candidate[] =>
  mailboxEntries
    .filter(({ mailbox }) => (list === 'from' ? mailbox.sender : mailbox.reply))
    .map(({ mailbox, identity }) => ({
      identity,
      key: mailbox.emailKey,
      blockers: [
        ...(mailbox.enabled ? [] : (['MAILBOX_DISABLED'] as const)),
        ...transportBlockers(facts, list, identity.email, identity.transport),
      ],
    }));

/** Returns "firstname lastname", or without both the name of the equal mailbox. A name that breaks rules §3 is omitted. */
const ownName = ({ firstname, lastname }: UserFacts, equal: MailboxFacts | undefined): string | null => {
  const name = [firstname, lastname]
    .map((part) => part?.trim() ?? '')
    .filter(Boolean)
    .join(' ');
  if (name === '') return equal?.name ?? null;
  return nameProblem(name) === null ? name : null;
};

const OWN_ADDRESS_LISTS: Record<OwnAddressRule, readonly ListName[]> = {
  off: [],
  'reply-to': ['replyTo'],
  'sender-and-reply-to': ['from', 'replyTo'],
};

/** @returns null if the rules of the tenant do not offer the user's own address in this list */
const ownCandidate = (facts: Facts, mailboxEntries: readonly MailboxEntry[], list: ListName): Candidate | null => {
  const { actor, tenant, system } = facts;
  if (actor.type === 'system') return null;
  if (!OWN_ADDRESS_LISTS[tenant.ownAddress].includes(list)) return null;
  // Strapi checks an account e-mail less strictly than a header requires.
  if (!parseAddrSpec(actor.email).ok) return null;
  const key = addressKey(actor.email);
  if (tenant.ownAddressDomains.length > 0 && !tenant.ownAddressDomains.includes(domainOf(actor.email))) return null;
  const equal = mailboxEntries.find(({ mailbox }) => mailbox.enabled && mailbox.emailKey === key)?.mailbox;
  // A grant protects the mailbox's credentials: only a usable mailbox lends them (rules §3).
  const viaSystem = systemTransport(facts);
  const transport = equal?.authenticated ? through(equal) : viaSystem;
  const confirmed = !facts.requireConfirmation || actor.confirmedKey === key;
  return {
    identity: {
      id: 'own',
      name: ownName(actor, equal),
      email: actor.email,
      source: 'own',
      global: false,
      transport,
      because: ['own'],
      paused: equal?.authenticated ? equal.paused : system.paused,
    },
    key,
    blockers: [
      ...(confirmed ? [] : (['OWN_ADDRESS_UNCONFIRMED'] as const)),
      ...transportBlockers(facts, list, actor.email, transport),
    ],
  };
};

const systemCandidate = (facts: Facts, list: ListName): Candidate => {
  const { tenant, system } = facts;
  const email = tenant.system.email ?? system.email ?? '';
  const viaSystem = systemTransport(facts);
  return {
    identity: {
      id: 'system',
      name: tenant.system.name ?? system.name,
      email,
      source: 'system',
      global: false,
      transport: viaSystem,
      because: ['system'],
      paused: system.paused,
    },
    key: addressKey(email),
    blockers: system.email === null ? ['SYSTEM_NOT_CONFIGURED'] : transportBlockers(facts, list, email, viaSystem),
  };
};

export interface Candidates {
  own: (list: ListName) => Candidate | null;
  mailboxes: (list: ListName) => Candidate[];
  system: (list: ListName) => Candidate;
}

/** Evaluates the grants once for both lists. */
export const candidatesOf = (facts: Facts): Candidates => {
  const mailboxEntries = mailboxEntriesOf(facts);
  return {
    own: (list) => ownCandidate(facts, mailboxEntries, list),
    mailboxes: (list) => mailboxCandidates(facts, mailboxEntries, list),
    system: (list) => systemCandidate(facts, list),
  };
};
