import { OF_A_TEST } from '../support/statements';
import { EDITOR, OPERATOR, boot, type App, type Person } from '../support/strapi';

type Differs = Record<string, unknown>;

let app: App, ada: Person;
let editorRole: number;
let counter = 0;

beforeAll(async () => {
  app = await boot({
    config: {
      mailboxLimit: 100,
      // Carries any sender; nothing is sent here.
      system: { transport: { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'none' } },
      network: { allow: ['127.0.0.1'] },
    },
  });
  editorRole = await app.role(EDITOR, 'Newsroom');
  ada = await app.person({ firstname: 'Ada', lastname: 'Archer', roles: [editorRole] });
});

afterAll(() => app.stop());

const mailbox = async (signature: { html?: string; text?: string }, differs: Differs = {}): Promise<string> =>
  (
    await app
      .service('mailboxes')
      .create(
        { email: `news-${(counter += 1)}@club.example`, name: 'News', signature, ...differs },
        { actor: OPERATOR }
      )
  ).id;

const ask = (from: string, who: Person = ada, more = '') =>
  app.as(who).get(`/identities/signature?from=${encodeURIComponent(from)}${more}`);

const signatureOf = async (from: string, who?: Person): Promise<unknown> =>
  (await ask(from, who).expect(200)).body.data;

const user = (id: number, data: Differs) => app.strapi.db.query('admin::user').update({ where: { id }, data });

describe('the signature of the mailbox in From', () => {
  it('names the author and the current roles of the author', async () => {
    const id = await mailbox({
      html: '<p>{{author.name}}, {{author.role}}</p>',
      text: '{{author.name}}, {{author.role}}',
    });
    const ben = await app.person({ firstname: 'Ben', lastname: '', roles: [editorRole] });
    expect(await signatureOf(`mailbox:${id}`, ben)).toEqual({ html: '<p>Ben, Newsroom</p>', text: 'Ben, Newsroom' });
    const press = await app.role([], 'Press & <Media>');
    await user(ben.id, { roles: [editorRole, press], firstname: 'Benjamin' });
    expect(await signatureOf(`mailbox:${id}`, ben)).toEqual({
      html: '<p>Benjamin, Newsroom, Press &amp; &lt;Media&gt;</p>',
      text: 'Benjamin, Newsroom, Press & <Media>',
    });
  });

  it('names an author without a name as Strapi does', async () => {
    const id = await mailbox({ text: '{{author.name}}' });
    const cat = await app.person({ firstname: 'Cat', email: 'cat@site.example' });
    await user(cat.id, { firstname: null, lastname: null, username: 'cat-the-editor' });
    expect(await signatureOf(`mailbox:${id}`, cat)).toMatchObject({ text: 'cat-the-editor' });
    await user(cat.id, { username: null });
    expect(await signatureOf(`mailbox:${id}`, cat)).toMatchObject({ text: 'cat@site.example' });
  });

  it.each<[string, { html?: string; text?: string }, unknown]>([
    ['HTML alone', { html: '<p>Club<br>Berlin</p>' }, { html: '<p>Club<br />Berlin</p>', text: 'Club\nBerlin' }],
    [
      'text alone',
      { text: 'Club & Co\nBerlin' },
      { html: '<p>Club &amp; Co<br />Berlin</p>', text: 'Club & Co\nBerlin' },
    ],
    ['both', { html: '<p><b>Club</b></p>', text: 'The club' }, { html: '<p><b>Club</b></p>', text: 'The club' }],
    ['nothing', {}, null],
    ['blanks', { html: ' ', text: ' \n' }, null],
    ['nothing that may leave', { html: '<script>alert(1)</script>' }, null],
    ['too much to read', { html: '<b>'.repeat(400), text: 'Club' }, { html: '<p>Club</p>', text: 'Club' }],
  ])('of %s', async (_what, signature, expected) => {
    expect(await signatureOf(`mailbox:${await mailbox(signature)}`)).toEqual(expected);
  });

  it('is sanitized after a hostile author name is inserted', async () => {
    const id = await mailbox({
      html:
        '<style>p{position:fixed}</style><p onclick="x">{{author.name}}</p><a href="{{author.name}}">x</a>' +
        '<img src="cid:logo" alt="Logo"><img src="https://club.example/logo.png"><iframe src="https://x.example"></iframe>',
    });
    const eve = await app.person({ firstname: 'javascript:alert(1)//"><script>x</script>' });
    expect(await signatureOf(`mailbox:${id}`, eve)).toMatchObject({
      html:
        '<p>javascript:alert(1)//"&gt;&lt;script&gt;x&lt;/script&gt;</p><a>x</a>' +
        '<img alt="Logo" /><img src="https://club.example/logo.png" />',
    });
  });

  it('is stored as typed', async () => {
    const signature = { html: '<p onclick="x">{{author.name}}</p>', text: '{{author.name}}' };
    const id = await mailbox(signature);
    await signatureOf(`mailbox:${id}`);
    expect(await app.service('mailboxes').findOne(id, { actor: OPERATOR })).toMatchObject({ signature });
  });

  it('is empty for the system mailbox', async () => {
    expect(await signatureOf('system')).toBeNull();
  });

  it('is empty for the own address, also when a mailbox has the same address', async () => {
    const { id: tenant } = await app.service('tenants').default();
    const by = { actor: OPERATOR };
    await app.service('tenants').update(tenant, { ownAddress: 'sender-and-reply-to' }, by);
    await mailbox({ text: 'Club' }, { email: ada.email });
    await app.strapi.db.connection.raw(
      `INSERT INTO mailboxes_confirmations (user_id, address_key) VALUES (?, ?) /* ${OF_A_TEST} */`,
      [ada.id, ada.email]
    );
    expect(await signatureOf('own')).toBeNull();
    await app.service('tenants').update(tenant, { ownAddress: 'off' }, by);
  });
});

describe('is refused like From itself', () => {
  it.each<[string, () => Promise<string>, number, string]>([
    ['a mailbox that there is not', async () => 'mailbox:nothing', 403, 'FORBIDDEN_FROM'],
    ['one that is restricted', () => restricted(), 403, 'FORBIDDEN_FROM'],
    [
      'one that is for answers only',
      async () => `mailbox:${await mailbox({}, { sender: false })}`,
      403,
      'FORBIDDEN_FROM',
    ],
    [
      'one that is switched off',
      async () => `mailbox:${await mailbox({}, { enabled: false })}`,
      409,
      'MAILBOX_DISABLED',
    ],
    ['no identity', async () => 'ceo@corp.example', 400, 'INVALID_INPUT'],
  ])('%s', async (_what, from, status, code) => {
    const { body } = await ask(await from()).expect(status);
    expect(body.error.details.code).toBe(code);
  });

  it('without From', async () => {
    const { body } = await app.as(ada).get('/identities/signature').expect(400);
    expect(body.error.details).toMatchObject({ code: 'INVALID_INPUT', path: 'from' });
  });

  it('in a foreign tenant', async () => {
    const { id } = await app.service('tenants').create({ name: 'Rowers', key: 'rowers' }, { actor: OPERATOR });
    for (const tenant of [id, 'rowers', 'nobodys']) {
      const { body } = await ask('system', ada, `&tenant=${tenant}`).expect(403);
      expect(body.error.details.code).toBe('TENANT_MISMATCH');
    }
  });

  it('as soon as the grant is deleted', async () => {
    const from = await restricted();
    const mailboxId = from.slice('mailbox:'.length);
    const by = { actor: OPERATOR };
    const grant = await app.service('grants').create({ mailbox: mailboxId, user: ada.id }, by);
    expect(await signatureOf(from)).toMatchObject({ text: 'For few' });
    await app.service('grants').delete(grant.id, by);
    await ask(from).expect(403);
  });
});

const restricted = async (): Promise<string> => `mailbox:${await mailbox({ text: 'For few' }, { restricted: true })}`;
