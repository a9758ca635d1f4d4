import fc from 'fast-check';
import type { Facts, IdentityId } from '../../../server/src/domain/identity';
import { listIdentities, mayAct, reasonsToUse, resolve, usable } from '../../../server/src/domain/identity';
import type { GrantFacts } from '../../../server/src/domain/grant';
import type { MailboxFacts } from '../../../server/src/domain/mailbox';
import type { TenantFacts } from '../../../server/src/domain/tenant';
import { NOW, mailbox, systemActor, tenant, user } from '../../support/builders';
import { answer, describeIdentity, offered, preselectedByOracle, unavailable, usableByOracle } from './oracle';

/* Properties for any facts. Few addresses and ids, so that they often coincide. */

const LISTS = ['from', 'replyTo'] as const;
const ADDRESSES = ['ada@acme.example', 'Ada@acme.example', 'info@acme.example', 'system@acme.example', 'ada@x.example'];
const address = fc.constantFrom(...ADDRESSES);
const id = fc.integer({ min: 1, max: 3 });
const role = fc.integer({ min: 9, max: 11 });
const ids = fc.uniqueArray(id);
const roles = fc.uniqueArray(role);
const tenantId = fc.constantFrom('t-acme', 't-branch', 't-third');
const pause = fc.constantFrom<MailboxFacts['paused']>(null, null, { code: 'AUTH_FAILED', message: 'Login refused.' });
const personal = fc.constantFrom('Ada', 'Archer', ' ', null, 'ceo@acme.example', '\u202eAda');

const anyMailbox: fc.Arbitrary<MailboxFacts> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    tenant: tenantId,
    email: address,
    name: fc.constantFrom('Info', 'info', 'Press', 'archive'),
    enabled: fc.boolean(),
    sender: fc.boolean(),
    reply: fc.boolean(),
    global: fc.boolean(),
    restricted: fc.boolean(),
    authenticated: fc.boolean(),
    paused: pause,
  })
  .map(mailbox);

/** One mailbox per tenant and address, and one global mailbox per address (rules §7). */
const anyMailboxes = fc
  .uniqueArray(anyMailbox, { maxLength: 5, selector: (one) => one.id })
  .map((all) =>
    all.filter(
      (one, at) =>
        !all
          .slice(0, at)
          .some(
            (other) => other.emailKey === one.emailKey && (other.tenant === one.tenant || (other.global && one.global))
          )
    )
  );

const namesSomebody = fc.oneof(
  id.map((who) => ({ user: who, role: null })),
  role.map((which) => ({ user: null, role: which }))
);
const anyGrant: fc.Arbitrary<GrantFacts> = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), namesSomebody, fc.constantFrom(null, NOW - 1, NOW, NOW + 1))
  .map(([on, who, expiresAt]) => ({ mailbox: on, ...who, expiresAt }));
/** One grant per mailbox and user or role. */
const anyGrants = fc.uniqueArray(anyGrant, {
  maxLength: 8,
  selector: (one) => `${one.mailbox} ${one.user} ${one.role}`,
});

const usually = fc.integer({ min: 0, max: 9 }).map((n) => n > 0);
const anyUser = fc
  .record({
    id,
    exists: usually,
    isActive: usually,
    blocked: usually.map((fine) => !fine),
    maySend: usually,
    roles,
    firstname: personal,
    lastname: personal,
    email: address,
    confirmedKey: fc.constantFrom(null, 'ada@acme.example', 'ada@x.example', 'info@acme.example'),
  })
  .map(user);
const anySystemActor = fc
  .record({
    exists: usually,
    mailboxes: fc.oneof(fc.constant('all' as const), fc.subarray(ADDRESSES.map((one) => one.toLowerCase()))),
    tenant: usually.map((fine) => (fine ? 'acme' : 'branch')),
  })
  .map(systemActor);

const anyTenant: fc.Arbitrary<TenantFacts> = fc
  .record({
    members: fc.oneof(
      { weight: 4, arbitrary: fc.constant('everyone' as const) },
      { weight: 1, arbitrary: fc.record({ users: ids, roles }) }
    ),
    ownAddress: fc.constantFrom('off', 'reply-to', 'sender-and-reply-to'),
    ownAddressDomains: fc.constantFrom([], ['acme.example'], ['x.example', 'acme.example'], ['other.example']),
    duplicatePolicy: fc.constantFrom('own-name', 'both', 'mailbox-name'),
    systemSender: fc.constantFrom('everyone', 'when-nothing-else'),
    system: fc.record({ name: fc.constantFrom(null, 'Desk'), email: fc.constantFrom(null, ...ADDRESSES) }),
  })
  .map((differs) => tenant(differs as Partial<TenantFacts>));

const anyId: fc.Arbitrary<IdentityId> = fc.constantFrom(
  'own',
  'system',
  'mailbox:a',
  'mailbox:b',
  'mailbox:c',
  'mailbox:d',
  'mailbox:e',
  'mailbox:unknown'
);

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  actor: fc.oneof({ weight: 4, arbitrary: anyUser }, { weight: 1, arbitrary: anySystemActor }),
  tenant: anyTenant,
  mailboxes: anyMailboxes,
  grants: anyGrants,
  system: fc.record({
    name: fc.constantFrom(null, 'Acme News'),
    email: fc.constantFrom(null, 'system@acme.example', 'ada@acme.example'),
    carries: fc.constantFrom('any', 'any', 'system-address-only'),
    paused: pause,
  }),
  requireConfirmation: fc.boolean(),
  now: fc.constant(NOW),
  last: fc.option(fc.record({ from: anyId, replyTo: fc.option(anyId) })),
});
/** Facts of an actor that may act. */
const actingFacts = anyFacts.filter((world) => mayAct(world) === null);

const RUNS = { numRuns: 2_000 };
const shuffled = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

/** The same facts with every array in another order. */
const reordered = (world: Facts): fc.Arbitrary<Facts> => {
  const { actor, tenant: inTenant } = world;
  const { members } = inTenant;
  return fc.record({
    actor:
      actor.type === 'user'
        ? fc.record({ ...constants(actor), roles: shuffled(actor.roles) })
        : fc.record({
            ...constants(actor),
            mailboxes: actor.mailboxes === 'all' ? fc.constant('all' as const) : shuffled(actor.mailboxes),
          }),
    tenant: fc.record({
      ...constants(inTenant),
      members:
        members === 'everyone'
          ? fc.constant(members)
          : fc.record({ users: shuffled(members.users), roles: shuffled(members.roles) }),
      ownAddressDomains: shuffled(inTenant.ownAddressDomains),
    }),
    mailboxes: shuffled(world.mailboxes),
    grants: shuffled(world.grants),
    system: fc.constant(world.system),
    requireConfirmation: fc.constant(world.requireConfirmation),
    now: fc.constant(world.now),
    last: fc.constant(world.last),
  });
};

const constants = <T extends object>(value: T): { [K in keyof T]: fc.Arbitrary<T[K]> } =>
  Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fc.constant(part)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };

describe('for any facts', () => {
  it('no actor is offered an unusable mailbox or its transport', () => {
    fc.assert(
      fc.property(actingFacts, (world) => {
        const usableIds = usableByOracle(world);
        expect(
          usable(world)
            .map((one) => one.mailbox.id)
            .sort()
        ).toEqual([...usableIds].sort());
        const { from, replyTo } = listIdentities(world);
        for (const entry of [...from, ...replyTo]) {
          if (entry.source === 'mailbox') expect(usableIds).toContain(entry.id.slice('mailbox:'.length));
          if (entry.transport.kind === 'mailbox') expect(usableIds).toContain(entry.transport.mailbox);
        }
      }),
      RUNS
    );
  });

  it('reasonsToUse and usable agree about each mailbox', () => {
    fc.assert(
      fc.property(actingFacts, (world) => {
        const among = new Map(usable(world).map((one) => [one.mailbox.id, one.because]));
        for (const one of world.mailboxes) expect(reasonsToUse(world, one.id)).toEqual(among.get(one.id) ?? null);
      }),
      RUNS
    );
  });

  it('list and decision agree', () => {
    fc.assert(
      fc.property(actingFacts, anyId, anyId, (world, from, replyTo) => {
        const list = listIdentities(world);
        const sender = list.from.find((entry) => entry.id === from);
        const reply = list.replyTo.find((entry) => entry.id === replyTo);
        const refusal = (name: (typeof LISTS)[number], wanted: IdentityId) =>
          list.unavailable.find((entry) => entry.list === name && entry.identity.id === wanted);

        const alone = resolve(world, { from });
        if (sender) expect(alone).toEqual({ allowed: true, from: sender, replyTo: null });
        else
          expect(alone).toMatchObject({
            allowed: false,
            code: refusal('from', from)?.code ?? 'FORBIDDEN_FROM',
            message: refusal('from', from)?.message ?? expect.stringMatching(/./),
          });

        const together = resolve(world, { from, replyTo });
        if (!sender) expect(together).toEqual(alone);
        else if (reply) expect(together).toEqual({ allowed: true, from: sender, replyTo: reply });
        else
          expect(together).toMatchObject({
            allowed: false,
            code: refusal('replyTo', replyTo)?.code ?? 'FORBIDDEN_REPLY_TO',
            message: refusal('replyTo', replyTo)?.message ?? expect.stringMatching(/./),
          });
      }),
      RUNS
    );
  });

  it('lists, unavailable entries, preselection and decision equal those of the oracle', () => {
    fc.assert(
      fc.property(anyFacts, anyId, fc.option(anyId), (world, from, replyTo) => {
        const decision = resolve(world, { from, replyTo });
        expect(decision.allowed ? 'allowed' : decision.code).toBe(answer(world, from, replyTo));
        if (mayAct(world) !== null) return;
        const list = listIdentities(world);
        for (const name of LISTS) {
          expect(list[name]).toEqual(offered(world, name).map((one) => describeIdentity(world, one)));
          const found = list.unavailable
            .filter((entry) => entry.list === name)
            .map(({ identity, code }) => ({ code, identity }));
          const expected = unavailable(world, name).map((one) => ({
            code: one.code,
            identity: describeIdentity(world, one.id),
          }));
          expect(found).toHaveLength(expected.length);
          expect(found).toEqual(expect.arrayContaining(expected));
        }
        expect(list.preselected).toEqual(preselectedByOracle(world));
      }),
      { numRuns: 5_000 }
    );
  });

  it('an actor that may not act gets the same refusal for every identity', () => {
    fc.assert(
      fc.property(anyFacts, anyId, fc.option(anyId), (world, from, replyTo) => {
        const mayNot = mayAct(world);
        fc.pre(mayNot !== null);
        expect(resolve(world, { from, replyTo })).toMatchObject({ allowed: false, code: mayNot });
      }),
      { numRuns: 500 }
    );
  });

  it('no list of an actor that may act is empty if the system mailbox is configured and carries any sender', () => {
    fc.assert(
      fc.property(actingFacts, (world) => {
        const list = listIdentities({
          ...world,
          system: { ...world.system, email: 'system@acme.example', carries: 'any' },
        });
        expect(list.from).not.toEqual([]);
        expect(list.replyTo).not.toEqual([]);
        expect(list.preselected.from).not.toBeNull();
      }),
      RUNS
    );
  });

  it('an entry is offered or unavailable in a list, never both, and never twice', () => {
    fc.assert(
      fc.property(actingFacts, (world) => {
        const list = listIdentities(world);
        for (const name of LISTS) {
          const named = [
            ...list[name].map((entry) => entry.id),
            ...list.unavailable.filter((entry) => entry.list === name).map((entry) => entry.identity.id),
          ];
          expect(new Set(named).size).toBe(named.length);
        }
      }),
      RUNS
    );
  });

  it('changing one user’s grants changes no other user’s lists', () => {
    fc.assert(
      fc.property(actingFacts, anyGrants, (world, others) => {
        const concernsActor = (one: GrantFacts) =>
          one.user === null || one.user === (world.actor.type === 'user' ? world.actor.id : 0);
        const before = world.grants.filter(concernsActor);
        const after = [...before, ...others.filter((one) => !concernsActor(one))];
        expect(listIdentities({ ...world, grants: after })).toEqual(listIdentities(world));
        expect(listIdentities({ ...world, grants: before })).toEqual(listIdentities(world));
      }),
      RUNS
    );
  });

  it('grants change nothing for a system actor', () => {
    fc.assert(
      fc.property(anySystemActor, anyFacts, (actor, world) => {
        expect(listIdentities({ ...world, actor })).toEqual(listIdentities({ ...world, actor, grants: [] }));
      }),
      { numRuns: 500 }
    );
  });

  it('a pause changes no decision', () => {
    fc.assert(
      fc.property(actingFacts, (world) => {
        const running: Facts = {
          ...world,
          mailboxes: world.mailboxes.map((one) => ({ ...one, paused: null })),
          system: { ...world.system, paused: null },
        };
        const decided = ({ from, replyTo, unavailable: blocked }: ReturnType<typeof listIdentities>) => ({
          from: from.map((entry) => ({ ...entry, paused: null })),
          replyTo: replyTo.map((entry) => ({ ...entry, paused: null })),
          unavailable: blocked.map((entry) => ({ ...entry, identity: { ...entry.identity, paused: null } })),
        });
        expect(decided(listIdentities(world))).toEqual(decided(listIdentities(running)));
      }),
      { numRuns: 500 }
    );
  });

  it('the order of the facts has no effect', () => {
    fc.assert(
      fc.property(
        anyFacts.chain((world) => fc.tuple(fc.constant(world), reordered(world))),
        ([world, other]) => {
          expect(mayAct(other)).toBe(mayAct(world));
          if (mayAct(world) === null) expect(listIdentities(other)).toEqual(listIdentities(world));
        }
      ),
      RUNS
    );
  });

  it('the decision does not mutate the facts', () => {
    fc.assert(
      fc.property(anyFacts, anyId, (world, from) => {
        const before = structuredClone(world);
        resolve(world, { from });
        expect(world).toEqual(before);
      }),
      { numRuns: 500 }
    );
  });
});
