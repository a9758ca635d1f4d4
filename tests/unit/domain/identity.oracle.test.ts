import { isDeepStrictEqual } from 'node:util';
import type { ActorFacts } from '../../../server/src/domain/actor';
import type { Facts, Identity, IdentityId, SystemFacts } from '../../../server/src/domain/identity';
import { listIdentities, mayAct, resolve, usable } from '../../../server/src/domain/identity';
import type { GrantFacts } from '../../../server/src/domain/grant';
import type { MailboxFacts } from '../../../server/src/domain/mailbox';
import type { TenantFacts } from '../../../server/src/domain/tenant';
import { NOW, facts, grant, mailbox, system, systemActor, tenant, user } from '../../support/builders';
import {
  against,
  answer,
  describeIdentity,
  mayActByOracle,
  offered,
  preselectedByOracle,
  standing,
  unavailable,
  usableByOracle,
} from './oracle';

/* Every combination of facts, compared with an independent implementation of the rules (oracle.ts). */

const BOTH = [true, false] as const;
const LISTS = ['from', 'replyTo'] as const;

/** Every choice of one value per key. */
function* product<T extends Record<string, readonly unknown[]>>(
  choices: T
): Generator<{ [K in keyof T]: T[K][number] }> {
  const keys = Object.keys(choices) as (keyof T)[];
  const walk = function* (index: number, chosen: Partial<{ [K in keyof T]: unknown }>): Generator<object> {
    const key = keys[index];
    if (key === undefined) {
      yield { ...chosen };
      return;
    }
    for (const value of choices[key] ?? []) {
      chosen[key] = value;
      yield* walk(index + 1, chosen);
    }
  };
  yield* walk(0, {}) as Generator<{ [K in keyof T]: T[K][number] }>;
}

interface Mismatch {
  what: string;
  implementation: unknown;
  oracle: unknown;
  because: unknown;
  facts: Facts;
}

/** Differences between implementation and oracle. */
const compare = (world: Facts): Mismatch[] => {
  const mismatches: Mismatch[] = [];
  const check = (what: string, implementation: unknown, oracle: unknown, because: () => unknown = () => null): void => {
    if (!isDeepStrictEqual(implementation, oracle))
      mismatches.push({ what, implementation, oracle, because: because(), facts: world });
  };

  const described = new Map<IdentityId, Identity>();
  const describeOnce = (id: IdentityId): Identity => {
    const known = described.get(id) ?? describeIdentity(world, id);
    described.set(id, known);
    return known;
  };

  const mayNot = mayAct(world);
  check('mayAct', mayNot, mayActByOracle(world));
  const ids: IdentityId[] = ['own', 'system', ...world.mailboxes.map(({ id }) => `mailbox:${id}` as const)];

  if (mayNot === null) {
    check(
      'usable',
      usable(world)
        .map(({ mailbox: { id } }) => id)
        .sort(),
      usableByOracle(world).sort()
    );
    const list = listIdentities(world);
    for (const name of LISTS) {
      check(
        name,
        list[name].map(({ id }) => id),
        offered(world, name),
        () => ids.map((id) => [id, against(world, id, name)])
      );
      for (const entry of list[name]) check(`${entry.id} in ${name}`, entry, describeOnce(entry.id));
      const blocked = list.unavailable.filter((entry) => entry.list === name);
      check(
        `unavailable in ${name}`,
        blocked.map(({ identity, code }) => `${identity.id} ${code}`).sort(),
        unavailable(world, name)
          .map(({ id, code }) => `${id} ${code}`)
          .sort(),
        () => ids.map((id) => [id, against(world, id, name)])
      );
      for (const { identity } of blocked)
        check(`${identity.id} unavailable in ${name}`, identity, describeOnce(identity.id));
    }
    check('preselected', list.preselected, preselectedByOracle(world));
  }

  const ask = (from: IdentityId, replyTo: IdentityId | null): void => {
    const decision = resolve(world, { from, replyTo });
    const expected = answer(world, from, replyTo);
    check(`resolve ${from}, ${replyTo}`, decision.allowed ? 'allowed' : decision.code, expected);
    if (!decision.allowed) return;
    check(`resolved From ${from}`, decision.from, describeOnce(from));
    check(`resolved Reply-To ${replyTo}`, decision.replyTo, replyTo === null ? null : describeOnce(replyTo));
  };
  // Every id as From, and with each offered From every id as Reply-To.
  const replies = [...ids];
  for (const from of ids) ask(from, standing(world, from, 'from') === 'offered' ? (replies.pop() ?? null) : null);
  const sender = ids.find((id) => standing(world, id, 'from') === 'offered');
  if (sender !== undefined) for (const replyTo of [null, ...replies]) ask(sender, replyTo);
  return mismatches;
};

/** Compares every world and shows the first few differences. */
const expectAgreement = (worlds: Iterable<Facts>, atLeast: number): void => {
  const mismatches: Mismatch[] = [];
  let count = 0;
  let differing = 0;
  for (const world of worlds) {
    count += 1;
    const found = compare(world);
    if (found.length > 0) differing += 1;
    if (mismatches.length < 5) mismatches.push(...found.slice(0, 2));
  }
  if (differing > 0)
    throw new Error(`${differing} of ${count} combinations differ, the first:\n${JSON.stringify(mismatches, null, 1)}`);
  expect(count).toBeGreaterThanOrEqual(atLeast);
};

const OWN = 'ada@acme.example';
const MAILBOX = 'desk@acme.example';

type Access = 'open' | 'restricted' | 'user' | 'role' | 'expired';

const grantsOf = (access: Access): GrantFacts[] => {
  if (access === 'user') return [grant({ mailbox: 'm', user: 1, expiresAt: NOW + 1 })];
  if (access === 'role') return [grant({ mailbox: 'm', role: 10 })];
  if (access === 'expired')
    return [grant({ mailbox: 'm', user: 1, expiresAt: NOW }), grant({ mailbox: 'm', role: 10, expiresAt: NOW - 1 })];
  return [];
};

const OWNERSHIP = {
  ours: { tenant: 't-acme', global: false },
  'ours, global': { tenant: 't-acme', global: true },
  'theirs, global': { tenant: 't-branch', global: true },
  theirs: { tenant: 't-branch', global: false },
} as const;

/** One mailbox with every flag; `m2`, if it exists, is a mailbox of the tenant with the same address. */
const mailboxes = {
  enabled: BOTH,
  sender: BOTH,
  reply: BOTH,
  authenticated: BOTH,
  equal: BOTH,
  ownership: Object.keys(OWNERSHIP) as (keyof typeof OWNERSHIP)[],
  shadow: ['none', 'shadowing', 'shadowing, disabled'],
} as const;

type MailboxChoice = { [K in keyof typeof mailboxes]: (typeof mailboxes)[K][number] };

/** Excludes a second mailbox of the same tenant and address. */
const possible = ({ ownership, shadow }: MailboxChoice): boolean => shadow === 'none' || ownership.startsWith('theirs');

const mailboxesOf = (choice: MailboxChoice, access: Access): MailboxFacts[] => {
  const email = choice.equal ? OWN : MAILBOX;
  const one = mailbox({
    id: 'm',
    email,
    name: 'Desk',
    enabled: choice.enabled,
    sender: choice.sender,
    reply: choice.reply,
    authenticated: choice.authenticated,
    restricted: access !== 'open',
    ...OWNERSHIP[choice.ownership],
  });
  if (choice.shadow === 'none') return [one];
  return [one, mailbox({ id: 'm2', email, name: 'Ours', authenticated: true, enabled: choice.shadow === 'shadowing' })];
};

const tenants = {
  ownAddress: ['off', 'reply-to', 'sender-and-reply-to'],
  duplicatePolicy: ['own-name', 'both', 'mailbox-name'],
  systemSender: ['everyone', 'when-nothing-else'],
} as const;

const SYSTEMS: Record<string, SystemFacts> = {
  any: system(),
  'only itself': system({ carries: 'system-address-only' }),
  'only itself, equal to own': system({ carries: 'system-address-only', email: OWN }),
  'not set up': system({ email: null, carries: 'system-address-only' }),
};

/** One user, one mailbox with every flag, every setting of the tenant, every system mailbox. */
function* usersWorlds(): Generator<Facts> {
  const confirmations = {
    confirmed: { confirmedKey: OWN, requireConfirmation: true },
    unconfirmed: { confirmedKey: null, requireConfirmation: true },
    'not asked': { confirmedKey: 'old@acme.example', requireConfirmation: false },
  } as const;
  const accesses: Access[] = ['open', 'restricted', 'user', 'role', 'expired'];
  const shadowedAccesses: Access[] = ['open', 'user'];
  for (const settings of product(tenants)) {
    // Without an own address there are no duplicates and nothing to confirm; one policy shows it.
    if (settings.ownAddress === 'off' && settings.duplicatePolicy !== 'own-name') continue;
    const kinds = Object.keys(confirmations).filter((kind) => {
      if (settings.ownAddress === 'off') return kind === 'confirmed';
      return kind !== 'not asked' || settings.duplicatePolicy === 'own-name';
    }) as (keyof typeof confirmations)[];
    for (const kind of kinds) {
      const { confirmedKey, requireConfirmation } = confirmations[kind];
      const actor = user({ confirmedKey });
      for (const installation of Object.values(SYSTEMS)) {
        for (const choice of product(mailboxes)) {
          if (!possible(choice)) continue;
          for (const access of choice.shadow === 'none' ? accesses : shadowedAccesses)
            yield {
              actor,
              tenant: tenant(settings),
              mailboxes: mailboxesOf(choice, access),
              grants: grantsOf(access),
              system: installation,
              requireConfirmation,
              now: NOW,
              last: null,
            };
        }
      }
    }
  }
}

/** System actors: facts about users must have no effect. */
function* systemActorsWorlds(): Generator<Facts> {
  const actors = { listed: [OWN, MAILBOX], all: 'all', unlisted: ['other@acme.example'] } as const;
  for (const settings of product({ ...tenants, ownAddress: ['sender-and-reply-to'] as const }))
    for (const mailboxesListed of Object.values(actors))
      for (const installation of Object.values(SYSTEMS))
        for (const choice of product({ ...mailboxes, equal: [true] as const }))
          for (const access of ['open', 'restricted', 'user'] as const)
            if (possible(choice))
              yield facts({
                actor: systemActor({ mailboxes: mailboxesListed }),
                tenant: tenant(settings),
                mailboxes: mailboxesOf(choice, access),
                grants: grantsOf(access),
                system: installation,
              });
}

/** Names, domains, overrides, the last choice: with three mailboxes of which some are duplicates or carried by others. */
function* detailsWorlds(): Generator<Facts> {
  const choices = {
    ...tenants,
    domains: [
      ['other.example', 'acme.example'],
      ['example', 'news.acme.example'],
    ] as const,
    names: [
      ['Ada', 'Archer'],
      [' ', null],
      [null, 'ceo@acme.example'],
    ] as const,
    override: [
      { name: null, email: null },
      { name: 'Desk', email: 'desk@acme.example' },
      { name: null, email: 'SYSTEM@acme.example' },
    ] as const,
    installation: Object.keys(SYSTEMS),
    authenticated: BOTH,
    enabled: BOTH,
    last: [
      null,
      { from: 'mailbox:desk', replyTo: 'own' },
      { from: 'own', replyTo: 'mailbox:ada' },
      { from: 'system', replyTo: 'system' },
    ] as const,
  };
  for (const choice of product(choices)) {
    const [firstname, lastname] = choice.names;
    yield facts({
      actor: user({ firstname, lastname }),
      tenant: tenant({
        ownAddress: choice.ownAddress,
        duplicatePolicy: choice.duplicatePolicy,
        systemSender: choice.systemSender,
        ownAddressDomains: choice.domains,
        system: choice.override,
      }),
      mailboxes: [
        mailbox({
          id: 'desk',
          email: 'Desk@acme.example',
          name: 'press',
          reply: false,
          paused: { code: 'UNREACHABLE', message: '' },
        }),
        mailbox({
          id: 'ada',
          email: 'Ada@acme.example',
          name: 'Office',
          authenticated: choice.authenticated,
          enabled: choice.enabled,
        }),
        mailbox({
          id: 'sys',
          email: 'system@acme.example',
          name: 'Zebra',
          sender: choice.enabled,
          tenant: 't-branch',
          global: true,
        }),
      ],
      system: SYSTEMS[choice.installation],
      last: choice.last,
    });
  }
}

/** Every state of a user and of a system actor, member or not. */
function* actorsWorlds(): Generator<Facts> {
  const members: TenantFacts['members'][] = [
    'everyone',
    { users: [1], roles: [] },
    { users: [2], roles: [10] },
    { users: [10], roles: [1] },
    { users: [], roles: [] },
  ];
  const actors: ActorFacts[] = [
    ...product({ exists: BOTH, isActive: BOTH, blocked: BOTH, maySend: BOTH, roles: [[], [10], [9, 10]] as const }),
  ].map((differs) => user(differs));
  for (const differs of product({ exists: BOTH, tenant: ['acme', 't-acme', 'branch', ''] as const }))
    actors.push(systemActor(differs));
  for (const actor of actors)
    for (const who of members)
      for (const installation of Object.values(SYSTEMS))
        yield facts({ actor, tenant: tenant({ members: who }), system: installation, mailboxes: [mailbox()] });
}

describe('the decision equals that of the oracle', () => {
  it('for every actor', () => expectAgreement(actorsWorlds(), 1_000));
  it('for every combination of a user, a mailbox, a tenant and a system mailbox', () =>
    expectAgreement(usersWorlds(), 100_000));
  it('for every combination of a system actor', () => expectAgreement(systemActorsWorlds(), 20_000));
  it('for names, domains, overrides and last choices among three mailboxes', () =>
    expectAgreement(detailsWorlds(), 20_000));
});
