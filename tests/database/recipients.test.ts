import { refuses } from '../support/answers';
import { submittedAs, type PutState } from '../support/states';
import { bootToAccept } from '../support/outbox';
import { EDITOR, EVERYTHING, OPERATOR, type App, type Person } from '../support/strapi';

type Differs = Parameters<typeof submittedAs>[3];

let app: App, ada: Person;

beforeAll(async () => {
  app = await bootToAccept();
});

beforeEach(async () => {
  ada = await app.person({ actions: EDITOR });
});

afterAll(() => app.stop());

const wrote = async (
  to: NonNullable<Differs>['to'],
  { by = ada, state = 'submitted', ...differs }: Differs & { by?: Person; state?: PutState } = {}
): Promise<string> => submittedAs(app, { type: 'user', id: by.id }, state, { to, ...differs });

const suggested = async (query: string, who: Person = ada): Promise<unknown[]> =>
  (await app.as(who).get(`/recipients?${query}`).expect(200)).body.data;

const emails = async (query: string, who?: Person): Promise<unknown[]> =>
  (await suggested(query, who)).map((one) => (one as { email: string }).email);

describe('suggested recipients', () => {
  it('are those of To, Cc and Bcc, with their names, as they were written', async () => {
    await wrote([{ email: 'Cat@Reader.example', name: 'Çat Müller' }], {
      cc: ['ben@reader.example'],
      bcc: [{ email: 'dan@reader.example', name: 'Dan' }],
    });
    expect(await suggested('q=reader')).toEqual(
      expect.arrayContaining([
        { email: 'Cat@Reader.example', name: 'Çat Müller' },
        { email: 'ben@reader.example', name: null },
        { email: 'dan@reader.example', name: 'Dan' },
      ])
    );
    expect(await emails(`q=${encodeURIComponent('MÜLL')}`)).toEqual(['Cat@Reader.example']);
    expect(await emails(`q=${encodeURIComponent('ç')}`)).toEqual(['Cat@Reader.example']);
  });

  it('are ranked by submissions in any state but canceled', async () => {
    for (const state of ['held', 'queued', 'failed', 'uncertain'] as const)
      await wrote(['b-often@reader.example'], { state });
    await wrote(['a-once@reader.example']);
    await wrote(['c-never@reader.example'], { state: 'canceled' });
    expect(await emails('q=reader')).toEqual(['b-often@reader.example', 'a-once@reader.example']);
  });

  it('are those of the author alone, even for a super admin', async () => {
    const reader = await app.person({ actions: EVERYTHING });
    const root = await app.superAdmin();
    await wrote(['secret@reader.example']);
    for (const other of [reader, root]) expect(await emails('q=secret', other)).toEqual([]);
    expect(await emails('q=secret')).toEqual(['secret@reader.example']);
  });

  it('are those of the tenant', async () => {
    const { id: tenant } = await app
      .service('tenants')
      .create({ name: `Rowers ${ada.id}`, members: { users: [ada.id], roles: [] } }, { actor: OPERATOR });
    await wrote(['rower@reader.example'], { tenant });
    await wrote(['member@reader.example']);
    expect(await emails(`q=reader&tenant=${tenant}`)).toEqual(['rower@reader.example']);
    expect(await emails('q=reader&tenant=default')).toEqual(['member@reader.example']);
    const ben = await app.person({ actions: EDITOR });
    for (const foreign of [tenant, 'nobodys'])
      await refuses(app.as(ben).get(`/recipients?q=&tenant=${foreign}`), 403, 'TENANT_MISMATCH');
  });

  it.each(['%25', '_', '!', '%5C', '%27', '%22'])('are found by text and not by pattern: %s', async (q) => {
    await wrote(['plain@reader.example']);
    expect(await suggested(`q=${q}`)).toEqual([]);
  });

  it('without a text are the latest ten', async () => {
    await wrote(['older@reader.example']);
    await app.strapi.db
      .connection('mailboxes_submissions')
      .where({ actor_user: ada.id })
      .update({ created_at: Date.now() - 60_000 });
    await wrote(Array.from({ length: 9 }, (_, n) => `n${n}@reader.example`));
    expect((await emails('q=')).at(-1)).toBe('older@reader.example');
    expect(await emails('')).toHaveLength(10);
    await wrote(['newest@reader.example']);
    expect(await emails('')).not.toContain('older@reader.example');
  });

  it('are read from the last 500 submissions', async () => {
    const knex = app.strapi.db.connection;
    const id = await wrote(['once-upon-a-time@reader.example']);
    expect(await emails('q=once-upon')).toHaveLength(1);
    const [row] = await knex('mailboxes_submissions').where({ id });
    const [recipient] = await knex('mailboxes_recipients').where({ submission: id });
    const later = Array.from({ length: 500 }, (_, n) => ({ ...row, id: `${id}-${n}`, created_at: Date.now() + 1000 }));
    await knex.batchInsert('mailboxes_submissions', later, 20);
    const others = later.map(({ id: submission }) => ({
      ...recipient,
      submission,
      email: 'now@reader.example',
      email_key: 'now@reader.example',
    }));
    await knex.batchInsert('mailboxes_recipients', others, 50);
    expect(await emails('q=reader')).toEqual(['now@reader.example']);
  });

  it('are refused to a blocked user whose session is still valid', async () => {
    await wrote(['mia@reader.example']);
    await app.strapi.db.query('admin::user').update({ where: { id: ada.id }, data: { blocked: true } });
    await refuses(app.as(ada).get('/recipients?q='), 403, 'FORBIDDEN_TO_SEND');
  });

  it.each(['q=%00', `q=${'x'.repeat(256)}`, 'q[$ne]=x', 'tenant[]=x'])('are refused for %s', async (query) =>
    refuses(app.as(ada).get(`/recipients?${query}`), 400, 'INVALID_INPUT')
  );
});
