import { addressKey, domainOf, parseAddrSpec, sameAddress } from './address';
import type { ActorFacts, UserFacts } from './actor';
import { isValid, type GrantFacts } from './grant';
import type { MailboxFacts, Pause } from './mailbox';
import { MESSAGE, type RefusalCode } from './refusal';
import { isMember, type OwnAddressRule, type TenantFacts } from './tenant';
import { nameProblem } from './text';

export type IdentityId = 'system' | 'own' | `mailbox:${string}`;

export type Because = 'system' | 'own' | 'open' | 'user-grant' | `role-grant:${number}` | 'system-actor';

/** The way a submission leaves. `email` is the envelope's MAIL FROM (rules §4). */
export type Transport =
  { kind: 'system'; email: string } | { kind: 'mailbox'; mailbox: string; name: string; email: string };

/** One entry of a drop-down (RFC 8621 §6). */
export interface Identity {
  id: IdentityId;
  name: string | null;
  /** '' only in `unavailable`, where the address is not known. */
  email: string;
  source: 'system' | 'own' | 'mailbox';
  global: boolean;
  transport: Transport;
  because: Because[];
  paused: Pause | null;
}

export interface Unavailable {
  identity: Identity;
  list: 'from' | 'replyTo';
  code: RefusalCode;
  message: string;
}

export interface IdentityList {
  from: Identity[];
  replyTo: Identity[];
  unavailable: Unavailable[];
  preselected: { from: IdentityId | null; replyTo: IdentityId | null };
}

/** The installation's system mailbox, before a tenant's override. */
export interface SystemFacts {
  name: string | null;
  /** null: configuration and the e-mail plugin give no single valid address (rules §3). */
  email: string | null;
  /** `system-address-only`: a provider that cannot carry any other From (delivery §3a). */
  carries: 'any' | 'system-address-only';
  paused: Pause | null;
}

/** Everything the decision depends on. Nothing else does: no clock, no storage, no request. */
export interface Facts {
  actor: ActorFacts;
  tenant: TenantFacts;
  /** All mailboxes the tenant owns, and all global ones. */
  mailboxes: readonly MailboxFacts[];
  /** Every grant that names the user or one of its roles; more do no harm. */
  grants: readonly GrantFacts[];
  system: SystemFacts;
  /** `ownAddress.requireConfirmation` of the configuration. */
  requireConfirmation: boolean;
  /** Milliseconds since the epoch. */
  now: number;
  /** What this user chose last in this tenant. */
  last: { from: IdentityId; replyTo: IdentityId | null } | null;
}

export interface Usable {
  mailbox: MailboxFacts;
  because: Because[];
}

export interface Wanted {
  from: IdentityId;
  replyTo?: IdentityId | null;
}

export type Decision =
  { allowed: true; from: Identity; replyTo: Identity | null } | { allowed: false; code: RefusalCode; message: string };

type ListName = 'from' | 'replyTo';

/** The one thing that keeps an entry from being offered, and has a code of its own (rules §9). */
type Blocker = 'MAILBOX_DISABLED' | 'OWN_ADDRESS_UNCONFIRMED' | 'TRANSPORT_CANNOT_CARRY' | 'SYSTEM_NOT_CONFIGURED';

interface Candidate {
  identity: Identity;
  /** Compared form of its address (rules §7). */
  key: string;
  blockers: Blocker[];
}

/** May the actor act in the tenant at all (rules §2)? Membership is asked first, whatever else is. */
export const mayAct = ({
  actor,
  tenant,
}: Pick<Facts, 'actor' | 'tenant'>): null | 'TENANT_MISMATCH' | 'FORBIDDEN_TO_SEND' => {
  if (!isMember(actor, tenant)) return 'TENANT_MISMATCH';
  if (!actor.exists) return 'FORBIDDEN_TO_SEND';
  if (actor.type === 'system') return null;
  return actor.isActive && !actor.blocked && actor.maySend ? null : 'FORBIDDEN_TO_SEND';
};

/** Why the actor may use the mailbox, were it enabled; null: it may not (rules §2, conditions 2 to 4). */
const entitlements = ({
  actor,
  tenant,
  mailboxes,
  grants,
  now,
}: Facts): ((mailbox: MailboxFacts) => Because[] | null) => {
  const ownedKeys = new Map<string, string>();
  for (const { id, tenant: owner, emailKey } of mailboxes) if (owner === tenant.id) ownedKeys.set(emailKey, id);
  const grantsOf = new Map<string, GrantFacts[]>();
  for (const grant of grants) {
    const known = grantsOf.get(grant.mailbox);
    if (known) known.push(grant);
    else grantsOf.set(grant.mailbox, [grant]);
  }

  const granted = (mailbox: MailboxFacts, user: UserFacts): Because[] | null => {
    if (!mailbox.restricted) return ['open'];
    const valid = (grantsOf.get(mailbox.id) ?? []).filter((grant) => isValid(grant, now));
    const because: Because[] = valid.some((grant) => grant.user === user.id) ? ['user-grant'] : [];
    const roles = user.roles.filter((role) => valid.some((grant) => grant.role === role));
    for (const role of [...new Set(roles)].sort((a, b) => a - b)) because.push(`role-grant:${role}`);
    return because.length > 0 ? because : null;
  };

  return (mailbox) => {
    if (mailbox.tenant !== tenant.id && !mailbox.global) return null;
    const owned = ownedKeys.get(mailbox.emailKey);
    // What T owns shadows, whatever its state: taking it away must not hand out a global namesake.
    if (owned !== undefined && owned !== mailbox.id) return null;
    if (actor.type === 'user') return granted(mailbox, actor);
    return actor.mailboxes === 'all' || actor.mailboxes.includes(mailbox.emailKey) ? ['system-actor'] : null;
  };
};

/** The mailboxes that the actor can use in the tenant, and why (rules §2). Presumes that it may act. */
export const usable = (facts: Facts): Usable[] => {
  const entitled = entitlements(facts);
  return facts.mailboxes.flatMap((mailbox) => {
    const because = mailbox.enabled ? entitled(mailbox) : null;
    return because ? [{ mailbox, because }] : [];
  });
};

/** Why the actor can use this one mailbox; null: it cannot. Only namesakes can matter besides it. */
export const reasonsToUse = (facts: Facts, id: string): Because[] | null => {
  const wanted = facts.mailboxes.find((mailbox) => mailbox.id === id);
  if (!wanted) return null;
  const namesakes = facts.mailboxes.filter(({ emailKey }) => emailKey === wanted.emailKey);
  return usable({ ...facts, mailboxes: namesakes }).find(({ mailbox }) => mailbox.id === id)?.because ?? null;
};

const through = (mailbox: MailboxFacts): Transport => ({
  kind: 'mailbox',
  mailbox: mailbox.id,
  name: mailbox.name,
  email: mailbox.email,
});

/** "firstname lastname"; without both the equal mailbox's name; a name that breaks the rule is not used. */
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

/** Everything the decision about one actor in one tenant shares between the two lists. */
const candidatesOf = (facts: Facts) => {
  const { actor, tenant, system } = facts;
  const entitled = entitlements(facts);
  const viaSystem: Transport = { kind: 'system', email: system.email ?? '' };

  /** What the transport says against a From; a Reply-To is only a header and uses no transport. */
  const transportBlockers = (list: ListName, email: string, transport: Transport): Blocker[] => {
    if (list === 'replyTo' || transport.kind === 'mailbox') return [];
    if (system.email === null) return ['SYSTEM_NOT_CONFIGURED'];
    return system.carries === 'any' || sameAddress(email, system.email) ? [] : ['TRANSPORT_CANNOT_CARRY'];
  };

  const mailboxEntries = facts.mailboxes.flatMap((mailbox) => {
    const because = entitled(mailbox);
    if (!because) return [];
    const transport = mailbox.authenticated ? through(mailbox) : viaSystem;
    const identity: Identity = {
      id: `mailbox:${mailbox.id}`,
      name: mailbox.name,
      email: mailbox.email,
      source: 'mailbox',
      global: mailbox.global,
      transport,
      because,
      paused: mailbox.authenticated ? mailbox.paused : system.paused,
    };
    return [{ mailbox, identity }];
  });

  const ofMailboxes = (list: ListName): Candidate[] =>
    mailboxEntries
      .filter(({ mailbox }) => (list === 'from' ? mailbox.sender : mailbox.reply))
      .map(({ mailbox, identity }) => ({
        identity,
        key: mailbox.emailKey,
        blockers: [
          ...(mailbox.enabled ? [] : (['MAILBOX_DISABLED'] as const)),
          ...transportBlockers(list, identity.email, identity.transport),
        ],
      }));

  const ofOwn = (list: ListName): Candidate | null => {
    if (actor.type === 'system') return null;
    if (!OWN_ADDRESS_LISTS[tenant.ownAddress].includes(list)) return null;
    // Strapi checks an account e-mail less strictly than a header needs: such an address cannot be written from.
    if (!parseAddrSpec(actor.email).ok) return null;
    const key = addressKey(actor.email);
    if (tenant.ownAddressDomains.length > 0 && !tenant.ownAddressDomains.includes(domainOf(actor.email))) return null;
    const equal = mailboxEntries.find(({ mailbox }) => mailbox.enabled && mailbox.emailKey === key)?.mailbox;
    // M's credentials are what a grant protects: only a usable M lends them (rules §3).
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
        ...transportBlockers(list, actor.email, transport),
      ],
    };
  };

  const ofSystem = (list: ListName): Candidate => {
    const email = tenant.system.email ?? system.email ?? '';
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
      blockers: system.email === null ? ['SYSTEM_NOT_CONFIGURED'] : transportBlockers(list, email, viaSystem),
    };
  };

  return { ofMailboxes, ofOwn, ofSystem };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byNameAddressId = (a: Candidate, b: Candidate): number =>
  compare((a.identity.name ?? '').toLowerCase(), (b.identity.name ?? '').toLowerCase()) ||
  compare(a.key, b.key) ||
  compare(a.identity.id, b.identity.id);

const listOf = (
  candidates: ReturnType<typeof candidatesOf>,
  list: ListName,
  { tenant }: Facts
): { offered: Identity[]; unavailable: Unavailable[] } => {
  const own = candidates.ofOwn(list);
  const mailboxes = candidates.ofMailboxes(list).sort(byNameAddressId);
  const system = candidates.ofSystem(list);

  const free = ({ blockers }: Candidate): boolean => blockers.length === 0;
  const equalsOwn = ({ key }: Candidate): boolean => own !== null && key === own.key;
  // Duplicates are decided between entries that are both in the list; one that is blocked is not.
  const hidesMailbox = tenant.duplicatePolicy === 'own-name' && own !== null && free(own);
  const hidesOwn =
    tenant.duplicatePolicy === 'mailbox-name' && mailboxes.some((mailbox) => free(mailbox) && equalsOwn(mailbox));

  const visible = [
    ...(own !== null && !hidesOwn ? [own] : []),
    ...mailboxes.filter((mailbox) => !(hidesMailbox && equalsOwn(mailbox))),
  ];
  const nothingElse = !visible.some(free);
  if (tenant.systemSender === 'everyone' || nothingElse) visible.push(system);

  return {
    offered: visible.filter(free).map(({ identity }) => identity),
    unavailable: visible.flatMap(({ identity, blockers: [code, ...others] }) =>
      code !== undefined && others.length === 0 ? [{ identity, list, code, message: MESSAGE[code] }] : []
    ),
  };
};

const isOffered = (list: readonly Identity[], id: IdentityId | null | undefined): id is IdentityId =>
  id !== null && id !== undefined && list.some((identity) => identity.id === id);

/** Kinds of entries in the order of preselection (rules §3). */
const KINDS = ['granted', 'open', 'own', 'global', 'system'] as const;

const kindOf = (identity: Identity, owned: ReadonlySet<string>): (typeof KINDS)[number] => {
  if (identity.source !== 'mailbox') return identity.source;
  if (!owned.has(identity.id)) return 'global';
  return identity.because.includes('open') ? 'open' : 'granted';
};

/** Leaves now, and with a sender that receivers expect of that server: the domains of From and envelope are equal. */
const isGoodChoice = ({ email, transport, paused }: Identity): boolean =>
  paused === null && domainOf(email) === domainOf(transport.email);

/** Returns the From of an actor that has chosen none yet: a paused or unaligned one only where there is nothing else. */
const firstChoice = ({ mailboxes, tenant }: Facts, offered: readonly Identity[]): IdentityId | null => {
  const owned = new Set<string>();
  for (const mailbox of mailboxes) if (mailbox.tenant === tenant.id) owned.add(`mailbox:${mailbox.id}`);
  const ordered = KINDS.flatMap((kind) => offered.filter((identity) => kindOf(identity, owned) === kind));
  return (ordered.find(isGoodChoice) ?? ordered[0])?.id ?? null;
};

/** The two lists of an actor that may act (rules §3). Hiding is presentation and decision alike. */
export const listIdentities = (facts: Facts): IdentityList => {
  const candidates = candidatesOf(facts);
  const from = listOf(candidates, 'from', facts);
  const replyTo = listOf(candidates, 'replyTo', facts);
  return {
    from: from.offered,
    replyTo: replyTo.offered,
    unavailable: [...from.unavailable, ...replyTo.unavailable],
    preselected: {
      from: isOffered(from.offered, facts.last?.from) ? facts.last.from : firstChoice(facts, from.offered),
      replyTo: isOffered(replyTo.offered, facts.last?.replyTo) ? facts.last.replyTo : null,
    },
  };
};

/** The identity in this list, or why it cannot be used there: one answer for everything that is not offered (rules §9). */
export const pick = (lists: IdentityList, list: ListName, id: IdentityId | null): Identity | RefusalCode =>
  lists[list].find((identity) => identity.id === id) ??
  lists.unavailable.find((entry) => entry.list === list && entry.identity.id === id)?.code ??
  (list === 'from' ? 'FORBIDDEN_FROM' : 'FORBIDDEN_REPLY_TO');

const refuse = (code: RefusalCode): Decision => ({ allowed: false, code, message: MESSAGE[code] });

/**
 * The single decision (rules §8): may the actor send as `from`, with answers to `replyTo`?
 *
 * @returns never throws for a refusal; codes in the order of rules §9
 */
export const resolve = (facts: Facts, wanted: Wanted): Decision => {
  const refusal = mayAct(facts);
  if (refusal) return refuse(refusal);
  const lists = listIdentities(facts);
  const from = pick(lists, 'from', wanted.from);
  if (typeof from === 'string') return refuse(from);
  if (wanted.replyTo === undefined || wanted.replyTo === null) return { allowed: true, from, replyTo: null };
  const replyTo = pick(lists, 'replyTo', wanted.replyTo);
  if (typeof replyTo === 'string') return refuse(replyTo);
  return { allowed: true, from, replyTo };
};
