import type { Facts, Identity, IdentityId, Transport } from '../../../server/src/domain/identity';
import type { MailboxFacts } from '../../../server/src/domain/mailbox';

/*
 * A second implementation of the decision in another form: a list of objections, one per sentence of the rules. An entry
 * without objections is offered. Slow and repetitive on purpose; addresses are ASCII.
 */

export type List = 'from' | 'replyTo';
export type OwnCode =
  'MAILBOX_DISABLED' | 'OWN_ADDRESS_UNCONFIRMED' | 'TRANSPORT_CANNOT_CARRY' | 'SYSTEM_NOT_CONFIGURED';

interface Reason {
  sentence: string;
  applies: (facts: Facts, id: IdentityId, list: List) => boolean;
}

const keyOf = (email: string): string => email.toLowerCase();

const mailboxOf = (facts: Facts, id: IdentityId): MailboxFacts | undefined =>
  facts.mailboxes.find((mailbox) => `mailbox:${mailbox.id}` === id);

/** A sentence about mailboxes; it does not apply to own, system and missing mailboxes. */
const ofMailbox =
  (applies: (facts: Facts, mailbox: MailboxFacts, list: List) => boolean): Reason['applies'] =>
  (facts, id, list) => {
    const mailbox = mailboxOf(facts, id);
    return mailbox !== undefined && applies(facts, mailbox, list);
  };

const grantHolds = (facts: Facts, mailbox: MailboxFacts): boolean => {
  for (const { mailbox: on, user, role, expiresAt } of facts.grants) {
    if (on !== mailbox.id || facts.actor.type !== 'user') continue;
    if (expiresAt !== null && expiresAt <= facts.now) continue;
    if (user === facts.actor.id) return true;
    if (role !== null && facts.actor.roles.includes(role)) return true;
  }
  return false;
};

const NOT_USABLE: readonly Reason[] = [
  {
    sentence: 'The mailbox neither belongs to the tenant nor is global.',
    applies: ofMailbox(({ tenant }, { tenant: owner, global }) => owner !== tenant.id && !global),
  },
  {
    sentence: 'It is restricted, and no grant that is valid now names the user or a role of the user.',
    applies: ofMailbox(
      (facts, mailbox) => facts.actor.type === 'user' && mailbox.restricted && !grantHolds(facts, mailbox)
    ),
  },
  {
    sentence: 'The system actor’s configuration does not list its address.',
    applies: ofMailbox(
      ({ actor }, { emailKey }) =>
        actor.type === 'system' && actor.mailboxes !== 'all' && !actor.mailboxes.includes(emailKey)
    ),
  },
  {
    sentence: 'Another mailbox that the tenant owns has the same address.',
    applies: ofMailbox(({ tenant, mailboxes }, mailbox) =>
      mailboxes.some(
        (other) => other.id !== mailbox.id && other.tenant === tenant.id && other.emailKey === mailbox.emailKey
      )
    ),
  },
];

const DISABLED: Reason & { code: OwnCode } = {
  sentence: 'The mailbox is disabled.',
  code: 'MAILBOX_DISABLED',
  applies: ofMailbox((_facts, { enabled }) => !enabled),
};

export const usableByOracle = (facts: Facts): string[] =>
  facts.mailboxes
    .map(({ id }) => id)
    .filter((id) => [DISABLED, ...NOT_USABLE].every(({ applies }) => !applies(facts, `mailbox:${id}`, 'from')));

/** Why an entry is not in a list at all. */
const NOT_LISTED: readonly Reason[] = [
  ...NOT_USABLE,
  {
    sentence: 'There is no such mailbox.',
    applies: (facts, id) => id !== 'own' && id !== 'system' && mailboxOf(facts, id) === undefined,
  },
  {
    sentence: 'Without Sender a mailbox is not in From.',
    applies: ofMailbox((_, m, list) => list === 'from' && !m.sender),
  },
  {
    sentence: 'Without Reply it is not in Reply-To.',
    applies: ofMailbox((_, m, list) => list === 'replyTo' && !m.reply),
  },
  { sentence: 'Only users have an own address.', applies: ({ actor }, id) => id === 'own' && actor.type !== 'user' },
  {
    sentence: 'The own address is switched off.',
    applies: ({ tenant }, id) => id === 'own' && tenant.ownAddress === 'off',
  },
  {
    sentence: 'The own address is for Reply-To only.',
    applies: ({ tenant }, id, list) => id === 'own' && list === 'from' && tenant.ownAddress === 'reply-to',
  },
  {
    sentence: 'The tenant lists own-address domains, and its domain equals none of them.',
    applies: ({ actor, tenant }, id) =>
      id === 'own' &&
      actor.type === 'user' &&
      tenant.ownAddressDomains.length > 0 &&
      !tenant.ownAddressDomains.some((domain) => keyOf(actor.email).split('@').at(-1) === domain),
  },
];

/** The usable mailbox with the address of the user's account. */
const equalMailbox = (facts: Facts): MailboxFacts | undefined => {
  const { actor } = facts;
  if (actor.type !== 'user') return undefined;
  const ids = usableByOracle(facts);
  return facts.mailboxes.find(({ id, emailKey }) => emailKey === keyOf(actor.email) && ids.includes(id));
};

/** The mailbox whose own submission server carries the identity; undefined: the system mailbox carries it. */
const carrier = (facts: Facts, id: IdentityId): MailboxFacts | undefined => {
  const mailbox = id === 'own' ? equalMailbox(facts) : mailboxOf(facts, id);
  return mailbox?.authenticated ? mailbox : undefined;
};

const addressOf = (facts: Facts, id: IdentityId): string => {
  if (id === 'system') return facts.tenant.system.email ?? facts.system.email ?? '';
  if (id === 'own') return facts.actor.type === 'user' ? facts.actor.email : '';
  return mailboxOf(facts, id)?.email ?? '';
};

/** Why an entry is in a list, but unavailable: with a code of its own if it is the only thing wrong. */
const UNAVAILABLE: readonly (Reason & { code: OwnCode })[] = [
  DISABLED,
  {
    sentence: 'The own address is not confirmed, and confirmation is required.',
    code: 'OWN_ADDRESS_UNCONFIRMED',
    applies: ({ actor, requireConfirmation }, id) =>
      id === 'own' && actor.type === 'user' && requireConfirmation && actor.confirmedKey !== keyOf(actor.email),
  },
  {
    sentence: 'The system mailbox is not set up: system is available in no list, and nothing leaves over it.',
    code: 'SYSTEM_NOT_CONFIGURED',
    applies: (facts, id, list) =>
      facts.system.email === null && (id === 'system' || (list === 'from' && !carrier(facts, id))),
  },
  {
    sentence: 'The provider of the system mailbox carries only From = system address without a tenant’s override.',
    code: 'TRANSPORT_CANNOT_CARRY',
    applies: (facts, id, list) =>
      list === 'from' &&
      facts.system.email !== null &&
      facts.system.carries === 'system-address-only' &&
      !carrier(facts, id) &&
      keyOf(addressOf(facts, id)) !== keyOf(facts.system.email),
  },
];

const nothingSpeaksAgainst = (facts: Facts, id: IdentityId, list: List): boolean =>
  [...NOT_LISTED, ...UNAVAILABLE].every(({ applies }) => !applies(facts, id, list));

const everyId = ({ mailboxes }: Facts): IdentityId[] => [
  'own',
  ...mailboxes.map(({ id }): IdentityId => `mailbox:${id}`),
  'system',
];

const equalsOwn = ({ actor }: Facts, mailbox: MailboxFacts): boolean =>
  actor.type === 'user' && keyOf(actor.email) === mailbox.emailKey;

/** Duplicates that hide an entry in the same list. */
const GIVES_WAY: readonly Reason[] = [
  {
    sentence: 'own-name: own is in the list, and the mailbox equal to it is hidden.',
    applies: ofMailbox(
      (facts, mailbox, list) =>
        facts.tenant.duplicatePolicy === 'own-name' &&
        equalsOwn(facts, mailbox) &&
        nothingSpeaksAgainst(facts, 'own', list)
    ),
  },
  {
    sentence: 'mailbox-name: a mailbox equal to own is in the list, and own is hidden.',
    applies: (facts, id, list) =>
      id === 'own' &&
      facts.tenant.duplicatePolicy === 'mailbox-name' &&
      facts.mailboxes.some(
        (mailbox) => equalsOwn(facts, mailbox) && nothingSpeaksAgainst(facts, `mailbox:${mailbox.id}`, list)
      ),
  },
  {
    sentence: 'when-nothing-else: something else is in the list, and system is not.',
    applies: (facts, id, list) =>
      id === 'system' &&
      facts.tenant.systemSender === 'when-nothing-else' &&
      everyId(facts).some((other) => other !== 'system' && nothingSpeaksAgainst(facts, other, list)),
  },
];

/** 'offered', a code of its own, or 'absent'. */
export type Standing = 'offered' | OwnCode | 'absent';

export const standing = (facts: Facts, id: IdentityId, list: List): Standing => {
  if ([...NOT_LISTED, ...GIVES_WAY].some(({ applies }) => applies(facts, id, list))) return 'absent';
  const [first, second] = UNAVAILABLE.filter(({ applies }) => applies(facts, id, list));
  if (first === undefined) return 'offered';
  return second === undefined ? first.code : 'absent';
};

/** Every objection to an entry, for the message of a failing comparison. */
export const against = (facts: Facts, id: IdentityId, list: List): string[] =>
  [...NOT_LISTED, ...UNAVAILABLE, ...GIVES_WAY]
    .filter(({ applies }) => applies(facts, id, list))
    .map(({ sentence }) => sentence);

const FORBIDDEN_CHARACTERS: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], // control
  [0x7f, 0x9f], // control
  [0x3c, 0x3c], // <
  [0x3e, 0x3e], // >
  [0x40, 0x40], // @
  [0x61c, 0x61c], // bidi
  [0x200b, 0x200d], // zero-width
  [0x200e, 0x200f], // bidi
  [0x202a, 0x202e], // bidi
  [0x2060, 0x2060], // zero-width
  [0x2066, 0x2069], // bidi
  [0xfeff, 0xfeff], // zero-width
];

const nameOf = (facts: Facts, id: IdentityId): string | null => {
  if (id === 'system') return facts.tenant.system.name ?? facts.system.name;
  if (id !== 'own') return mailboxOf(facts, id)?.name ?? null;
  if (facts.actor.type !== 'user') return null;
  const words = [facts.actor.firstname, facts.actor.lastname].map((word) => (word ?? '').trim());
  const name = words.join(' ').trim();
  if (name === '') return equalMailbox(facts)?.name ?? null;
  const bad = [...name].some((letter) =>
    FORBIDDEN_CHARACTERS.some(
      ([low, high]) => (letter.codePointAt(0) ?? 0) >= low && (letter.codePointAt(0) ?? 0) <= high
    )
  );
  return bad ? null : name;
};

const becauseOf = (facts: Facts, id: IdentityId): Identity['because'] => {
  const mailbox = mailboxOf(facts, id);
  if (id === 'own' || id === 'system' || mailbox === undefined) return [id === 'own' ? 'own' : 'system'];
  const { actor } = facts;
  if (actor.type === 'system') return ['system-actor'];
  if (!mailbox.restricted) return ['open'];
  const valid = facts.grants.filter(
    (grant) => grant.mailbox === mailbox.id && !(grant.expiresAt !== null && grant.expiresAt <= facts.now)
  );
  const roles = actor.roles.filter((role) => valid.some((grant) => grant.role === role));
  return [
    ...(valid.some(({ user }) => user === actor.id) ? (['user-grant'] as const) : []),
    ...roles.sort((a, b) => a - b).map((role) => `role-grant:${role}` as const),
  ];
};

export const describeIdentity = (facts: Facts, id: IdentityId): Identity => {
  const through = carrier(facts, id);
  const transport: Transport = through
    ? { kind: 'mailbox', mailbox: through.id, name: through.name, email: through.email }
    : { kind: 'system', email: facts.system.email ?? '' };
  return {
    id,
    name: nameOf(facts, id),
    email: addressOf(facts, id),
    source: id === 'own' || id === 'system' ? id : 'mailbox',
    global: mailboxOf(facts, id)?.global ?? false,
    transport,
    because: becauseOf(facts, id),
    paused: through ? through.paused : facts.system.paused,
  };
};

/** The place of an entry: own, mailboxes by lower-cased name, then address, then id, system. */
const place = (facts: Facts, id: IdentityId): string[] => {
  if (id === 'own') return ['0'];
  if (id === 'system') return ['2'];
  const { name, emailKey, id: documentId } = mailboxOf(facts, id) ?? { name: '', emailKey: '', id: '' };
  return ['1', name.toLowerCase(), emailKey, documentId];
};

const byPlace =
  (facts: Facts) =>
  (a: IdentityId, b: IdentityId): number => {
    const [left, right] = [place(facts, a), place(facts, b)];
    const at = left.findIndex((part, index) => part !== right[index]);
    if (at === -1) return 0;
    return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
  };

/** The ids of one list in their order. */
export const offered = (facts: Facts, list: List): IdentityId[] =>
  everyId(facts)
    .filter((id) => standing(facts, id, list) === 'offered')
    .sort(byPlace(facts));

export const unavailable = (facts: Facts, list: List): { id: IdentityId; code: OwnCode }[] =>
  everyId(facts).flatMap((id) => {
    const code = standing(facts, id, list);
    return code === 'offered' || code === 'absent' ? [] : [{ id, code }];
  });

/** Order of preselection, one sentence per kind. */
const KINDS: readonly { sentence: string; applies: (facts: Facts, id: IdentityId) => boolean }[] = [
  {
    sentence: 'A mailbox of the tenant, for which the actor was named: by a grant, or in the configuration.',
    applies: (facts, id) =>
      mailboxOf(facts, id)?.tenant === facts.tenant.id &&
      (facts.actor.type === 'system' || mailboxOf(facts, id)?.restricted === true),
  },
  {
    sentence: 'Any other mailbox of the tenant.',
    applies: (facts, id) => mailboxOf(facts, id)?.tenant === facts.tenant.id,
  },
  { sentence: 'The own address.', applies: (_facts, id) => id === 'own' },
  { sentence: 'A mailbox of another tenant.', applies: (facts, id) => mailboxOf(facts, id) !== undefined },
  { sentence: 'The system mailbox.', applies: () => true },
];

/** Paused or unaligned: after every identity that is neither. */
const isBehind = (facts: Facts, id: IdentityId): boolean => {
  const way = carrier(facts, id) ?? facts.system;
  const [of, by] = [addressOf(facts, id), way.email ?? ''].map((email) => keyOf(email).split('@').at(-1));
  return way.paused !== null || of !== by;
};

export const preselectedByOracle = (facts: Facts): { from: IdentityId | null; replyTo: IdentityId | null } => {
  const from = offered(facts, 'from');
  const { last } = facts;
  const wishes: (IdentityId | undefined)[] = [last?.from];
  for (const behind of [false, true])
    for (const { applies } of KINDS)
      wishes.push(...from.filter((id) => isBehind(facts, id) === behind && applies(facts, id)));
  return {
    from: wishes.find((id): id is IdentityId => id !== undefined && from.includes(id)) ?? null,
    replyTo: last?.replyTo && offered(facts, 'replyTo').includes(last.replyTo) ? last.replyTo : null,
  };
};

/** Reasons why the actor may not act; the first one is reported. */
const MAY_NOT_ACT: readonly {
  sentence: string;
  code: 'TENANT_MISMATCH' | 'FORBIDDEN_TO_SEND';
  applies: (facts: Facts) => boolean;
}[] = [
  {
    sentence: 'The user is no member of the tenant.',
    code: 'TENANT_MISMATCH',
    applies: ({ actor, tenant: { members } }) =>
      actor.type === 'user' &&
      members !== 'everyone' &&
      members.users.every((id) => id !== actor.id) &&
      members.roles.every((role) => actor.roles.every((has) => has !== role)),
  },
  {
    sentence: 'The tenant is not the system actor’s.',
    code: 'TENANT_MISMATCH',
    applies: ({ actor, tenant }) => actor.type === 'system' && actor.tenant !== tenant.key,
  },
  { sentence: 'The actor does not exist.', code: 'FORBIDDEN_TO_SEND', applies: ({ actor }) => !actor.exists },
  {
    sentence: 'The user is not active.',
    code: 'FORBIDDEN_TO_SEND',
    applies: ({ actor }) => actor.type === 'user' && !actor.isActive,
  },
  {
    sentence: 'The user is blocked.',
    code: 'FORBIDDEN_TO_SEND',
    applies: ({ actor }) => actor.type === 'user' && actor.blocked,
  },
  {
    sentence: 'The user has no role with the permission to send.',
    code: 'FORBIDDEN_TO_SEND',
    applies: ({ actor }) => actor.type === 'user' && !actor.maySend,
  },
];

export const mayActByOracle = (facts: Facts): 'TENANT_MISMATCH' | 'FORBIDDEN_TO_SEND' | null =>
  MAY_NOT_ACT.find(({ applies }) => applies(facts))?.code ?? null;

/** The decision in one word: 'allowed', or the first refusal. */
export const answer = (facts: Facts, from: IdentityId, replyTo: IdentityId | null): string => {
  const mayNot = mayActByOracle(facts);
  if (mayNot) return mayNot;
  const sender = standing(facts, from, 'from');
  if (sender !== 'offered') return sender === 'absent' ? 'FORBIDDEN_FROM' : sender;
  if (replyTo === null) return 'allowed';
  const reply = standing(facts, replyTo, 'replyTo');
  if (reply === 'offered') return 'allowed';
  return reply === 'absent' ? 'FORBIDDEN_REPLY_TO' : reply;
};
