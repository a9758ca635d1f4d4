import { makeCertificates } from '../support/smtp/certificates';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { confirmOwnAddress, idsOf, listOf, offersOf, bootSite, type Site } from '../support/site';
import { letter } from '../support/letter';
import { actorOf, type Person } from '../support/strapi';

/*
 * The own address, and what happens where a mailbox has the same (rules §3). Ada's address is confirmed, Ben's is not.
 * Every test has a tenant of its own, open to everyone.
 */

const SYSTEM = { kind: 'system', email: 'system@site.example' };

let app: Site, ada: Person, ben: Person;
let clubServer: MailServer;

beforeAll(async () => {
  const certificate = await makeCertificates();
  clubServer = await startMailServer({ tls: 'starttls', certificate, users: { club: 'correct horse' } });
  app = await bootSite({ config: { network: { allow: ['127.0.0.1'], ca: [certificate.caPem] } } });
  ada = await app.person({ firstname: ' Ada ', lastname: 'Archer', email: 'ada@club.example' });
  ben = await app.person({ firstname: 'Ben', email: 'ben@club.example' });
  await confirmOwnAddress(app, app.mailServer, ada);
});

afterAll(async () => {
  await app.stop();
  await clubServer.close();
});

const tenantWith = async (differs: Record<string, unknown> = {}): Promise<string> =>
  (await app.seeds.tenant({ ownAddress: 'sender-and-reply-to', ...differs })).id;

/** A mailbox with Ada's address and a login of its own. */
const equalMailbox = (tenant: string, differs: Record<string, unknown> = {}) =>
  app.seeds.mailbox(tenant, {
    email: 'Ada@Club.example',
    name: 'Club office',
    authenticated: true,
    smtp: {
      host: '127.0.0.1',
      port: clubServer.port,
      encryption: 'starttls',
      auth: 'password',
      username: 'club',
      password: 'correct horse',
    },
    ...differs,
  });

const send = async (person: Person, tenant: string, from: string) => {
  const { mailServer } = app;
  mailServer.reset();
  clubServer.reset();
  const { status, body } = await app.as(person).post('/submissions', letter({ tenant, from }));
  if (status !== 202) return { status, code: body.error.details.code as string };
  await app.service('submissions').whenSettled(body.data.id, { actor: actorOf(person) });
  const server = clubServer.messages.length > 0 ? clubServer : mailServer;
  const [mail] = await server.parsed();
  return {
    status,
    through: server === clubServer ? 'club' : 'system',
    login: server.messages[0]?.authenticatedAs,
    envelope: server.messages[0]?.envelope.from,
    from: mail?.from?.text,
    sender: (mail?.headers.get('sender') as { text: string } | undefined)?.text ?? null,
    mails: mailServer.messages.length + clubServer.messages.length,
  };
};

describe('the own address', () => {
  it.each([
    ['off', ['system'], ['system']],
    ['reply-to', ['system'], ['own', 'system']],
    ['sender-and-reply-to', ['own', 'system'], ['own', 'system']],
  ])('is where the tenant says: %s', async (ownAddress, from, replyTo) => {
    expect(await offersOf(app, ada, await tenantWith({ ownAddress }))).toEqual({ from, replyTo });
  });

  it('is off in a new tenant', async () => {
    expect((await app.seeds.tenant()).ownAddress).toBe('off');
  });

  it('is an identity that leaves through the system mailbox, which the Sender header names', async () => {
    const tenant = await tenantWith();
    expect((await listOf(app, ada, tenant)).from[0]).toEqual({
      id: 'own',
      name: 'Ada Archer',
      email: 'ada@club.example',
      source: 'own',
      global: false,
      transport: SYSTEM,
      because: ['own'],
      paused: null,
    });
    expect(await send(ada, tenant, 'own')).toEqual({
      status: 202,
      through: 'system',
      login: null,
      envelope: 'system@site.example',
      from: '"Ada Archer" <ada@club.example>',
      sender: 'system@site.example',
      mails: 1,
    });
  });

  it('is unavailable until it is confirmed, and refused when posted by hand', async () => {
    const tenant = await tenantWith();
    const { from, unavailable, preselected } = await listOf(app, ben, tenant);
    expect(idsOf(from)).toEqual(['system']);
    expect(preselected.from).toBe('system');
    expect(unavailable.map(({ identity, list, code }) => [identity.id, list, code])).toEqual([
      ['own', 'from', 'OWN_ADDRESS_UNCONFIRMED'],
      ['own', 'replyTo', 'OWN_ADDRESS_UNCONFIRMED'],
    ]);
    expect(await send(ben, tenant, 'own')).toEqual({ status: 403, code: 'OWN_ADDRESS_UNCONFIRMED' });
  });

  it('is refused like anything foreign where the tenant has switched it off', async () => {
    expect(await send(ada, await tenantWith({ ownAddress: 'off' }), 'own')).toEqual({
      status: 403,
      code: 'FORBIDDEN_FROM',
    });
    expect(await send(ada, await tenantWith({ ownAddress: 'reply-to' }), 'own')).toEqual({
      status: 403,
      code: 'FORBIDDEN_FROM',
    });
  });

  it.each([
    [['club.example'], true],
    [['CLUB.example', 'other.example'], true],
    [['other.example'], false],
    [['example'], null],
    [['sub.club.example'], false],
  ])('with the domains %j it is offered: %s', async (ownAddressDomains, offered) => {
    if (offered === null) {
      await expect(tenantWith({ ownAddressDomains })).rejects.toMatchObject({ details: { code: 'INVALID_INPUT' } });
      return;
    }
    const tenant = await tenantWith({ ownAddressDomains });
    expect((await offersOf(app, ada, tenant)).from.includes('own')).toBe(offered);
    expect((await listOf(app, ada, tenant)).unavailable).toEqual([]);
  });

  it.each([
    ['first and last name, trimmed', ' Ada ', ' Archer ', 'Ada Archer'],
    ['only the first', 'Ada', null, 'Ada'],
    ['only the last', '', 'Archer', 'Archer'],
    ['none at all', null, null, null],
    ['blanks', ' ', ' ', null],
    ['an address', 'ceo@corp.example', 'Archer', null],
    ['an angle bracket', 'Ada <ceo', 'Archer', null],
    ['a right-to-left override', 'Ada\u202e', 'Archer', null],
  ])('carries the name that %s gives', async (_, firstname, lastname, name) => {
    const users = app.strapi.db.query('admin::user');
    await users.update({ where: { id: ada.id }, data: { firstname, lastname } });
    expect((await listOf(app, ada, await tenantWith())).from[0]).toMatchObject({ id: 'own', name });
    await users.update({ where: { id: ada.id }, data: { firstname: 'Ada', lastname: 'Archer' } });
  });

  it('carries the equal mailbox’s name when the user has none', async () => {
    const tenant = await tenantWith();
    await equalMailbox(tenant);
    const users = app.strapi.db.query('admin::user');
    await users.update({ where: { id: ada.id }, data: { firstname: null, lastname: null } });
    expect((await listOf(app, ada, tenant)).from[0]).toMatchObject({ id: 'own', name: 'Club office' });
    await users.update({ where: { id: ada.id }, data: { firstname: 'Ada', lastname: 'Archer' } });
  });
});

describe('an own address that is a mailbox as well', () => {
  const through = (id: string) => ({ kind: 'mailbox', mailbox: id, name: 'Club office', email: 'Ada@Club.example' });

  it.each([
    ['own-name', ['own'], ['"Ada Archer" <ada@club.example>']],
    ['both', ['own', 'mailbox'], ['"Ada Archer" <ada@club.example>', '"Club office" <Ada@club.example>']],
    ['mailbox-name', ['mailbox'], ['"Club office" <Ada@club.example>']],
  ])('follows the policy %s, shows %j, and sends each through the mailbox', async (duplicatePolicy, shown, headers) => {
    const tenant = await tenantWith({ duplicatePolicy });
    const { id } = await equalMailbox(tenant);
    const entries = shown.map((kind) => (kind === 'own' ? 'own' : `mailbox:${id}`));
    const { from, replyTo } = await listOf(app, ada, tenant);
    expect(idsOf(from)).toEqual([...entries, 'system']);
    expect(idsOf(replyTo)).toEqual([...entries, 'system']);
    expect(from.slice(0, -1).map(({ transport }) => transport)).toEqual(entries.map(() => through(id)));
    for (const [index, entry] of entries.entries())
      expect(await send(ada, tenant, entry)).toEqual({
        status: 202,
        through: 'club',
        login: 'club',
        envelope: 'Ada@club.example',
        from: headers[index],
        sender: null,
        mails: 1,
      });
    for (const hidden of ['own', `mailbox:${id}`].filter((entry) => !entries.includes(entry)))
      expect(await send(ada, tenant, hidden)).toEqual({ status: 403, code: 'FORBIDDEN_FROM' });
  });

  it('is decided for From and Reply-To separately', async () => {
    const tenant = await tenantWith({ ownAddress: 'reply-to' });
    const { id } = await equalMailbox(tenant);
    expect(await offersOf(app, ada, tenant)).toEqual({ from: [`mailbox:${id}`, 'system'], replyTo: ['own', 'system'] });
  });

  it('hides no mailbox while the address is not confirmed', async () => {
    const tenant = await tenantWith();
    const { id } = await equalMailbox(tenant, { email: ben.email });
    expect((await offersOf(app, ben, tenant)).from).toEqual([`mailbox:${id}`, 'system']);
  });

  it('leaves through the mailbox also where its Sender flag is off', async () => {
    const tenant = await tenantWith();
    const { id } = await equalMailbox(tenant, { sender: false, reply: false });
    expect((await listOf(app, ada, tenant)).from[0]).toMatchObject({ id: 'own', transport: through(id) });
  });

  it('leaves through the system mailbox where the mailbox has no login', async () => {
    const tenant = await tenantWith();
    await equalMailbox(tenant, { authenticated: false, smtp: undefined });
    expect((await listOf(app, ada, tenant)).from[0]).toMatchObject({ id: 'own', transport: SYSTEM });
  });

  it.each(['own-name', 'both', 'mailbox-name'])(
    'with the policy %s never uses the login of a restricted mailbox without a grant',
    async (duplicatePolicy) => {
      const tenant = await tenantWith({ duplicatePolicy });
      const { id } = await equalMailbox(tenant, { restricted: true });
      const { from } = await listOf(app, ada, tenant);
      expect(idsOf(from)).toEqual(['own', 'system']);
      expect(from[0]?.transport).toEqual(SYSTEM);
      expect(await send(ada, tenant, 'own')).toMatchObject({ through: 'system', sender: 'system@site.example' });
      expect(await send(ada, tenant, `mailbox:${id}`)).toEqual({ status: 403, code: 'FORBIDDEN_FROM' });
      await app.seeds.grant(id, { user: ada.id });
      const entry = duplicatePolicy === 'mailbox-name' ? `mailbox:${id}` : 'own';
      expect(await send(ada, tenant, entry)).toMatchObject({ through: 'club', login: 'club', sender: null });
    }
  );

  it('does not use a disabled mailbox', async () => {
    const tenant = await tenantWith({ duplicatePolicy: 'mailbox-name' });
    await equalMailbox(tenant, { enabled: false });
    const { from } = await listOf(app, ada, tenant);
    expect(from[0]).toMatchObject({ id: 'own', transport: SYSTEM });
  });
});
