import { identityOf, isFactoryAddress, readWish, type Wish } from '../../../server/src/domain/guard';
import type { Identity, IdentityList } from '../../../server/src/domain/identity';

const identity = (id: Identity['id'], email: string, source: Identity['source']): Identity => ({
  id,
  name: null,
  email,
  source,
  global: false,
  transport: { kind: 'system', email: 'system@site.example' },
  because: [],
  paused: null,
});

const LISTS: IdentityList = {
  from: [
    identity('own', 'ada@club.example', 'own'),
    identity('mailbox:news', 'News@club.example', 'mailbox'),
    identity('mailbox:twin', 'system@site.example', 'mailbox'),
  ],
  replyTo: [],
  unavailable: [
    {
      identity: identity('mailbox:off', 'off@club.example', 'mailbox'),
      list: 'from',
      code: 'MAILBOX_DISABLED',
      message: '',
    },
  ],
  preselected: { from: null, replyTo: null },
};
const SYSTEM_KEYS = ['system@site.example', 'tenant@site.example'];

describe('a From of Strapi’s own mail', () => {
  it.each<[unknown, Wish['kind']]>([
    [undefined, 'default'],
    [null, 'default'],
    ['', 'default'],
    ['no-reply@strapi.io', 'default'],
    ['Strapi <No-Reply@STRAPI.io>', 'default'],
    ['ceo@strapi.io', 'address'],
    ['News <news@club.example>', 'address'],
    ['news@club.example, ceo@evil.example', 'unreadable'],
    ['"ceo@evil.example" <news@club.example>', 'unreadable'],
    [' ', 'unreadable'],
    [0, 'unreadable'],
    [['news@club.example'], 'unreadable'],
    [{ address: 'news@club.example' }, 'unreadable'],
  ])('%j: %s', (from, kind) => expect(readWish(from).kind).toBe(kind));

  it.each<[string, Wish, 'from' | 'replyTo', Identity['id'] | null]>([
    ['nothing named', { kind: 'default' }, 'from', 'system'],
    ['a mailbox', { kind: 'address', key: 'news@club.example' }, 'from', 'mailbox:news'],
    ['a mailbox that is switched off', { kind: 'address', key: 'off@club.example' }, 'from', 'mailbox:off'],
    ['a mailbox of the other list', { kind: 'address', key: 'news@club.example' }, 'replyTo', null],
    ['an own address', { kind: 'address', key: 'ada@club.example' }, 'from', null],
    ['a mailbox with the system address', { kind: 'address', key: 'system@site.example' }, 'from', 'mailbox:twin'],
    ['the system address', { kind: 'address', key: 'system@site.example' }, 'replyTo', 'system'],
    ["a tenant's system address", { kind: 'address', key: 'tenant@site.example' }, 'from', 'system'],
    ['somebody else', { kind: 'address', key: 'ceo@evil.example' }, 'from', null],
    ['something unreadable', { kind: 'unreadable' }, 'from', null],
  ])('maps to an identity: %s', (_what, wish, list, id) => expect(identityOf(wish, list, LISTS, SYSTEM_KEYS)).toBe(id));

  it('is the default at Strapi’s factory domain', () => {
    expect(['no-reply@strapi.io', 'x@Strapi.IO', 'x@evil.strapi.io'].map(isFactoryAddress)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
