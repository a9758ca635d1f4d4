import supertest from 'supertest';
import { bootSite, confirmOwnAddress, lastCode, listOf, parsedLast, type Site } from '../support/site';
import { EDITOR, MANAGER, type Person } from '../support/strapi';

/* Confirmation of the own address (rules §5). */

const CONFIRMATIONS = 'mailboxes_confirmations';
const HOUR_MS = 60 * 60_000;

let app: Site;
let tenant: string;
let counter = 0;

beforeAll(async () => {
  app = await bootSite({
    url: 'https://club.example/cms/',
    onRcpt: (address) => (address.startsWith('unknown') ? { code: 550, text: 'No such user here' } : undefined),
  });
  tenant = (await app.seeds.tenant({ ownAddress: 'sender-and-reply-to' })).id;
});

afterAll(() => app.stop());

const editor = (differs: { email?: string } = {}) =>
  app.person({ actions: EDITOR, email: `ada-${(counter += 1)}@club.example`, ...differs });
const request = (person: Person) => app.as(person).post('/own-address/confirmation');
const verify = (person: Person, code: string) => app.as(person).post('/own-address/confirmation/verify', { code });
const codeFor = async (person: Person): Promise<string> => {
  await request(person).expect(200);
  return lastCode(app.mailServer);
};
const otherThan = (code: string): string => `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`;
const refused = async (answer: PromiseLike<{ status: number; body: { error?: { details?: { code?: string } } } }>) => {
  const { status, body } = await answer;
  return `${status} ${body.error?.details?.code}`;
};
const row = (person: Person) => app.strapi.db.connection(CONFIRMATIONS).where({ user_id: person.id });
const confirmed = async (person: Person): Promise<boolean> => {
  const { body } = await app.as(person).get('/me').expect(200);
  const offered = (await listOf(app, person, tenant)).from.some(({ id }) => id === 'own');
  expect(offered).toBe(body.data.ownAddress.confirmed);
  return offered;
};

describe('the mail with the code', () => {
  it('goes from the system mailbox to the account e-mail and holds the code alone on a line, and a link without it', async () => {
    const ada = await editor();
    const code = await codeFor(ada);
    expect(code).toMatch(/^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/);
    expect(app.mailServer.messages.at(-1)?.envelope).toEqual({ from: 'system@site.example', to: [ada.email] });
    const mail = await parsedLast(app.mailServer);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.from?.text).toBe('"Site" <system@site.example>');
    expect(mail.to).toMatchObject({ text: ada.email });
    expect(mail.subject).toBe('Confirm your address for club.example');
    expect(mail.text?.split('\n')).toEqual([
      'A user of the admin panel of club.example wants to send mail from this address.',
      'If that is you, enter this code on the page Communication:',
      '',
      code,
      '',
      'https://club.example/cms/admin/plugins/mailboxes',
      '',
      'The code is valid for 24 hours. If you did not ask for it, ignore this mail.',
      '',
    ]);
    expect(mail.html).toBe(false);
    expect(mail.attachments).toEqual([]);
  });

  it('is German for a user whose panel is', async () => {
    const ada = await editor();
    await app.strapi.db.query('admin::user').update({ where: { id: ada.id }, data: { preferedLanguage: 'de' } });
    const code = await codeFor(ada);
    const mail = await parsedLast(app.mailServer);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.subject).toBe('Bestätigen Sie Ihre Adresse für club.example');
    expect(mail.text?.split('\n')).toEqual([
      'Ein Benutzer der Verwaltung von club.example möchte von dieser Adresse E-Mails senden.',
      'Wenn Sie das sind, geben Sie diesen Code auf der Seite „Kommunikation“ ein:',
      '',
      code,
      '',
      'https://club.example/cms/admin/plugins/mailboxes',
      '',
      'Der Code gilt 24 Stunden. Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese E-Mail.',
      '',
    ]);
    await verify(ada, code).expect(200);
  });

  it('is English for a user whose panel has another language', async () => {
    const ada = await editor();
    await app.strapi.db.query('admin::user').update({ where: { id: ada.id }, data: { preferedLanguage: 'fr' } });
    await codeFor(ada);
    expect((await parsedLast(app.mailServer)).subject).toBe('Confirm your address for club.example');
  });

  it('holds nothing of what the user or the request say: no name, no Host header', async () => {
    const ada = await app.person({
      actions: EDITOR,
      email: 'named@club.example',
      firstname: 'You won https://evil.example',
    });
    await request(ada).set('Host', 'evil.example').set('X-Forwarded-Host', 'evil.example').expect(200);
    expect(app.mailServer.messages.at(-1)?.raw.toString('latin1')).not.toContain('evil');
  });

  it('leaves its code in no table, answer or log, neither before nor after it is used', async () => {
    const ada = await editor();
    const { body } = await request(ada).expect(200);
    const code = await lastCode(app.mailServer);
    const used = await verify(ada, code).expect(200);
    const fresh = await codeFor(ada);
    const said = [await app.database.dump(), JSON.stringify([body, used.body]), app.logs.join('\n')].join('\n');
    expect(said).toContain(ada.email);
    for (const secret of [code, fresh]) expect(said).not.toContain(secret);
  });

  it('holds another code every time', async () => {
    const codes = [];
    for (let n = 0; n < 5; n += 1) codes.push(await codeFor(await editor()));
    expect(new Set(codes).size).toBe(5);
  });

  it('is reported at once with the reason when the mail server refuses it', async () => {
    const { status, body } = await request(await editor({ email: 'unknown@club.example' }));
    expect({ status, error: body.error }).toMatchObject({
      status: 409,
      error: { message: expect.stringContaining('could not be sent'), details: { code: 'INVALID_STATE' } },
    });
  });
});

describe('a code', () => {
  it('confirms the address on the very next request', async () => {
    const ada = await editor();
    expect(await confirmed(ada)).toBe(false);
    const code = await codeFor(ada);
    expect(await confirmed(ada)).toBe(false);
    const { body } = await verify(ada, code).expect(200);
    expect(body.data).toEqual({ email: ada.email, confirmed: true, requestedAt: expect.any(String) });
    expect(await confirmed(ada)).toBe(true);
  });

  it('may be typed in lower case, with spaces and hyphens', async () => {
    const ada = await editor();
    const code = (await codeFor(ada)).toLowerCase();
    await verify(ada, ` ${code.slice(0, 4)}-${code.slice(4)} `).expect(200);
  });

  it('is used once', async () => {
    const ada = await editor();
    const code = await codeFor(ada);
    await verify(ada, code).expect(200);
    expect(await refused(verify(ada, code))).toBe('400 CODE_INVALID');
    expect(await confirmed(ada)).toBe(true);
  });

  it('is used once by parallel requests as well', async () => {
    const ada = await editor();
    const code = await codeFor(ada);
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify(ada, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  });

  it('is of the user who asked', async () => {
    const [ada, ben] = [await editor(), await editor()];
    const code = await codeFor(ada);
    await request(ben).expect(200);
    expect(await refused(verify(ben, code))).toBe('400 CODE_INVALID');
    await verify(ada, code).expect(200);
  });

  it('is replaced by a new request', async () => {
    const ada = await editor();
    const old = await codeFor(ada);
    const code = await codeFor(ada);
    expect(await refused(verify(ada, old))).toBe('400 CODE_INVALID');
    await verify(ada, code).expect(200);
  });

  it('is void after five wrong tries, and still good after four', async () => {
    const [ada, ben] = [await editor(), await editor()];
    const wrong = async (person: Person, code: string, times: number) => {
      for (let n = 0; n < times; n += 1)
        expect(await refused(verify(person, otherThan(code)))).toBe('400 CODE_INVALID');
    };
    const good = await codeFor(ada);
    await wrong(ada, good, 4);
    await verify(ada, good).expect(200);
    const voided = await codeFor(ben);
    await wrong(ben, voided, 5);
    expect(await refused(verify(ben, voided))).toBe('400 CODE_INVALID');
  });

  it('is void after five wrong tries at the same time', async () => {
    const ada = await editor();
    const code = await codeFor(ada);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refused(verify(ada, otherThan(code)))));
    expect(new Set(answers)).toEqual(new Set(['400 CODE_INVALID']));
    expect(await row(ada).select('code_tries')).toEqual([{ code_tries: 5 }]);
    expect(await refused(verify(ada, code))).toBe('400 CODE_INVALID');
  });

  it('is valid for 24 hours', async () => {
    const ada = await editor();
    const code = await codeFor(ada);
    const [{ code_expires_at: end }] = await row(ada).select('code_expires_at');
    expect(Math.abs(Number(end) - Date.now() - 24 * HOUR_MS)).toBeLessThan(60_000);
    await row(ada).update({ code_expires_at: Date.now() - 1 });
    expect(await refused(verify(ada, code))).toBe('400 CODE_INVALID');
  });

  it.each([
    [{}, 'INVALID_INPUT'],
    [{ code: 12345678 }, 'INVALID_INPUT'],
    [{ code: 'x'.repeat(300) }, 'INVALID_INPUT'],
    [{ code: 'AAAAAAAA', email: 'ceo@corp.example' }, 'UNKNOWN_FIELD'],
    [{ code: 'AAAAAAAA' }, 'CODE_INVALID'],
  ])('cannot be %j', async (body, code) => {
    const person = await editor();
    expect(await refused(app.as(person).post('/own-address/confirmation/verify', body))).toBe(`400 ${code}`);
  });
});

describe('three requests an hour', () => {
  it('are accepted, the fourth is refused with the time to wait', async () => {
    const ada = await editor();
    for (let n = 0; n < 3; n += 1) await request(ada).expect(200);
    const code = await lastCode(app.mailServer);
    const sent = app.mailServer.messages.length;
    const { status, body, headers } = await request(ada);
    expect({ status, code: body.error.details.code }).toEqual({ status: 429, code: 'RATE_LIMITED' });
    expect(Number(headers['retry-after'])).toBe(body.error.details.retryAfterSeconds);
    expect(Number(headers['retry-after'])).toBeGreaterThan(3500);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(3600);
    expect(app.mailServer.messages).toHaveLength(sent);
    await verify(ada, code).expect(200);
  });

  it('are counted over the last 60 minutes, request by request', async () => {
    const ada = await editor();
    for (let n = 0; n < 3; n += 1) await request(ada).expect(200);
    await row(ada).update({ requested_1_at: Date.now() - HOUR_MS - 1 });
    await request(ada).expect(200);
    expect(await refused(request(ada))).toBe('429 RATE_LIMITED');
  });

  it('are three in parallel too', async () => {
    const ada = await editor();
    const answers = await Promise.all(Array.from({ length: 6 }, () => request(ada)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429]);
  });

  it('do not begin anew with another account e-mail', async () => {
    const ada = await editor();
    for (let n = 0; n < 3; n += 1) await request(ada).expect(200);
    await app.strapi.db.query('admin::user').update({ where: { id: ada.id }, data: { email: 'other@club.example' } });
    expect(await refused(request(ada))).toBe('429 RATE_LIMITED');
  });
});

describe.each<[string, (person: Person, email: string) => Promise<unknown>]>([
  [
    'in the profile',
    async ({ token }, email) =>
      supertest(app.strapi.server.httpServer)
        .put('/admin/users/me')
        .set('Authorization', `Bearer ${token}`)
        .send({ email })
        .expect(200),
  ],
  ['by code', ({ id }, email) => app.strapi.db.query('admin::user').update({ where: { id }, data: { email } })],
  [
    'by code for many',
    ({ id }, email) => app.strapi.db.query('admin::user').updateMany({ where: { id }, data: { email } }),
  ],
])('a change of the account e-mail %s', (_, change) => {
  it('makes the address unconfirmed, and going back needs a new code', async () => {
    const ada = await editor();
    await confirmOwnAddress(app, app.mailServer, ada);
    await change(ada, `new-${ada.email}`);
    expect(await confirmed(ada)).toBe(false);
    await change(ada, ada.email);
    expect(await confirmed(ada)).toBe(false);
    await confirmOwnAddress(app, app.mailServer, ada);
    expect(await confirmed(ada)).toBe(true);
  });

  it('makes a code void that was sent to the address before', async () => {
    const ada = await editor();
    const code = await codeFor(ada);
    await change(ada, `new-${ada.email}`);
    expect(await refused(verify(ada, code))).toBe('400 CODE_INVALID');
    const { body } = await app.as(ada).get('/me');
    expect(body.data.ownAddress).toEqual({ email: `new-${ada.email}`, confirmed: false, requestedAt: null });
    await change(ada, ada.email);
    expect(await refused(verify(ada, code))).toBe('400 CODE_INVALID');
  });

  it('that changes nothing but the case is none', async () => {
    const ada = await editor();
    await confirmOwnAddress(app, app.mailServer, ada);
    await change(ada, ada.email.toUpperCase());
    expect(await confirmed(ada)).toBe(true);
  });
});

describe('/me', () => {
  it('names the tenants of the user, the default first, and the state of the own address', async () => {
    const ada = await editor();
    const { id } = await app.service('tenants').default();
    const { seeds } = app;
    const mine = await seeds.tenant({ members: { users: [ada.id], roles: [] } });
    await seeds.tenant({ members: { users: [], roles: [] } });
    const { body } = await app.as(ada).get('/me').expect(200);
    expect(body).toEqual({
      data: {
        tenants: [
          { id, key: 'default', name: 'Default', default: true },
          expect.objectContaining({ id: tenant, default: false }),
          { id: mine.id, key: mine.key, name: mine.name, default: false },
        ],
        ownAddress: { email: ada.email, confirmed: false, requestedAt: null },
        limits: { recipients: 100, messageBytes: 25 * 1024 * 1024, undoSeconds: 0 },
      },
    });
  });

  it.each(['status', 'request', 'confirm'] as const)('%s is for users who may send', async (method) => {
    const ownAddress = app.service('own-address');
    for (const actor of [
      { type: 'system', name: 'operator' } as const,
      { type: 'user', id: (await app.person({ actions: MANAGER })).id } as const,
      { type: 'user', id: 999_999 } as const,
    ])
      await expect(ownAddress[method]({ actor, code: 'AAAAAAAA' })).rejects.toMatchObject({
        details: { code: 'FORBIDDEN_TO_SEND' },
      });
  });
});
