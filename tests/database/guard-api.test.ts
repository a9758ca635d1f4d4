import { emailService, guardedSite, letter, SYSTEM, type GuardedSite } from '../support/guard';
import type { Person } from '../support/strapi';

describe('the findings of the guard', () => {
  let site: GuardedSite;
  let reader: Person;
  let operator: Person;
  let editor: Person;

  beforeAll(async () => {
    site = await guardedSite('report');
    reader = await site.app.person({ actions: ['guard.read'] });
    operator = await site.app.person({ actions: ['guard.read', 'tenants.manage'] });
    editor = await site.app.person();
    for (const from of ['one@evil.example', '100%_sure@evil.example', 'two@evil.example', 'one@evil.example'])
      await emailService(site.app).send(letter({ from }));
  });
  afterAll(() => site.stop());

  const get = (url: string, who: Person = reader) => site.app.as(who).get(url);

  it('are shown with the settings of the guard', async () => {
    expect((await get('/guard')).body).toEqual({
      data: { mode: 'report', actor: 'website', systemEmail: SYSTEM, wrapped: true },
    });
  });

  it('are returned in pages, the latest first', async () => {
    const first = await get('/guard/findings?pageSize=2');
    expect(first.body).toMatchObject({
      data: [
        { from: 'one@evil.example', address: 'one@evil.example', count: 2, verdict: 'FORBIDDEN_FROM' },
        { from: 'two@evil.example', count: 1 },
      ],
      meta: { pagination: { page: 1, pageSize: 2, pageCount: 2, total: 3 } },
    });
    const [{ firstAt, lastAt }] = first.body.data;
    expect(Date.parse(firstAt)).toBeLessThan(Date.parse(lastAt));
    expect((await get('/guard/findings?pageSize=2&page=2')).body.data).toMatchObject([
      { from: '100%_sure@evil.example' },
    ]);
  });

  it.each([
    ['TWO@', ['two@evil.example']],
    ['100%_', ['100%_sure@evil.example']],
    ['%', ['100%_sure@evil.example']],
    ['support/guard', []],
    ['nobody', []],
  ])('are searched by a part of From or caller: %s', async (q, expected) => {
    const found = (await get(`/guard/findings?q=${encodeURIComponent(q)}`)).body.data as { from: string }[];
    expect(found.map(({ from }) => from)).toEqual(expected);
  });

  it('require their own permission', async () => {
    for (const url of ['/guard', '/guard/findings']) {
      expect((await get(url, editor)).status).toBe(403);
      expect((await get(`${url}?filters=1`)).body.error).toMatchObject({ details: { code: 'UNKNOWN_FIELD' } });
    }
    expect((await site.app.as(reader).delete('/guard/findings')).status).toBe(403);
  });

  it('are limited in number: the oldest are deleted', async () => {
    const knex = site.app.strapi.db.connection;
    const row = { from_text: 'x', caller: 'x', verdict: 'FORBIDDEN_FROM', count: 1, first_at: 1, last_at: 1 };
    for (let start = 0; start < 1000; start += 100)
      await knex('mailboxes_guard_findings').insert(
        Array.from({ length: 100 }, (_, index) => ({ ...row, id: `filler-${start + index}` }))
      );
    for (let number = 0; number < 5; number += 1)
      await emailService(site.app).send(letter({ from: `invented-${number}@evil.example` }));
    await emailService(site.app).send(letter({ from: 'one@evil.example' }));
    const { data, meta } = (await get('/guard/findings')).body;
    expect(meta.pagination.total).toBe(1000);
    expect(data[0]).toMatchObject({ from: 'one@evil.example', count: 3 });
    expect((await get('/guard/findings?q=evil.example')).body.meta.pagination.total).toBe(8);
  });

  it('are logged at 1, 10 and 100 occurrences', async () => {
    const named = (): number => site.app.logs.filter((line) => line.includes('loud@evil.example')).length;
    for (let times = 1; times <= 12; times += 1) {
      await emailService(site.app).send(letter({ from: 'loud@evil.example' }));
      expect([times, named()]).toEqual([times, times < 10 ? 1 : 2]);
    }
  });

  it('are deleted by an operator', async () => {
    expect((await site.app.as(operator).delete('/guard/findings')).status).toBe(204);
    expect((await get('/guard/findings')).body).toMatchObject({ data: [], meta: { pagination: { total: 0 } } });
  });
});
