import type * as grantRules from '../../../server/src/domain/grant';
import type * as identityRules from '../../../server/src/domain/identity';
import type { Facts, Identity, IdentityId } from '../../../server/src/domain/identity';
import type * as tenantRules from '../../../server/src/domain/tenant';
import type { Actor, ActorFacts } from '../../../server/src/domain/actor';
import type { MailboxFacts, Pause } from '../../../server/src/domain/mailbox';
import type { TenantFacts } from '../../../server/src/domain/tenant';
import { NOW, facts, grant, mailbox, system, systemActor, tenant, user } from '../../support/builders';

/*
 * The rules of the decision, one sentence per row, every expected value typed by hand. `runRow` takes the domain as an
 * argument, so that the same rows run against mutants.
 */

export interface Domain {
  identity: Pick<typeof identityRules, 'mayAct' | 'usable' | 'reasonsToUse' | 'listIdentities' | 'resolve'>;
  tenant: Pick<typeof tenantRules, 'isMember' | 'tenantOf'>;
  grant: Pick<typeof grantRules, 'isValid'>;
}

/** Reads the value that a row checks. */
type Look = (domain: Domain) => unknown;

export interface Row {
  sentence: string;
  look: Look;
  expected: unknown;
}

export const runRow = (domain: Domain, row: Row): { actual: unknown; expected: unknown } => ({
  actual: row.look(domain),
  expected: row.expected,
});

const row = (sentence: string, look: Look, expected: unknown): Row => ({ sentence, look, expected });

type List = 'from' | 'replyTo';

const mayAct =
  (actor: ActorFacts, inTenant: TenantFacts = tenant()): Look =>
  ({ identity }) =>
    identity.mayAct({ actor, tenant: inTenant });

const usable =
  (world: Facts): Look =>
  ({ identity }) =>
    identity
      .usable(world)
      .map(({ mailbox: { id }, because }) => `${id}: ${because.join(', ')}`)
      .sort();

const reasonsToUse =
  (world: Facts, id: string): Look =>
  ({ identity }) =>
    identity.reasonsToUse(world, id);

/** The ids of both lists in their order, and the unavailable entries as "list id CODE". */
const lists =
  (world: Facts): Look =>
  ({ identity }) => {
    const { from, replyTo, unavailable } = identity.listIdentities(world);
    return {
      from: from.map(({ id }) => id),
      replyTo: replyTo.map(({ id }) => id),
      unavailable: unavailable.map((entry) => `${entry.list} ${entry.identity.id} ${entry.code}`).sort(),
    };
  };

const way = ({ transport }: Identity): string =>
  transport.kind === 'system'
    ? `system <${transport.email}>`
    : `mailbox ${transport.mailbox} "${transport.name}" <${transport.email}>`;

/** Each entry of a list with the transport it would use. */
const transports =
  (list: List, world: Facts): Look =>
  ({ identity }) =>
    Object.fromEntries(identity.listIdentities(world)[list].map((entry) => [entry.id, way(entry)]));

/** Each entry of From with what the page shows of it. */
const shown =
  (world: Facts): Look =>
  ({ identity }) =>
    identity
      .listIdentities(world)
      .from.map(({ name, email }) => (name === null ? `<${email}>` : `"${name}" <${email}>`));

const entries =
  (world: Facts): Look =>
  ({ identity }) =>
    identity.listIdentities(world).from;

const unavailable =
  (world: Facts): Look =>
  ({ identity }) =>
    identity.listIdentities(world).unavailable.map((entry) => entry.identity);

const paused =
  (world: Facts): Look =>
  ({ identity }) =>
    Object.fromEntries(identity.listIdentities(world).from.map((entry) => [entry.id, entry.paused?.code ?? null]));

const preselected =
  (world: Facts): Look =>
  ({ identity }) =>
    identity.listIdentities(world).preselected;

/** The decision in one word. */
const asked =
  (world: Facts, from: IdentityId, replyTo?: IdentityId | null): Look =>
  ({ identity }) => {
    const answer = identity.resolve(world, { from, replyTo });
    return answer.allowed ? 'allowed' : answer.code;
  };

const decided =
  (world: Facts, from: IdentityId, replyTo?: IdentityId | null): Look =>
  ({ identity }) => {
    const answer = identity.resolve(world, { from, replyTo });
    return answer.allowed ? { from: answer.from.id, replyTo: answer.replyTo && answer.replyTo.id } : answer.code;
  };

/** null stays null, so that nothing else passes for it. */
const keyOf = (found: TenantFacts | null): string | null => found && found.key;

const tenantOf =
  (actor: ActorFacts, named?: string): Look =>
  ({ tenant: { tenantOf: find } }) =>
    keyOf(find(actor, [ACME, BRANCH, HOUSE], named));

const onlyTenantOf =
  (actor: ActorFacts, tenants: readonly TenantFacts[]): Look =>
  ({ tenant: { tenantOf: find } }) =>
    keyOf(find(actor, tenants, undefined));

const isMember =
  (actor: ActorFacts, inTenant: TenantFacts): Look =>
  ({ tenant: { isMember: ask } }) =>
    ask(actor, inTenant);

const holds =
  (expiresAt: number | null): Look =>
  ({ grant: { isValid } }) =>
    isValid(grant({ user: 1, expiresAt }), NOW);

// Words of the table.

const nobody: TenantFacts['members'] = { users: [], roles: [] };
const ACME = tenant({ members: { users: [1], roles: [] } });
const BRANCH = tenant({ id: 't-branch', key: 'branch', members: { users: [], roles: [20] } });
const HOUSE = tenant({ id: 't-house', key: 'default', members: { users: [2], roles: [30] } });

/** A mailbox of another tenant. */
const foreign = (differs: Parameters<typeof mailbox>[0] = {}) => mailbox({ tenant: 't-branch', ...differs });
/** Ada's own address as a mailbox. */
const adas = (differs: Parameters<typeof mailbox>[0] = {}) =>
  mailbox({ id: 'ada', email: 'ada@acme.example', name: 'Front desk', ...differs });

const ownBoth = (differs: Partial<TenantFacts> = {}) => tenant({ ownAddress: 'sender-and-reply-to', ...differs });
const ownReply = (differs: Partial<TenantFacts> = {}) => tenant({ ownAddress: 'reply-to', ...differs });
const bothShown = (differs: Partial<TenantFacts> = {}) => ownBoth({ duplicatePolicy: 'both', ...differs });
const mailboxShown = (differs: Partial<TenantFacts> = {}) => ownBoth({ duplicatePolicy: 'mailbox-name', ...differs });
const lastResort = (differs: Partial<TenantFacts> = {}) => tenant({ systemSender: 'when-nothing-else', ...differs });

const notSetUp = system({ name: null, email: null });
const onlyItself = system({ carries: 'system-address-only' });

const named = (firstname: string | null, lastname: string | null, mailboxes = [] as Facts['mailboxes']) =>
  facts({ actor: user({ firstname, lastname }), tenant: ownBoth(), mailboxes });

const refused = (id: IdentityId): [Facts, IdentityId] => [
  facts({ tenant: ownBoth(), mailboxes: [mailbox({ restricted: true }), adas({ authenticated: true })] }),
  id,
];

const actorOf = (actor: Actor): ActorFacts =>
  actor.type === 'user' ? user({ id: actor.id }) : systemActor({ name: actor.name, exists: false });

const mayActRows: Row[] = [
  row('a user who exists, is active, not blocked, holds the permission and is a member may act', mayAct(user()), null),
  row('a user who is not active may not act', mayAct(user({ isActive: false })), 'FORBIDDEN_TO_SEND'),
  row('a blocked user may not act', mayAct(user({ blocked: true })), 'FORBIDDEN_TO_SEND'),
  row('a user without the permission to send may not act', mayAct(user({ maySend: false })), 'FORBIDDEN_TO_SEND'),
  row('a user who no longer exists may not act', mayAct(user({ exists: false })), 'FORBIDDEN_TO_SEND'),
  row(
    'a user who is no member is told TENANT_MISMATCH',
    mayAct(user(), tenant({ members: nobody })),
    'TENANT_MISMATCH'
  ),
  row(
    'missing membership is told first, whatever else is: blocked, inactive, without the permission',
    mayAct(user({ blocked: true, isActive: false, maySend: false }), tenant({ members: nobody })),
    'TENANT_MISMATCH'
  ),
  row(
    'a user who no longer exists and is no member is told TENANT_MISMATCH',
    mayAct(user({ exists: false }), tenant({ members: nobody })),
    'TENANT_MISMATCH'
  ),
  row(
    'a user who no longer exists but is still named as a member is told FORBIDDEN_TO_SEND',
    mayAct(user({ exists: false }), tenant({ members: { users: [1], roles: [] } })),
    'FORBIDDEN_TO_SEND'
  ),
  row(
    'a user whom the membership names may act',
    mayAct(user(), tenant({ members: { users: [7, 1], roles: [] } })),
    null
  ),
  row(
    'a user with a role that the membership names may act',
    mayAct(user({ roles: [9, 10] }), tenant({ members: { users: [], roles: [8, 10] } })),
    null
  ),
  row('a configured system actor may act in its tenant', mayAct(systemActor()), null),
  row(
    'a configured system actor may act in its tenant although the membership names only users',
    mayAct(systemActor(), tenant({ members: nobody })),
    null
  ),
  row(
    'a system actor of another tenant is told TENANT_MISMATCH, even where everyone is a member',
    mayAct(systemActor({ tenant: 'branch' })),
    'TENANT_MISMATCH'
  ),
  row(
    'a system actor that the configuration does not declare may not act',
    mayAct(systemActor({ name: 'stranger', exists: false })),
    'FORBIDDEN_TO_SEND'
  ),
  row(
    'a system actor that is not declared and belongs elsewhere is told TENANT_MISMATCH',
    mayAct(systemActor({ exists: false, tenant: '' })),
    'TENANT_MISMATCH'
  ),
  row(
    'the operator administers and never acts',
    mayAct(actorOf({ type: 'system', name: 'operator' })),
    'FORBIDDEN_TO_SEND'
  ),
];

const membershipRows: Row[] = [
  row('where everyone is a member, a user without any role is one', isMember(user({ roles: [] }), tenant()), true),
  row('a membership without users and roles has no members', isMember(user(), tenant({ members: nobody })), false),
  row(
    'a membership that names other users and other roles does not include the user',
    isMember(user(), tenant({ members: { users: [2, 10], roles: [1, 11] } })),
    false
  ),
  row(
    'membership says nothing about whether the user may act',
    isMember(user({ blocked: true, isActive: false, maySend: false }), tenant({ members: { users: [1], roles: [] } })),
    true
  ),
  row('a system actor is a member of its own tenant', isMember(systemActor(), tenant({ members: nobody })), true),
  row(
    'a system actor is no member elsewhere, although everyone is',
    isMember(systemActor({ tenant: 'x' }), tenant()),
    false
  ),
  row('a request names its tenant by key', tenantOf(user({ roles: [20] }), 'branch'), 'branch'),
  row('a request names its tenant by documentId', tenantOf(user({ roles: [20] }), 't-branch'), 'branch'),
  row('a tenant the actor is no member of is a mismatch', tenantOf(user(), 'branch'), null),
  row('an unknown tenant answers like a foreign one', tenantOf(user(), 'nowhere'), null),
  row('a named tenant that is not the actor’s is not replaced by the only one', tenantOf(user(), 'default'), null),
  row('without a name the only tenant is meant', tenantOf(user()), 'acme'),
  row('without a name the only tenant is meant, default or not', tenantOf(user({ id: 3, roles: [20] })), 'branch'),
  row(
    'without a name, with several tenants, the default tenant is meant',
    tenantOf(user({ roles: [20, 30] })),
    'default'
  ),
  row(
    'without a name, with several tenants and none the default one, it is a mismatch',
    tenantOf(user({ roles: [20] })),
    null
  ),
  row('without a name and without any tenant it is a mismatch', tenantOf(user({ id: 3 })), null),
  row(
    'the default tenant is not meant by somebody who is no member of it',
    onlyTenantOf(user({ id: 3 }), [HOUSE]),
    null
  ),
  row('a system actor means its own tenant', tenantOf(systemActor({ tenant: 'branch' })), 'branch'),
  row('a system actor naming another tenant is a mismatch', tenantOf(systemActor({ tenant: 'branch' }), 'acme'), null),
];

const grantRows: Row[] = [
  row('a grant without an end is valid', holds(null), true),
  row('a grant is valid one millisecond before its end', holds(NOW + 1), true),
  row('a grant that ends exactly now is not valid', holds(NOW), false),
  row('a grant that ended is not valid', holds(NOW - 1), false),
  row('a grant that ended at the epoch is not one without an end', holds(0), false),
];

const restricted = (grants: Facts['grants'], differs: Partial<Facts> = {}) =>
  facts({ mailboxes: [mailbox({ restricted: true })], grants, ...differs });

const usableRows: Row[] = [
  row('an enabled, open mailbox of the tenant is usable', usable(facts({ mailboxes: [mailbox()] })), ['info: open']),
  row('a disabled mailbox is not usable', usable(facts({ mailboxes: [mailbox({ enabled: false })] })), []),
  row('a mailbox of another tenant is not usable', usable(facts({ mailboxes: [foreign()] })), []),
  row('a global mailbox of another tenant is usable', usable(facts({ mailboxes: [foreign({ global: true })] })), [
    'info: open',
  ]),
  row(
    'a paused mailbox stays usable',
    usable(facts({ mailboxes: [mailbox({ paused: { code: 'AUTH_FAILED', message: '' } })] })),
    ['info: open']
  ),
  row(
    'a mailbox with neither flag is usable',
    usable(facts({ mailboxes: [mailbox({ sender: false, reply: false })] })),
    ['info: open']
  ),
  row('a restricted mailbox without grants is usable by nobody', usable(restricted([])), []),
  row('a restricted mailbox is usable by a user whom a grant names', usable(restricted([grant({ user: 1 })])), [
    'info: user-grant',
  ]),
  row('a grant that names another user gives nothing', usable(restricted([grant({ user: 2 })])), []),
  row('a grant on another mailbox gives nothing', usable(restricted([grant({ mailbox: 'press', user: 1 })])), []),
  row('a restricted mailbox is usable through a role the user has', usable(restricted([grant({ role: 10 })])), [
    'info: role-grant:10',
  ]),
  row('a grant to a role the user does not have gives nothing', usable(restricted([grant({ role: 11 })])), []),
  row(
    'a grant to a role on another mailbox gives nothing',
    usable(restricted([grant({ mailbox: 'press', role: 10 })])),
    []
  ),
  row('the id of a role is not the id of a user', usable(restricted([grant({ user: 10 }), grant({ role: 1 })])), []),
  row('a grant that names nobody gives nothing', usable(restricted([grant()])), []),
  row('a user grant that ends now gives nothing', usable(restricted([grant({ user: 1, expiresAt: NOW })])), []),
  row('a user grant that ends later is valid', usable(restricted([grant({ user: 1, expiresAt: NOW + 1 })])), [
    'info: user-grant',
  ]),
  row('a role grant that ends now gives nothing', usable(restricted([grant({ role: 10, expiresAt: NOW })])), []),
  row(
    'an ended user grant leaves the valid role grant as the reason',
    usable(restricted([grant({ user: 1, expiresAt: NOW - 1 }), grant({ role: 10, expiresAt: NOW + 1 })])),
    ['info: role-grant:10']
  ),
  row(
    'the reasons are the user’s grant, then the roles by number, and no others',
    usable(
      restricted(
        [
          grant({ role: 12 }),
          grant({ role: 3 }),
          grant({ role: 4, expiresAt: NOW }),
          grant({ role: 99 }),
          grant({ user: 1 }),
        ],
        { actor: user({ roles: [12, 4, 3] }) }
      )
    ),
    ['info: user-grant, role-grant:3, role-grant:12']
  ),
  row(
    'an unrestricted mailbox is open, grants or not',
    usable(facts({ mailboxes: [mailbox()], grants: [grant({ user: 1 })] })),
    ['info: open']
  ),
  row(
    'a restricted global mailbox of another tenant needs a grant',
    usable(facts({ mailboxes: [foreign({ global: true, restricted: true })] })),
    []
  ),
  row(
    'a grant reaches into another tenant’s global mailbox',
    usable(facts({ mailboxes: [foreign({ global: true, restricted: true })], grants: [grant({ user: 1 })] })),
    ['info: user-grant']
  ),
  row(
    'a grant does not make a foreign mailbox usable',
    usable(facts({ mailboxes: [foreign({ restricted: true })], grants: [grant({ user: 1 })] })),
    []
  ),
  row(
    'a grant does not make a disabled mailbox usable',
    usable(facts({ mailboxes: [mailbox({ restricted: true, enabled: false })], grants: [grant({ user: 1 })] })),
    []
  ),

  row(
    'a system actor uses a mailbox its configuration lists',
    usable(facts({ actor: systemActor({ mailboxes: ['info@acme.example'] }), mailboxes: [mailbox()] })),
    ['info: system-actor']
  ),
  row(
    'a system actor’s list is compared by the address’s compared form',
    usable(
      facts({
        actor: systemActor({ mailboxes: ['info@acme.example'] }),
        mailboxes: [mailbox({ email: 'Info@acme.example' })],
      })
    ),
    ['info: system-actor']
  ),
  row(
    'a system actor with all mailboxes uses each of them',
    usable(
      facts({
        actor: systemActor(),
        mailboxes: [mailbox(), foreign({ id: 'press', email: 'press@acme.example', global: true })],
      })
    ),
    ['info: system-actor', 'press: system-actor']
  ),
  row(
    'an unlisted mailbox is not usable by a system actor even if unrestricted',
    usable(facts({ actor: systemActor({ mailboxes: ['press@acme.example'] }), mailboxes: [mailbox()] })),
    []
  ),
  row(
    'a system actor with an empty list uses no mailbox',
    usable(facts({ actor: systemActor({ mailboxes: [] }), mailboxes: [mailbox()] })),
    []
  ),
  row(
    'Restricted does not concern a system actor with a list',
    usable(
      facts({ actor: systemActor({ mailboxes: ['info@acme.example'] }), mailboxes: [mailbox({ restricted: true })] })
    ),
    ['info: system-actor']
  ),
  row(
    'Restricted does not concern a system actor with all mailboxes',
    usable(facts({ actor: systemActor(), mailboxes: [mailbox({ restricted: true })] })),
    ['info: system-actor']
  ),
  row(
    'a grant does not make an unlisted mailbox usable by a system actor',
    usable(
      facts({
        actor: systemActor({ mailboxes: [] }),
        mailboxes: [mailbox({ restricted: true })],
        grants: [grant({ user: 1 }), grant({ role: 10 })],
      })
    ),
    []
  ),
  row(
    'a system actor does not use a disabled mailbox',
    usable(facts({ actor: systemActor(), mailboxes: [mailbox({ enabled: false })] })),
    []
  ),
  row(
    'a system actor does not use a foreign mailbox',
    usable(facts({ actor: systemActor(), mailboxes: [foreign()] })),
    []
  ),
  row(
    'a system actor does not use a shadowed mailbox',
    usable(
      facts({ actor: systemActor(), mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours' })] })
    ),
    ['ours: system-actor']
  ),

  row(
    'the tenant’s own mailbox shadows a global one with the same address',
    usable(facts({ mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours' })] })),
    ['ours: open']
  ),
  row(
    'a disabled own mailbox shadows: taking one away does not hand out another',
    usable(facts({ mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours', enabled: false })] })),
    []
  ),
  row(
    'a restricted own mailbox shadows somebody without a grant',
    usable(facts({ mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours', restricted: true })] })),
    []
  ),
  row(
    'an own mailbox without any flag shadows',
    usable(
      facts({
        mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours', sender: false, reply: false })],
      })
    ),
    ['ours: open']
  ),
  row(
    'a grant on the shadowed mailbox changes nothing',
    usable(
      facts({
        mailboxes: [
          foreign({ id: 'theirs', global: true, restricted: true }),
          mailbox({ id: 'ours', restricted: true }),
        ],
        grants: [grant({ mailbox: 'theirs', user: 1 })],
      })
    ),
    []
  ),
  row(
    'addresses that differ only in case shadow each other',
    usable(
      facts({
        mailboxes: [foreign({ id: 'theirs', global: true, email: 'INFO@acme.example' }), mailbox({ id: 'ours' })],
      })
    ),
    ['ours: open']
  ),
  row(
    'an own mailbox with another address shadows nothing',
    usable(
      facts({
        mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours', email: 'info+x@acme.example' })],
      })
    ),
    ['ours: open', 'theirs: open']
  ),
  row(
    'a global mailbox that the tenant owns does not shadow itself',
    usable(facts({ mailboxes: [mailbox({ global: true })] })),
    ['info: open']
  ),
  row(
    'another tenant’s mailbox shadows nothing',
    usable(
      facts({ mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'third', tenant: 't-third' })] })
    ),
    ['theirs: open']
  ),
];

const reasonsRows: Row[] = [
  row(
    'one mailbox is usable for the same reasons as among all',
    reasonsToUse(restricted([grant({ user: 1 }), grant({ role: 10 })]), 'info'),
    ['user-grant', 'role-grant:10']
  ),
  row('one mailbox that is not usable among all is not usable', reasonsToUse(restricted([]), 'info'), null),
  row('an unknown mailbox is not usable', reasonsToUse(facts({ mailboxes: [mailbox()] }), 'gone'), null),
  row(
    'one mailbox that is shadowed is not usable',
    reasonsToUse(facts({ mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours' })] }), 'theirs'),
    null
  ),
  row(
    'one mailbox is asked for, not its namesake',
    reasonsToUse(
      facts({
        mailboxes: [foreign({ id: 'theirs', global: true }), mailbox({ id: 'ours', restricted: true })],
        grants: [grant({ mailbox: 'ours', user: 1 })],
      }),
      'ours'
    ),
    ['user-grant']
  ),
];

const flagRows: Row[] = [
  row('the system mailbox is in both lists', lists(facts()), {
    from: ['system'],
    replyTo: ['system'],
    unavailable: [],
  }),
  row('a mailbox with Sender and Reply is in both lists', lists(facts({ mailboxes: [mailbox()] })), {
    from: ['mailbox:info', 'system'],
    replyTo: ['mailbox:info', 'system'],
    unavailable: [],
  }),
  row('a mailbox without Reply is in From only', lists(facts({ mailboxes: [mailbox({ reply: false })] })), {
    from: ['mailbox:info', 'system'],
    replyTo: ['system'],
    unavailable: [],
  }),
  row('a mailbox without Sender is in Reply-To only', lists(facts({ mailboxes: [mailbox({ sender: false })] })), {
    from: ['system'],
    replyTo: ['mailbox:info', 'system'],
    unavailable: [],
  }),
  row(
    'a mailbox with neither flag is in no list',
    lists(facts({ mailboxes: [mailbox({ sender: false, reply: false })] })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'a mailbox that is not usable is not listed at all',
    lists(facts({ mailboxes: [mailbox({ restricted: true })] })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: [],
    }
  ),
  row(
    'a system actor is offered its mailboxes and system',
    lists(facts({ actor: systemActor(), mailboxes: [mailbox()] })),
    {
      from: ['mailbox:info', 'system'],
      replyTo: ['mailbox:info', 'system'],
      unavailable: [],
    }
  ),
];

const ownRows: Row[] = [
  row('own address off: in neither list', lists(facts({ tenant: tenant({ ownAddress: 'off' }) })), {
    from: ['system'],
    replyTo: ['system'],
    unavailable: [],
  }),
  row('own address reply-to: in Reply-To only', lists(facts({ tenant: ownReply() })), {
    from: ['system'],
    replyTo: ['own', 'system'],
    unavailable: [],
  }),
  row('own address sender-and-reply-to: in both lists', lists(facts({ tenant: ownBoth() })), {
    from: ['own', 'system'],
    replyTo: ['own', 'system'],
    unavailable: [],
  }),
  row('a system actor has no own address', lists(facts({ actor: systemActor(), tenant: ownBoth() })), {
    from: ['system'],
    replyTo: ['system'],
    unavailable: [],
  }),
  row(
    'an unconfirmed own address is unavailable',
    lists(facts({ actor: user({ confirmedKey: null }), tenant: ownBoth() })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: ['from own OWN_ADDRESS_UNCONFIRMED', 'replyTo own OWN_ADDRESS_UNCONFIRMED'],
    }
  ),
  row(
    'an unconfirmed own address is unavailable only where the tenant would offer it',
    lists(facts({ actor: user({ confirmedKey: null }), tenant: ownReply() })),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo own OWN_ADDRESS_UNCONFIRMED'] }
  ),
  row(
    'an unconfirmed own address that is switched off is not listed',
    lists(facts({ actor: user({ confirmedKey: null }) })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: [],
    }
  ),
  row(
    'the confirmation of another address does not count: a change of the account e-mail undoes it',
    lists(facts({ actor: user({ email: 'ceo@acme.example' }), tenant: ownBoth() })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: ['from own OWN_ADDRESS_UNCONFIRMED', 'replyTo own OWN_ADDRESS_UNCONFIRMED'],
    }
  ),
  row(
    'the confirmation is compared in the compared form',
    lists(facts({ actor: user({ email: 'Ada@acme.example' }), tenant: ownBoth() })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'where the requirement is off, confirmation is not asked',
    lists(facts({ actor: user({ confirmedKey: null }), tenant: ownBoth(), requireConfirmation: false })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'where the tenant lists own-address domains, an address in one of them is offered',
    lists(facts({ tenant: ownBoth({ ownAddressDomains: ['other.example', 'acme.example'] }) })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'where the tenant lists own-address domains, any other address is not',
    lists(facts({ tenant: ownBoth({ ownAddressDomains: ['other.example'] }) })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'a sub-domain of a listed domain is not listed',
    lists(
      facts({
        actor: user({ email: 'ada@news.acme.example', confirmedKey: 'ada@news.acme.example' }),
        tenant: ownBoth({ ownAddressDomains: ['acme.example'] }),
      })
    ),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'the parent of a listed sub-domain is not listed',
    lists(facts({ tenant: ownBoth({ ownAddressDomains: ['news.acme.example'] }) })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'a domain is compared without case',
    lists(
      facts({ actor: user({ email: 'ada@ACME.example' }), tenant: ownBoth({ ownAddressDomains: ['acme.example'] }) })
    ),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'an internationalized domain is compared as A-label',
    lists(
      facts({
        actor: user({ email: 'ada@bücher.example', confirmedKey: 'ada@xn--bcher-kva.example' }),
        tenant: ownBoth({ ownAddressDomains: ['xn--bcher-kva.example'] }),
      })
    ),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'an unconfirmed own address outside the listed domains is not listed: two things are wrong',
    lists(facts({ actor: user({ confirmedKey: null }), tenant: ownBoth({ ownAddressDomains: ['other.example'] }) })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
];

const systemRows: Row[] = [
  row(
    'system only when nothing else is offered: not beside a mailbox',
    lists(facts({ tenant: lastResort(), mailboxes: [mailbox()] })),
    { from: ['mailbox:info'], replyTo: ['mailbox:info'], unavailable: [] }
  ),
  row(
    'system only when nothing else is offered: not beside the own address',
    lists(facts({ tenant: lastResort({ ownAddress: 'sender-and-reply-to' }) })),
    {
      from: ['own'],
      replyTo: ['own'],
      unavailable: [],
    }
  ),
  row(
    'system only when nothing else is offered: in lists that would be empty',
    lists(facts({ tenant: lastResort() })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: [],
    }
  ),
  row(
    'whether a list would be empty is decided per list: nothing else in From',
    lists(facts({ tenant: lastResort(), mailboxes: [mailbox({ sender: false })] })),
    { from: ['system'], replyTo: ['mailbox:info'], unavailable: [] }
  ),
  row(
    'whether a list would be empty is decided per list: nothing else in Reply-To',
    lists(facts({ tenant: lastResort(), mailboxes: [mailbox({ reply: false })] })),
    { from: ['mailbox:info'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'unavailable entries do not count as something else',
    lists(facts({ tenant: lastResort(), mailboxes: [mailbox({ enabled: false })] })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: ['from mailbox:info MAILBOX_DISABLED', 'replyTo mailbox:info MAILBOX_DISABLED'],
    }
  ),
  row('a system mailbox that is not set up is unavailable in both lists', lists(facts({ system: notSetUp })), {
    from: [],
    replyTo: [],
    unavailable: ['from system SYSTEM_NOT_CONFIGURED', 'replyTo system SYSTEM_NOT_CONFIGURED'],
  }),
  row(
    'an override does not set up a system mailbox that gives no address without it',
    lists(facts({ system: notSetUp, tenant: tenant({ system: { name: 'Acme', email: 'news@acme.example' } }) })),
    {
      from: [],
      replyTo: [],
      unavailable: ['from system SYSTEM_NOT_CONFIGURED', 'replyTo system SYSTEM_NOT_CONFIGURED'],
    }
  ),
  row(
    'a system mailbox that is not set up is still the last resort, and unavailable as such',
    lists(facts({ system: notSetUp, tenant: lastResort() })),
    {
      from: [],
      replyTo: [],
      unavailable: ['from system SYSTEM_NOT_CONFIGURED', 'replyTo system SYSTEM_NOT_CONFIGURED'],
    }
  ),
  row(
    'a system mailbox that is not set up and not needed is not listed',
    lists(facts({ system: notSetUp, tenant: lastResort(), mailboxes: [mailbox({ authenticated: true })] })),
    { from: ['mailbox:info'], replyTo: ['mailbox:info'], unavailable: [] }
  ),
  row(
    'nothing leaves over a system mailbox that is not set up; a reply address uses no transport',
    lists(facts({ system: notSetUp, tenant: ownBoth(), mailboxes: [mailbox()] })),
    {
      from: [],
      replyTo: ['own', 'mailbox:info'],
      unavailable: [
        'from mailbox:info SYSTEM_NOT_CONFIGURED',
        'from own SYSTEM_NOT_CONFIGURED',
        'from system SYSTEM_NOT_CONFIGURED',
        'replyTo system SYSTEM_NOT_CONFIGURED',
      ],
    }
  ),
  row(
    'an authenticated mailbox does not need the system mailbox',
    lists(facts({ system: notSetUp, mailboxes: [mailbox({ authenticated: true })] })),
    {
      from: ['mailbox:info'],
      replyTo: ['mailbox:info'],
      unavailable: ['from system SYSTEM_NOT_CONFIGURED', 'replyTo system SYSTEM_NOT_CONFIGURED'],
    }
  ),
  row(
    'an own address through an authenticated mailbox does not need the system mailbox',
    lists(facts({ system: notSetUp, tenant: ownBoth(), mailboxes: [adas({ authenticated: true })] })),
    {
      from: ['own'],
      replyTo: ['own'],
      unavailable: ['from system SYSTEM_NOT_CONFIGURED', 'replyTo system SYSTEM_NOT_CONFIGURED'],
    }
  ),
  row(
    'not set up is told before cannot carry',
    lists(
      facts({ system: system({ email: null, carries: 'system-address-only' }), mailboxes: [mailbox({ reply: false })] })
    ),
    {
      from: [],
      replyTo: [],
      unavailable: [
        'from mailbox:info SYSTEM_NOT_CONFIGURED',
        'from system SYSTEM_NOT_CONFIGURED',
        'replyTo system SYSTEM_NOT_CONFIGURED',
      ],
    }
  ),
  row(
    'a provider that carries only its own address cannot carry a mailbox or an own address as From',
    lists(facts({ system: onlyItself, tenant: ownBoth(), mailboxes: [mailbox()] })),
    {
      from: ['system'],
      replyTo: ['own', 'mailbox:info', 'system'],
      unavailable: ['from mailbox:info TRANSPORT_CANNOT_CARRY', 'from own TRANSPORT_CANNOT_CARRY'],
    }
  ),
  row(
    'such a provider does not matter to an authenticated mailbox',
    lists(facts({ system: onlyItself, mailboxes: [mailbox({ authenticated: true })] })),
    { from: ['mailbox:info', 'system'], replyTo: ['mailbox:info', 'system'], unavailable: [] }
  ),
  row(
    'such a provider does not matter to an own address through an authenticated mailbox',
    lists(facts({ system: onlyItself, tenant: ownBoth(), mailboxes: [adas({ authenticated: true, sender: false })] })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'such a provider carries a mailbox whose address equals the system address',
    lists(facts({ system: onlyItself, mailboxes: [mailbox({ email: 'System@acme.example' })] })),
    { from: ['mailbox:info', 'system'], replyTo: ['mailbox:info', 'system'], unavailable: [] }
  ),
  row(
    'such a provider carries an own address that equals the system address',
    lists(facts({ system: system({ carries: 'system-address-only', email: 'ADA@acme.example' }), tenant: ownBoth() })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'such a provider cannot carry the system identity under a tenant’s other address',
    lists(facts({ system: onlyItself, tenant: tenant({ system: { name: null, email: 'news@acme.example' } }) })),
    { from: [], replyTo: ['system'], unavailable: ['from system TRANSPORT_CANNOT_CARRY'] }
  ),
  row(
    'such a provider does not carry a mailbox because it equals the tenant’s other address',
    lists(
      facts({
        system: onlyItself,
        tenant: tenant({ system: { name: null, email: 'info@acme.example' } }),
        mailboxes: [mailbox({ reply: false })],
      })
    ),
    {
      from: [],
      replyTo: ['system'],
      unavailable: ['from mailbox:info TRANSPORT_CANNOT_CARRY', 'from system TRANSPORT_CANNOT_CARRY'],
    }
  ),
  row(
    'such a provider carries an override that differs only in name or case',
    lists(facts({ system: onlyItself, tenant: tenant({ system: { name: 'Desk', email: 'SYSTEM@acme.example' } }) })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'where the others cannot be carried, system is the last resort in From',
    lists(facts({ system: onlyItself, tenant: lastResort(), mailboxes: [mailbox()] })),
    { from: ['system'], replyTo: ['mailbox:info'], unavailable: ['from mailbox:info TRANSPORT_CANNOT_CARRY'] }
  ),
  row(
    'a system identity that cannot be carried and is not needed is not listed',
    lists(
      facts({
        system: onlyItself,
        tenant: lastResort({ system: { name: null, email: 'news@acme.example' } }),
        mailboxes: [mailbox({ authenticated: true })],
      })
    ),
    { from: ['mailbox:info'], replyTo: ['mailbox:info'], unavailable: [] }
  ),
  row(
    'a system identity that cannot be carried and is needed is unavailable',
    lists(facts({ system: onlyItself, tenant: lastResort({ system: { name: null, email: 'news@acme.example' } }) })),
    { from: [], replyTo: ['system'], unavailable: ['from system TRANSPORT_CANNOT_CARRY'] }
  ),
];

const unavailableRows: Row[] = [
  row(
    'a disabled mailbox is unavailable in the lists of its flags',
    lists(facts({ mailboxes: [mailbox({ enabled: false, reply: false })] })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: ['from mailbox:info MAILBOX_DISABLED'],
    }
  ),
  row(
    'a disabled mailbox without Sender is unavailable in Reply-To only',
    lists(facts({ mailboxes: [mailbox({ enabled: false, sender: false })] })),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo mailbox:info MAILBOX_DISABLED'] }
  ),
  row(
    'a disabled mailbox that is restricted without a grant is not listed',
    lists(facts({ mailboxes: [mailbox({ enabled: false, restricted: true })] })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'a disabled mailbox that is restricted with a grant is unavailable',
    lists(
      facts({
        mailboxes: [mailbox({ enabled: false, restricted: true, sender: false })],
        grants: [grant({ role: 10 })],
      })
    ),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo mailbox:info MAILBOX_DISABLED'] }
  ),
  row(
    'a disabled mailbox of another tenant is not listed',
    lists(facts({ mailboxes: [foreign({ enabled: false })] })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: [],
    }
  ),
  row(
    'a disabled global mailbox of another tenant is unavailable',
    lists(facts({ mailboxes: [foreign({ enabled: false, global: true, sender: false })] })),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo mailbox:info MAILBOX_DISABLED'] }
  ),
  row(
    'a disabled global mailbox that is shadowed is not listed',
    lists(
      facts({
        mailboxes: [foreign({ id: 'theirs', enabled: false, global: true }), mailbox({ id: 'ours', restricted: true })],
      })
    ),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'a disabled mailbox that a system actor does not list is not listed',
    lists(facts({ actor: systemActor({ mailboxes: [] }), mailboxes: [mailbox({ enabled: false })] })),
    { from: ['system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'a disabled mailbox that a system actor lists is unavailable',
    lists(facts({ actor: systemActor(), mailboxes: [mailbox({ enabled: false, restricted: true, sender: false })] })),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo mailbox:info MAILBOX_DISABLED'] }
  ),
  row(
    'a disabled mailbox that the system transport could not carry is not listed in From: two things are wrong',
    lists(facts({ system: onlyItself, mailboxes: [mailbox({ enabled: false })] })),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo mailbox:info MAILBOX_DISABLED'] }
  ),
  row(
    'a disabled authenticated mailbox is unavailable whatever the system transport carries',
    lists(facts({ system: onlyItself, mailboxes: [mailbox({ enabled: false, authenticated: true })] })),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: ['from mailbox:info MAILBOX_DISABLED', 'replyTo mailbox:info MAILBOX_DISABLED'],
    }
  ),
  row(
    'a disabled mailbox over a system mailbox that is not set up is not listed in From: two things are wrong',
    lists(facts({ system: notSetUp, mailboxes: [mailbox({ enabled: false })] })),
    {
      from: [],
      replyTo: [],
      unavailable: [
        'from system SYSTEM_NOT_CONFIGURED',
        'replyTo mailbox:info MAILBOX_DISABLED',
        'replyTo system SYSTEM_NOT_CONFIGURED',
      ],
    }
  ),
  row(
    'an unconfirmed own address that cannot be carried is not listed in From: two things are wrong',
    lists(facts({ system: onlyItself, actor: user({ confirmedKey: null }), tenant: ownBoth() })),
    { from: ['system'], replyTo: ['system'], unavailable: ['replyTo own OWN_ADDRESS_UNCONFIRMED'] }
  ),
  row(
    'an unconfirmed own address through an authenticated mailbox lacks one thing only',
    lists(
      facts({
        system: onlyItself,
        actor: user({ confirmedKey: null }),
        tenant: ownBoth(),
        mailboxes: [adas({ authenticated: true, sender: false, reply: false })],
      })
    ),
    {
      from: ['system'],
      replyTo: ['system'],
      unavailable: ['from own OWN_ADDRESS_UNCONFIRMED', 'replyTo own OWN_ADDRESS_UNCONFIRMED'],
    }
  ),
  row(
    'a disabled mailbox that the own address would hide is not listed',
    lists(facts({ tenant: ownBoth(), mailboxes: [adas({ enabled: false })] })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'a disabled mailbox equal to the own address is unavailable in a list without the own address',
    lists(facts({ tenant: ownReply(), mailboxes: [adas({ enabled: false })] })),
    { from: ['system'], replyTo: ['own', 'system'], unavailable: ['from mailbox:ada MAILBOX_DISABLED'] }
  ),
  row(
    'a disabled mailbox that would hide the own address is unavailable and hides nothing',
    lists(facts({ tenant: mailboxShown(), mailboxes: [adas({ enabled: false })] })),
    {
      from: ['own', 'system'],
      replyTo: ['own', 'system'],
      unavailable: ['from mailbox:ada MAILBOX_DISABLED', 'replyTo mailbox:ada MAILBOX_DISABLED'],
    }
  ),
  row(
    'a disabled mailbox beside the own address is unavailable under both',
    lists(facts({ tenant: bothShown(), mailboxes: [adas({ enabled: false })] })),
    {
      from: ['own', 'system'],
      replyTo: ['own', 'system'],
      unavailable: ['from mailbox:ada MAILBOX_DISABLED', 'replyTo mailbox:ada MAILBOX_DISABLED'],
    }
  ),
  row(
    'an unconfirmed own address that a mailbox would hide is not listed',
    lists(facts({ actor: user({ confirmedKey: null }), tenant: mailboxShown(), mailboxes: [adas()] })),
    { from: ['mailbox:ada', 'system'], replyTo: ['mailbox:ada', 'system'], unavailable: [] }
  ),
  row(
    'an unconfirmed own address hides no mailbox',
    lists(facts({ actor: user({ confirmedKey: null }), tenant: ownBoth(), mailboxes: [adas()] })),
    {
      from: ['mailbox:ada', 'system'],
      replyTo: ['mailbox:ada', 'system'],
      unavailable: ['from own OWN_ADDRESS_UNCONFIRMED', 'replyTo own OWN_ADDRESS_UNCONFIRMED'],
    }
  ),
  row(
    'own and mailbox that both cannot be carried hide neither in From',
    lists(facts({ system: onlyItself, tenant: ownBoth(), mailboxes: [adas()] })),
    {
      from: ['system'],
      replyTo: ['own', 'system'],
      unavailable: ['from mailbox:ada TRANSPORT_CANNOT_CARRY', 'from own TRANSPORT_CANNOT_CARRY'],
    }
  ),
  row(
    'own and mailbox over a system mailbox that is not set up hide neither in From',
    lists(facts({ system: notSetUp, tenant: mailboxShown(), mailboxes: [adas()] })),
    {
      from: [],
      replyTo: ['mailbox:ada'],
      unavailable: [
        'from mailbox:ada SYSTEM_NOT_CONFIGURED',
        'from own SYSTEM_NOT_CONFIGURED',
        'from system SYSTEM_NOT_CONFIGURED',
        'replyTo system SYSTEM_NOT_CONFIGURED',
      ],
    }
  ),
  row(
    'an own address that cannot be carried does not hide a disabled mailbox',
    lists(facts({ system: onlyItself, tenant: ownBoth(), mailboxes: [adas({ enabled: false, authenticated: true })] })),
    {
      from: ['system'],
      replyTo: ['own', 'system'],
      unavailable: ['from mailbox:ada MAILBOX_DISABLED', 'from own TRANSPORT_CANNOT_CARRY'],
    }
  ),
];

const duplicateRows: Row[] = [
  row('own-name shows own and hides the equal mailbox', lists(facts({ tenant: ownBoth(), mailboxes: [adas()] })), {
    from: ['own', 'system'],
    replyTo: ['own', 'system'],
    unavailable: [],
  }),
  row('both shows both', lists(facts({ tenant: bothShown(), mailboxes: [adas()] })), {
    from: ['own', 'mailbox:ada', 'system'],
    replyTo: ['own', 'mailbox:ada', 'system'],
    unavailable: [],
  }),
  row('mailbox-name shows the mailbox and hides own', lists(facts({ tenant: mailboxShown(), mailboxes: [adas()] })), {
    from: ['mailbox:ada', 'system'],
    replyTo: ['mailbox:ada', 'system'],
    unavailable: [],
  }),
  row('a mailbox with another address is no duplicate', lists(facts({ tenant: ownBoth(), mailboxes: [mailbox()] })), {
    from: ['own', 'mailbox:info', 'system'],
    replyTo: ['own', 'mailbox:info', 'system'],
    unavailable: [],
  }),
  row('a mailbox with another address hides no own', lists(facts({ tenant: mailboxShown(), mailboxes: [mailbox()] })), {
    from: ['own', 'mailbox:info', 'system'],
    replyTo: ['own', 'mailbox:info', 'system'],
    unavailable: [],
  }),
  row(
    'equal means equal in the compared form',
    lists(
      facts({
        actor: user({ email: 'ADA@acme.example' }),
        tenant: ownBoth(),
        mailboxes: [adas({ email: 'Ada@acme.example' })],
      })
    ),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'duplicates are decided per list: own in Reply-To only hides the mailbox there only',
    lists(facts({ tenant: ownReply(), mailboxes: [adas()] })),
    { from: ['mailbox:ada', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'duplicates are decided per list: a mailbox without Sender hides own in Reply-To only',
    lists(facts({ tenant: mailboxShown(), mailboxes: [adas({ sender: false })] })),
    { from: ['own', 'system'], replyTo: ['mailbox:ada', 'system'], unavailable: [] }
  ),
  row(
    'duplicates are decided per list: a mailbox without Reply hides own in From only',
    lists(facts({ tenant: mailboxShown(), mailboxes: [adas({ reply: false })] })),
    { from: ['mailbox:ada', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row('with own address off there is no duplicate', lists(facts({ mailboxes: [adas()] })), {
    from: ['mailbox:ada', 'system'],
    replyTo: ['mailbox:ada', 'system'],
    unavailable: [],
  }),
  row(
    'a restricted mailbox without a grant hides nothing, own stays',
    lists(facts({ tenant: mailboxShown(), mailboxes: [adas({ restricted: true })] })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'a restricted mailbox with a grant takes part in duplicates',
    lists(
      facts({
        tenant: mailboxShown(),
        mailboxes: [adas({ restricted: true })],
        grants: [grant({ mailbox: 'ada', user: 1 })],
      })
    ),
    { from: ['mailbox:ada', 'system'], replyTo: ['mailbox:ada', 'system'], unavailable: [] }
  ),
  row(
    'system never takes part in duplicates: it is shown beside an equal mailbox and an equal own address',
    lists(facts({ system: system({ email: 'ada@acme.example' }), tenant: bothShown(), mailboxes: [adas()] })),
    {
      from: ['own', 'mailbox:ada', 'system'],
      replyTo: ['own', 'mailbox:ada', 'system'],
      unavailable: [],
    }
  ),
  row(
    'system is neither hidden by an equal own address nor hides it',
    lists(facts({ system: system({ email: 'ada@acme.example' }), tenant: mailboxShown() })),
    { from: ['own', 'system'], replyTo: ['own', 'system'], unavailable: [] }
  ),
  row(
    'system is neither hidden by an equal mailbox nor hides it',
    lists(facts({ system: system({ email: 'info@acme.example' }), mailboxes: [mailbox()] })),
    { from: ['mailbox:info', 'system'], replyTo: ['mailbox:info', 'system'], unavailable: [] }
  ),
  row(
    'system as the last resort is withheld beside an own address that hides a mailbox',
    lists(facts({ tenant: lastResort({ ownAddress: 'sender-and-reply-to' }), mailboxes: [adas()] })),
    { from: ['own'], replyTo: ['own'], unavailable: [] }
  ),
];

const THROUGH_SYSTEM = 'system <system@acme.example>';
const THROUGH_ADA = 'mailbox ada "Front desk" <ada@acme.example>';

const transportRows: Row[] = [
  row(
    'a mailbox without authentication goes out through the system mailbox',
    transports('from', facts({ mailboxes: [mailbox()] })),
    {
      'mailbox:info': THROUGH_SYSTEM,
      system: THROUGH_SYSTEM,
    }
  ),
  row(
    'an authenticated mailbox goes out through itself',
    transports('from', facts({ mailboxes: [mailbox({ authenticated: true })] })),
    {
      'mailbox:info': 'mailbox info "Info" <info@acme.example>',
      system: THROUGH_SYSTEM,
    }
  ),
  row('the own address goes out through the system mailbox', transports('from', facts({ tenant: ownBoth() })), {
    own: THROUGH_SYSTEM,
    system: THROUGH_SYSTEM,
  }),
  row(
    'own-name: through the equal mailbox if it is authenticated',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [adas({ authenticated: true })] })),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'own-name: else through the system mailbox',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [adas()] })),
    {
      own: THROUGH_SYSTEM,
      system: THROUGH_SYSTEM,
    }
  ),
  row(
    'both: both through the mailbox if it is authenticated',
    transports('from', facts({ tenant: bothShown(), mailboxes: [adas({ authenticated: true })] })),
    { own: THROUGH_ADA, 'mailbox:ada': THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'both: else both through the system mailbox',
    transports('from', facts({ tenant: bothShown(), mailboxes: [adas()] })),
    {
      own: THROUGH_SYSTEM,
      'mailbox:ada': THROUGH_SYSTEM,
      system: THROUGH_SYSTEM,
    }
  ),
  row(
    'mailbox-name: through the mailbox if it is authenticated',
    transports('from', facts({ tenant: mailboxShown(), mailboxes: [adas({ authenticated: true })] })),
    { 'mailbox:ada': THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'mailbox-name: else through the system mailbox',
    transports('from', facts({ tenant: mailboxShown(), mailboxes: [adas()] })),
    {
      'mailbox:ada': THROUGH_SYSTEM,
      system: THROUGH_SYSTEM,
    }
  ),
  row(
    'an authenticated mailbox with another address does not carry the own address',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [mailbox({ authenticated: true })] })),
    { own: THROUGH_SYSTEM, 'mailbox:info': 'mailbox info "Info" <info@acme.example>', system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through the equal mailbox whatever its Sender flag says',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [adas({ authenticated: true, sender: false })] })),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through an equal mailbox with neither flag',
    transports(
      'from',
      facts({ tenant: mailboxShown(), mailboxes: [adas({ authenticated: true, sender: false, reply: false })] })
    ),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'a reply address carries the transport it would use',
    transports('replyTo', facts({ tenant: ownReply(), mailboxes: [adas({ authenticated: true })] })),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through an equal global mailbox of another tenant',
    transports(
      'from',
      facts({ tenant: ownBoth(), mailboxes: [adas({ tenant: 't-branch', global: true, authenticated: true })] })
    ),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through an equal mailbox typed in another case',
    transports(
      'from',
      facts({
        actor: user({ email: 'Ada@acme.example' }),
        tenant: ownBoth(),
        mailboxes: [adas({ authenticated: true })],
      })
    ),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through the system mailbox where the equal mailbox is restricted and there is no grant',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [adas({ authenticated: true, restricted: true })] })),
    { own: THROUGH_SYSTEM, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through the equal restricted mailbox with a grant',
    transports(
      'from',
      facts({
        tenant: ownBoth(),
        mailboxes: [adas({ authenticated: true, restricted: true })],
        grants: [grant({ mailbox: 'ada', role: 10 })],
      })
    ),
    { own: THROUGH_ADA, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through the system mailbox where the equal mailbox is disabled',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [adas({ authenticated: true, enabled: false })] })),
    { own: THROUGH_SYSTEM, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through the system mailbox where the equal mailbox belongs to another tenant',
    transports('from', facts({ tenant: ownBoth(), mailboxes: [adas({ authenticated: true, tenant: 't-branch' })] })),
    { own: THROUGH_SYSTEM, system: THROUGH_SYSTEM }
  ),
  row(
    'own goes through the system mailbox where the equal global mailbox is shadowed by a disabled one',
    transports(
      'from',
      facts({
        tenant: ownBoth(),
        mailboxes: [
          adas({ id: 'theirs', tenant: 't-branch', global: true, authenticated: true }),
          adas({ enabled: false, authenticated: true }),
        ],
      })
    ),
    { own: THROUGH_SYSTEM, system: THROUGH_SYSTEM }
  ),
  row(
    'the system transport uses the system address without the tenant’s override',
    transports(
      'from',
      facts({ tenant: ownBoth({ system: { name: 'Desk', email: 'desk@acme.example' } }), mailboxes: [mailbox()] })
    ),
    { own: THROUGH_SYSTEM, 'mailbox:info': THROUGH_SYSTEM, system: THROUGH_SYSTEM }
  ),
];

const AUTH_FAILED = { code: 'AUTH_FAILED', message: 'The server refused the login.' } as const;
const UNREACHABLE = { code: 'UNREACHABLE', message: 'The server does not answer.' } as const;

const entryRows: Row[] = [
  row(
    'each entry says what it is, where it comes from, which way it takes, and why it is there',
    entries(
      facts({
        tenant: bothShown({ system: { name: 'Desk', email: 'desk@acme.example' } }),
        mailboxes: [adas({ authenticated: true, global: true, restricted: true })],
        grants: [grant({ mailbox: 'ada', role: 10 }), grant({ mailbox: 'ada', user: 1 })],
      })
    ),
    [
      {
        id: 'own',
        name: 'Ada Archer',
        email: 'ada@acme.example',
        source: 'own',
        global: false,
        transport: { kind: 'mailbox', mailbox: 'ada', name: 'Front desk', email: 'ada@acme.example' },
        because: ['own'],
        paused: null,
      },
      {
        id: 'mailbox:ada',
        name: 'Front desk',
        email: 'ada@acme.example',
        source: 'mailbox',
        global: true,
        transport: { kind: 'mailbox', mailbox: 'ada', name: 'Front desk', email: 'ada@acme.example' },
        because: ['user-grant', 'role-grant:10'],
        paused: null,
      },
      {
        id: 'system',
        name: 'Desk',
        email: 'desk@acme.example',
        source: 'system',
        global: false,
        transport: { kind: 'system', email: 'system@acme.example' },
        because: ['system'],
        paused: null,
      },
    ]
  ),
  row(
    'a mailbox keeps its address as typed',
    shown(facts({ mailboxes: [mailbox({ email: 'Info.Desk@acme.example' })] })),
    ['"Info" <Info.Desk@acme.example>', '"Acme News" <system@acme.example>']
  ),
  row(
    'an own address keeps its local part as typed',
    shown(
      facts({ actor: user({ email: 'Ada.A@acme.example', confirmedKey: 'ada.a@acme.example' }), tenant: ownBoth() })
    ),
    ['"Ada Archer" <Ada.A@acme.example>', '"Acme News" <system@acme.example>']
  ),
  row(
    'an unavailable disabled mailbox gives the same reasons and way as if it were enabled',
    unavailable(
      facts({
        mailboxes: [mailbox({ enabled: false, reply: false, restricted: true, authenticated: true })],
        grants: [grant({ user: 1 }), grant({ role: 10 })],
      })
    ),
    [
      {
        id: 'mailbox:info',
        name: 'Info',
        email: 'info@acme.example',
        source: 'mailbox',
        global: false,
        transport: { kind: 'mailbox', mailbox: 'info', name: 'Info', email: 'info@acme.example' },
        because: ['user-grant', 'role-grant:10'],
        paused: null,
      },
    ]
  ),
  row(
    'an unavailable own address is described like an offered one',
    unavailable(facts({ actor: user({ confirmedKey: null }), tenant: ownReply() })),
    [
      {
        id: 'own',
        name: 'Ada Archer',
        email: 'ada@acme.example',
        source: 'own',
        global: false,
        transport: { kind: 'system', email: 'system@acme.example' },
        because: ['own'],
        paused: null,
      },
    ]
  ),
  row(
    'an unavailable system mailbox without any address has the address ""',
    ({ identity }) =>
      identity.listIdentities(facts({ system: notSetUp })).unavailable.map((entry) => entry.identity.email),
    ['', '']
  ),
  row(
    'an unavailable system mailbox shows the tenant’s override, and no envelope address',
    ({ identity }) =>
      identity
        .listIdentities(
          facts({ system: notSetUp, tenant: tenant({ system: { name: 'Desk', email: 'desk@acme.example' } }) })
        )
        .unavailable.map((entry) => [entry.identity.name, entry.identity.email, entry.identity.transport]),
    [
      ['Desk', 'desk@acme.example', { kind: 'system', email: '' }],
      ['Desk', 'desk@acme.example', { kind: 'system', email: '' }],
    ]
  ),
  row(
    'an entry says whether the mailbox it goes through is paused',
    paused(
      facts({
        tenant: ownBoth({ duplicatePolicy: 'both' }),
        mailboxes: [adas({ authenticated: true, paused: AUTH_FAILED }), mailbox({ authenticated: true })],
      })
    ),
    { own: 'AUTH_FAILED', 'mailbox:ada': 'AUTH_FAILED', 'mailbox:info': null, system: null }
  ),
  row(
    'an entry that goes through the system mailbox says whether that one is paused',
    paused(
      facts({
        system: system({ paused: UNREACHABLE }),
        tenant: ownBoth(),
        mailboxes: [
          mailbox({ paused: AUTH_FAILED }),
          mailbox({ id: 'press', name: 'Press', email: 'press@acme.example', authenticated: true }),
        ],
      })
    ),
    { own: 'UNREACHABLE', 'mailbox:info': 'UNREACHABLE', 'mailbox:press': null, system: 'UNREACHABLE' }
  ),
];

const nameRows: Row[] = [
  row('the own name is first name and last name', shown(named('Ada', 'Archer')), [
    '"Ada Archer" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row('the own name is trimmed', shown(named(' Ada ', '\tArcher ')), [
    '"Ada Archer" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row('the own name is the first name alone where there is no last name', shown(named('Ada', null, [adas()])), [
    '"Ada" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row('the own name is the last name alone where there is no first name', shown(named('  ', 'Archer', [adas()])), [
    '"Archer" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row(
    'without both, the own name is the equal mailbox’s',
    shown(named(null, null, [adas({ sender: false, reply: false })])),
    ['"Front desk" <ada@acme.example>', '"Acme News" <system@acme.example>']
  ),
  row('blank names are no names', shown(named(' ', '', [adas()])), [
    '"Front desk" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row('without both and without an equal mailbox there is no own name', shown(named(null, null, [mailbox()])), [
    '<ada@acme.example>',
    '"Info" <info@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row('a mailbox that the user cannot use lends no name', shown(named(null, null, [adas({ restricted: true })])), [
    '<ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  ...[
    ['an at sign', 'ceo@acme.example', 'Archer'],
    ['an opening angle bracket', 'Ada', '<Archer'],
    ['a closing angle bracket', 'Ada', 'Archer>'],
    ['a line feed', 'Ada\nBcc', 'Archer'],
    ['a carriage return', 'Ada\rBcc', 'Archer'],
    ['a null', 'Ada\u0000', 'Archer'],
    ['a delete', 'Ada\u007f', 'Archer'],
    ['a control character above ASCII', 'Ada\u0085x', 'Archer'],
    ['a bidi override', 'Ada', '\u202eArcher'],
    ['a bidi isolate', 'Ada', '\u2066Archer'],
    ['a right-to-left mark', 'Ada', 'Arch\u200fer'],
    ['an Arabic letter mark', 'Ada', 'Arch\u061cer'],
    ['a zero-width space', 'Ada', 'Arch\u200ber'],
    ['a zero-width joiner', 'Ada', 'Arch\u200der'],
    ['a word joiner', 'Ada', 'Arch\u2060er'],
    ['a byte order mark', 'Ada', 'Arch\ufeffer'],
  ].map(([what = '', firstname = '', lastname = '']) =>
    row(
      `an own name with ${what} is not used, and nothing else is put in its place`,
      shown(named(firstname, lastname, [adas()])),
      ['<ada@acme.example>', '"Acme News" <system@acme.example>']
    )
  ),
  row(
    'an own name may hold letters of any script, dots, quotes and commas',
    shown(named('Zoë "Ада"', 'O’Neil, Jr. 李')),
    ['"Zoë "Ада" O’Neil, Jr. 李" <ada@acme.example>', '"Acme News" <system@acme.example>']
  ),
  row('under both, each has its own name', shown(facts({ tenant: bothShown(), mailboxes: [adas()] })), [
    '"Ada Archer" <ada@acme.example>',
    '"Front desk" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row('under mailbox-name, the name is the mailbox’s', shown(facts({ tenant: mailboxShown(), mailboxes: [adas()] })), [
    '"Front desk" <ada@acme.example>',
    '"Acme News" <system@acme.example>',
  ]),
  row(
    'the override replaces the name of system alone',
    shown(facts({ tenant: tenant({ system: { name: 'Desk', email: null } }) })),
    ['"Desk" <system@acme.example>']
  ),
  row(
    'the override replaces the address of system alone',
    shown(facts({ tenant: tenant({ system: { name: null, email: 'desk@acme.example' } }) })),
    ['"Acme News" <desk@acme.example>']
  ),
  row('system may have no name', shown(facts({ system: system({ name: null }) })), ['<system@acme.example>']),
];

const chosen = (last: Facts['last'], differs: Partial<Facts> = {}) =>
  facts({
    tenant: ownBoth(),
    mailboxes: [
      mailbox({ id: 'press', name: 'Press', email: 'press@acme.example' }),
      mailbox({ id: 'events', name: 'Events', email: 'events@acme.example' }),
    ],
    last,
    ...differs,
  });

/** Sorted by name before everything of Acme. */
const ofBranch = (differs: Partial<MailboxFacts> = {}) =>
  foreign({ id: 'branch', name: 'A', email: 'branch@acme.example', global: true, ...differs });

const STOPPED: Pause = { code: 'UNREACHABLE', message: '' };

/** An entry of every kind, those first in the order of the list that are last in the order of preselection. */
const everyKind = (differs: Partial<Facts> = {}) =>
  facts({
    tenant: ownBoth(),
    mailboxes: [
      ofBranch(),
      mailbox({ id: 'open', name: 'B', email: 'open@acme.example' }),
      mailbox({ id: 'granted', name: 'C', email: 'granted@acme.example', restricted: true }),
    ],
    grants: [grant({ mailbox: 'granted', user: 1 })],
    ...differs,
  });

const orderRows: Row[] = [
  row(
    'the order is own, mailboxes by lower-cased name, system',
    lists(
      facts({
        tenant: ownBoth(),
        mailboxes: [
          mailbox({ id: 'c', name: 'Zoo', email: 'c@acme.example' }),
          mailbox({ id: 'b', name: 'alpha', email: 'b@acme.example' }),
          mailbox({ id: 'a', name: 'Beta', email: 'a@acme.example' }),
        ],
      })
    ),
    {
      from: ['own', 'mailbox:b', 'mailbox:a', 'mailbox:c', 'system'],
      replyTo: ['own', 'mailbox:b', 'mailbox:a', 'mailbox:c', 'system'],
      unavailable: [],
    }
  ),
  row(
    'mailboxes with the same name are ordered by address',
    lists(
      facts({
        mailboxes: [
          mailbox({ id: 'a', name: 'press', email: 'z@acme.example', reply: false }),
          mailbox({ id: 'b', name: 'Press', email: 'm@acme.example', reply: false }),
          mailbox({ id: 'c', name: 'PRESS', email: 'b@acme.example', reply: false }),
        ],
      })
    ),
    { from: ['mailbox:c', 'mailbox:b', 'mailbox:a', 'system'], replyTo: ['system'], unavailable: [] }
  ),
  row(
    'mailboxes with the same name and address are ordered by id',
    lists(
      facts({
        mailboxes: [
          foreign({ id: 'b', global: true, reply: false }),
          foreign({ id: 'c', global: true, reply: false }),
          foreign({ id: 'a', global: true, reply: false }),
        ],
      })
    ),
    { from: ['mailbox:a', 'mailbox:b', 'mailbox:c', 'system'], replyTo: ['system'], unavailable: [] }
  ),
  row('preselected is the first mailbox, and no reply address', preselected(chosen(null)), {
    from: 'mailbox:events',
    replyTo: null,
  }),
  row('a mailbox granted to the user is preselected before one that is open', preselected(everyKind()), {
    from: 'mailbox:granted',
    replyTo: null,
  }),
  row(
    'a mailbox granted to a role of the user is preselected before one that is open',
    preselected(everyKind({ grants: [grant({ mailbox: 'granted', role: 10 })] })),
    { from: 'mailbox:granted', replyTo: null }
  ),
  row('an open mailbox of the tenant is preselected before own', preselected(everyKind({ grants: [] })), {
    from: 'mailbox:open',
    replyTo: null,
  }),
  row(
    'own is preselected before a global mailbox of another tenant',
    preselected(everyKind({ mailboxes: [ofBranch()] })),
    { from: 'own', replyTo: null }
  ),
  row(
    'a global mailbox of another tenant is preselected before system',
    preselected(everyKind({ mailboxes: [ofBranch()], tenant: tenant() })),
    { from: 'mailbox:branch', replyTo: null }
  ),
  row(
    'a grant on a global mailbox of another tenant does not preselect it before own',
    preselected(
      everyKind({ mailboxes: [ofBranch({ restricted: true })], grants: [grant({ mailbox: 'branch', user: 1 })] })
    ),
    { from: 'own', replyTo: null }
  ),
  row(
    'a global mailbox that the tenant owns is preselected as one of the tenant',
    preselected(everyKind({ mailboxes: [ofBranch(), ofBranch({ id: 'ours', tenant: 't-acme', name: 'Z' })] })),
    { from: 'mailbox:ours', replyTo: null }
  ),
  row(
    'a paused mailbox is preselected behind everything that is not paused',
    preselected(everyKind({ mailboxes: [mailbox({ authenticated: true, paused: STOPPED })], tenant: tenant() })),
    { from: 'system', replyTo: null }
  ),
  row(
    'a mailbox is preselected behind everything else where its mail leaves from another domain',
    preselected(everyKind({ mailboxes: [mailbox({ email: 'info@elsewhere.example' })], tenant: tenant() })),
    { from: 'system', replyTo: null }
  ),
  row(
    'a mailbox of another domain with its own login is preselected as any other',
    preselected(
      everyKind({ mailboxes: [mailbox({ email: 'info@elsewhere.example', authenticated: true })], tenant: tenant() })
    ),
    { from: 'mailbox:info', replyTo: null }
  ),
  row(
    'paused entries are preselected in the order of all others',
    preselected(everyKind({ system: system({ paused: STOPPED }) })),
    { from: 'mailbox:granted', replyTo: null }
  ),
  row(
    'the last choice is preselected, paused or not',
    preselected(
      everyKind({
        mailboxes: [
          mailbox(),
          mailbox({ id: 'press', email: 'press@acme.example', authenticated: true, paused: STOPPED }),
        ],
        last: { from: 'mailbox:press', replyTo: null },
      })
    ),
    { from: 'mailbox:press', replyTo: null }
  ),
  row('without a mailbox, own is preselected', preselected(chosen(null, { mailboxes: [] })), {
    from: 'own',
    replyTo: null,
  }),
  row('without mailbox and own, system is preselected', preselected(facts()), { from: 'system', replyTo: null }),
  row('nothing is preselected where nothing is offered', preselected(facts({ system: notSetUp })), {
    from: null,
    replyTo: null,
  }),
  row('the last choice is preselected', preselected(chosen({ from: 'mailbox:press', replyTo: 'own' })), {
    from: 'mailbox:press',
    replyTo: 'own',
  }),
  row(
    'the last choice without a reply address preselects none',
    preselected(chosen({ from: 'system', replyTo: null })),
    {
      from: 'system',
      replyTo: null,
    }
  ),
  row(
    'a last choice that is no longer offered is not preselected',
    preselected(chosen({ from: 'mailbox:gone', replyTo: 'mailbox:gone' })),
    { from: 'mailbox:events', replyTo: null }
  ),
  row(
    'the last choice counts only in the list it was made in',
    preselected(
      facts({
        tenant: ownReply(),
        mailboxes: [
          mailbox({ sender: false }),
          mailbox({ id: 'press', name: 'Press', email: 'press@acme.example', reply: false }),
        ],
        last: { from: 'mailbox:info', replyTo: 'mailbox:press' },
      })
    ),
    { from: 'mailbox:press', replyTo: null }
  ),
  row(
    'an unavailable entry is not preselected, last choice or not',
    preselected(
      facts({
        tenant: ownBoth(),
        mailboxes: [mailbox({ enabled: false })],
        last: { from: 'mailbox:info', replyTo: 'mailbox:info' },
      })
    ),
    { from: 'own', replyTo: null }
  ),
  row(
    'a mailbox of Reply-To only is not preselected as From',
    preselected(facts({ mailboxes: [mailbox({ sender: false })] })),
    { from: 'system', replyTo: null }
  ),
];

const resolveRows: Row[] = [
  row('an offered From without a reply address is allowed', decided(facts(), 'system'), {
    from: 'system',
    replyTo: null,
  }),
  row('null is no reply address', decided(facts(), 'system', null), { from: 'system', replyTo: null }),
  row(
    'a reply address need not belong to the same mailbox as From',
    decided(facts({ tenant: ownReply(), mailboxes: [mailbox()] }), 'mailbox:info', 'own'),
    {
      from: 'mailbox:info',
      replyTo: 'own',
    }
  ),
  row(
    'what is allowed comes with name, address and way of From and of Reply-To',
    ({ identity }) =>
      identity.resolve(facts({ mailboxes: [mailbox({ authenticated: true })] }), {
        from: 'mailbox:info',
        replyTo: 'system',
      }),
    {
      allowed: true,
      from: {
        id: 'mailbox:info',
        name: 'Info',
        email: 'info@acme.example',
        source: 'mailbox',
        global: false,
        transport: { kind: 'mailbox', mailbox: 'info', name: 'Info', email: 'info@acme.example' },
        because: ['open'],
        paused: null,
      },
      replyTo: {
        id: 'system',
        name: 'Acme News',
        email: 'system@acme.example',
        source: 'system',
        global: false,
        transport: { kind: 'system', email: 'system@acme.example' },
        because: ['system'],
        paused: null,
      },
    }
  ),
  row(
    'who is no member is told so before anything else',
    asked(facts({ tenant: tenant({ members: nobody }), actor: user({ blocked: true }) }), 'mailbox:gone'),
    'TENANT_MISMATCH'
  ),
  row(
    'who may not act is told so before From',
    asked(facts({ actor: user({ maySend: false }) }), 'mailbox:gone'),
    'FORBIDDEN_TO_SEND'
  ),
  row(
    'who may not act is refused even system',
    asked(facts({ actor: user({ blocked: true }) }), 'system'),
    'FORBIDDEN_TO_SEND'
  ),
  row('From is told before Reply-To', asked(facts(), 'mailbox:gone', 'mailbox:gone'), 'FORBIDDEN_FROM'),
  row(
    'From with a code of its own is told before Reply-To',
    asked(facts({ mailboxes: [mailbox({ enabled: false })] }), 'mailbox:info', 'mailbox:gone'),
    'MAILBOX_DISABLED'
  ),
  row('an unknown mailbox as From is forbidden', asked(facts(), 'mailbox:gone'), 'FORBIDDEN_FROM'),
  row(
    'an unknown mailbox does not borrow the code of an unavailable one',
    asked(facts({ mailboxes: [mailbox({ enabled: false })] }), 'mailbox:gone'),
    'FORBIDDEN_FROM'
  ),
  row('an unknown mailbox as Reply-To is forbidden', asked(facts(), 'system', 'mailbox:gone'), 'FORBIDDEN_REPLY_TO'),
  row('a foreign mailbox is forbidden', asked(facts({ mailboxes: [foreign()] }), 'mailbox:info'), 'FORBIDDEN_FROM'),
  row(
    'a shadowed mailbox is forbidden',
    asked(facts({ mailboxes: [foreign({ id: 'theirs', global: true }), mailbox()] }), 'mailbox:theirs'),
    'FORBIDDEN_FROM'
  ),
  row('a restricted mailbox without a grant is forbidden', asked(restricted([]), 'mailbox:info'), 'FORBIDDEN_FROM'),
  row(
    'a mailbox without Sender is forbidden as From',
    asked(facts({ mailboxes: [mailbox({ sender: false })] }), 'mailbox:info'),
    'FORBIDDEN_FROM'
  ),
  row(
    'a mailbox without Reply is forbidden as Reply-To',
    asked(facts({ mailboxes: [mailbox({ reply: false })] }), 'system', 'mailbox:info'),
    'FORBIDDEN_REPLY_TO'
  ),
  row(
    'a mailbox without Sender is allowed as Reply-To',
    asked(facts({ mailboxes: [mailbox({ sender: false })] }), 'system', 'mailbox:info'),
    'allowed'
  ),
  row(
    'a hidden mailbox posted by hand is forbidden',
    asked(facts({ tenant: ownBoth(), mailboxes: [adas()] }), 'mailbox:ada'),
    'FORBIDDEN_FROM'
  ),
  row(
    'a hidden mailbox posted by hand is forbidden as Reply-To',
    asked(facts({ tenant: ownBoth(), mailboxes: [adas()] }), 'own', 'mailbox:ada'),
    'FORBIDDEN_REPLY_TO'
  ),
  row(
    'a hidden own address posted by hand is forbidden',
    asked(facts({ tenant: mailboxShown(), mailboxes: [adas()] }), 'own'),
    'FORBIDDEN_FROM'
  ),
  row('an own address switched off by the tenant is forbidden', asked(facts(), 'own'), 'FORBIDDEN_FROM'),
  row(
    'an own address for replies only is forbidden as From',
    asked(facts({ tenant: ownReply() }), 'own'),
    'FORBIDDEN_FROM'
  ),
  row(
    'an own address switched off by the tenant is forbidden as Reply-To',
    asked(facts(), 'system', 'own'),
    'FORBIDDEN_REPLY_TO'
  ),
  row(
    'an own address outside the tenant’s domains is forbidden',
    asked(facts({ tenant: ownBoth({ ownAddressDomains: ['other.example'] }) }), 'own'),
    'FORBIDDEN_FROM'
  ),
  row(
    'an own address is forbidden to a system actor',
    asked(facts({ actor: systemActor(), tenant: ownBoth() }), 'own'),
    'FORBIDDEN_FROM'
  ),
  row(
    'system withheld by the tenant is forbidden',
    asked(facts({ tenant: lastResort(), mailboxes: [mailbox()] }), 'system'),
    'FORBIDDEN_FROM'
  ),
  row(
    'system withheld by the tenant is forbidden even where it is not set up',
    asked(facts({ system: notSetUp, tenant: lastResort(), mailboxes: [mailbox({ authenticated: true })] }), 'system'),
    'FORBIDDEN_FROM'
  ),
  row(
    'a disabled mailbox as From has a code of its own',
    asked(facts({ mailboxes: [mailbox({ enabled: false })] }), 'mailbox:info'),
    'MAILBOX_DISABLED'
  ),
  row(
    'a disabled mailbox as Reply-To has a code of its own',
    asked(facts({ mailboxes: [mailbox({ enabled: false })] }), 'system', 'mailbox:info'),
    'MAILBOX_DISABLED'
  ),
  row(
    'a disabled mailbox without Sender is forbidden as From',
    asked(facts({ mailboxes: [mailbox({ enabled: false, sender: false })] }), 'mailbox:info'),
    'FORBIDDEN_FROM'
  ),
  row(
    'a disabled mailbox without Reply is forbidden as Reply-To',
    asked(facts({ mailboxes: [mailbox({ enabled: false, reply: false })] }), 'system', 'mailbox:info'),
    'FORBIDDEN_REPLY_TO'
  ),
  row(
    'an unconfirmed own address has a code of its own',
    asked(facts({ actor: user({ confirmedKey: null }), tenant: ownBoth() }), 'own'),
    'OWN_ADDRESS_UNCONFIRMED'
  ),
  row(
    'an unconfirmed own address as Reply-To has a code of its own',
    asked(facts({ actor: user({ confirmedKey: null }), tenant: ownReply() }), 'system', 'own'),
    'OWN_ADDRESS_UNCONFIRMED'
  ),
  row(
    'a system mailbox that is not set up has a code of its own',
    asked(facts({ system: notSetUp }), 'system'),
    'SYSTEM_NOT_CONFIGURED'
  ),
  row(
    'a system mailbox that is not set up has a code of its own as Reply-To',
    asked(facts({ system: notSetUp, mailboxes: [mailbox({ authenticated: true })] }), 'mailbox:info', 'system'),
    'SYSTEM_NOT_CONFIGURED'
  ),
  row(
    'a From that cannot be carried has a code of its own',
    asked(facts({ system: onlyItself, mailboxes: [mailbox()] }), 'mailbox:info'),
    'TRANSPORT_CANNOT_CARRY'
  ),
  row(
    'a From that cannot be carried is allowed as Reply-To',
    asked(facts({ system: onlyItself, mailboxes: [mailbox()] }), 'system', 'mailbox:info'),
    'allowed'
  ),
  row(
    'everything forbidden gets one answer, one text',
    ({ identity }) => {
      const answers = [refused('mailbox:gone'), refused('mailbox:info'), refused('mailbox:ada')].map(([world, from]) =>
        identity.resolve(world, { from })
      );
      return new Set(answers.map((answer) => (answer.allowed ? 'allowed' : `${answer.code} ${answer.message}`))).size;
    },
    1
  ),
];

export const table: readonly Row[] = [
  ...mayActRows,
  ...membershipRows,
  ...grantRows,
  ...usableRows,
  ...reasonsRows,
  ...flagRows,
  ...ownRows,
  ...systemRows,
  ...unavailableRows,
  ...duplicateRows,
  ...transportRows,
  ...entryRows,
  ...nameRows,
  ...orderRows,
  ...resolveRows,
];
