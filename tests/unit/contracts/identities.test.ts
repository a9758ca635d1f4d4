import { entriesOf, parseIdentitiesQuery, partOf } from '../../../server/src/contracts/identities';
import { listIdentities } from '../../../server/src/domain/identity';
import { facts, mailbox, tenant } from '../../support/builders';

const NAMES = ['Émile', 'anna', 'Zoe', 'Bert', 'Clara'];

/** Own in Reply-To only, five mailboxes of which one is switched off and one takes answers only, and system. */
const list = listIdentities(
  facts({
    tenant: tenant({ ownAddress: 'reply-to' }),
    mailboxes: NAMES.map((name, index) =>
      mailbox({
        id: `box-${index}`,
        name,
        email: `box-${index}@acme.example`,
        enabled: name !== 'Zoe',
        sender: name !== 'Bert',
      })
    ),
  })
);
const part = (page: number, pageSize: number, q = '') => partOf(list, { page, pageSize, q });

describe('the merged list of identities', () => {
  it('contains each identity once with its state in both lists: own, mailboxes by name, system', () => {
    expect(entriesOf(list).map(({ identity, from, replyTo }) => [identity.name, from, replyTo])).toEqual([
      ['Ada Archer', null, 'offered'],
      ['anna', 'offered', 'offered'],
      ['Bert', null, 'offered'],
      ['Clara', 'offered', 'offered'],
      ['Zoe', expect.objectContaining({ code: 'MAILBOX_DISABLED' }), expect.objectContaining({ list: 'replyTo' })],
      ['Émile', 'offered', 'offered'],
      ['Acme News', 'offered', 'offered'],
    ]);
  });

  it('has pages that together equal the lists', () => {
    const pages = [1, 2, 3, 4].map((page) => part(page, 2));
    expect(pages.map(({ total }) => total)).toEqual([7, 7, 7, 7]);
    for (const key of ['from', 'replyTo'] as const) expect(pages.flatMap((page) => page.list[key])).toEqual(list[key]);
    expect(pages.flatMap((page) => page.list.unavailable)).toEqual(list.unavailable);
    for (const page of pages) expect(page.list.preselected).toEqual(list.preselected);
    expect(part(5, 2).list).toMatchObject({ from: [], replyTo: [], unavailable: [] });
  });

  it.each([
    ['ANN', ['anna']],
    ['box-1@', ['anna']],
    ['é', ['Émile']],
    ['acme.example', ['Ada Archer', 'anna', 'Bert', 'Clara', 'Zoe', 'Émile', 'Acme News']],
    ['nobody', []],
  ])('finds a part of name or address: %s', (q, names) => {
    const found = part(1, 25, q);
    expect(entriesOf(found.list).map(({ identity }) => identity.name)).toEqual(names);
    expect(found.total).toBe(names.length);
  });

  it('is complete without a page', () => {
    expect(partOf(list, null).list).toBe(list);
  });
});

describe('the query of a user’s identities', () => {
  it.each([
    [{}, null],
    [{ tenant: 'club' }, null],
    [{ q: '' }, { page: 1, pageSize: 25, q: '' }],
    [
      { page: '2', pageSize: '1000' },
      { page: 2, pageSize: 100, q: '' },
    ],
  ])('reads %j as %j', (query, expected) => {
    expect(parseIdentitiesQuery(query)).toMatchObject({ ok: true, value: { part: expected } });
  });

  it('rejects an unknown key', () => {
    expect(parseIdentitiesQuery({ sort: 'name' })).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_FIELD' } });
  });
});
