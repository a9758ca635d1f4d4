import { STATUS } from '../../server/src/domain/refusal';
import { letter } from '../support/letter';
import { OPERATOR, boot, type App, type Person } from '../support/strapi';

/** Refusals that depend on how Strapi's own e-mail is set up (rules §3, delivery §3a). */
describe.each([
  ['SYSTEM_NOT_CONFIGURED', "Strapi's factory setting", { settings: { defaultFrom: 'Strapi <no-reply@strapi.io>' } }],
  [
    'TRANSPORT_CANNOT_CARRY',
    'a provider that sends from one address only',
    { settings: { defaultFrom: 'system@site.example' } },
  ],
] as const)('%s is the refusal with %s', (code, _, email) => {
  let app: App;
  let ada: Person;
  let mailbox: { id: string };

  beforeAll(async () => {
    app = await boot({ email });
    ada = await app.person();
    mailbox = await app.service('mailboxes').create({ email: 'news@club.example', name: 'News' }, { actor: OPERATOR });
  });

  afterAll(() => app.stop());

  const refusal = { status: STATUS[code], body: { data: null, error: { status: STATUS[code], details: { code } } } };

  it('of a submission that would leave over the system mailbox', async () => {
    const { status, body } = await app.as(ada).post('/submissions', letter({ from: `mailbox:${mailbox.id}` }));
    expect({ status, body }).toMatchObject(refusal);
  });

  it('is named beside the mailbox in the list of identities', async () => {
    const { body } = await app.as(ada).get('/identities').expect(200);
    expect(body.data.unavailable).toContainEqual(
      expect.objectContaining({
        code,
        list: 'from',
        identity: expect.objectContaining({ id: `mailbox:${mailbox.id}` }),
      })
    );
  });

  it('leaves no submission stored', async () => {
    const { body } = await app.as(ada).get('/submissions').expect(200);
    expect(body.data).toEqual([]);
  });
});

describe('without a system mailbox', () => {
  let app: App;
  beforeAll(async () => {
    app = await boot({ email: { settings: { defaultFrom: 'Strapi <no-reply@strapi.io>' } } });
  });
  afterAll(() => app.stop());

  it('no code is sent to an own address: 409 SYSTEM_NOT_CONFIGURED', async () => {
    const { status, body } = await app.as(await app.person()).post('/own-address/confirmation');
    expect({ status, code: body.error.details.code }).toEqual({ status: 409, code: 'SYSTEM_NOT_CONFIGURED' });
  });
});
