import { choose, dropDown, identitiesOffered, offered, openCompose, send, write } from '../support/browser/compose';
import {
  addMailbox,
  fillLogin,
  grantTo,
  grantToRole,
  openMailbox,
  openMailboxes,
  revokeFrom,
  save,
  testConnection,
} from '../support/browser/mailboxes';
import { startSite, type Site, type Visitor } from '../support/browser/site';
import { text } from '../support/browser/texts';

const NEWS = { email: 'news@club.example', name: 'Club Newsletter' };
const AS_NEWS = `${NEWS.name} <${NEWS.email}>`;

describe('a mailbox, from the site admin to the mail server', () => {
  let site: Site;
  let carol: Visitor;
  let ada: Visitor;
  let ben: Visitor;
  let id: string;

  beforeAll(async () => {
    site = await startSite();
    [carol, ada, ben] = [await site.signInByForm('carol'), await site.signIn('ada'), await site.signIn('ben')];
    // The playground seeds this address; the story adds it again by hand.
    const { data } = await carol.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
    const seeded = data.find(({ email }) => email === NEWS.email);
    await carol.request('DELETE', `/mailboxes/mailboxes/${seeded?.id}`);
  });
  afterAll(() => site?.stop());

  it('is added with its own login, tested, and restricted to one editor with one Save', async () => {
    await addMailbox(carol, NEWS);
    await fillLogin(carol, { ...site.club, username: NEWS.email, password: 'news-secret' });
    expect(await testConnection(carol)).toHaveLength(6);
    await carol.page.getByText(text('test.ok'), { exact: true }).waitFor();
    expect(site.mail()).toEqual([]);

    await grantTo(carol, site.people.ada.email);
    await save(carol);
    await carol.page.waitForURL(/\/settings\/mailboxes\/(?!new)\w+/);
    id = /mailboxes\/(\w+)/.exec(new URL(carol.page.url()).pathname)?.[1] ?? '';
    const { data } = await carol.request<{ restricted: boolean }>('GET', `/mailboxes/mailboxes/${id}`);
    const grants = await carol.request<unknown[]>('GET', `/mailboxes/mailboxes/${id}/grants`);
    expect(data.restricted).toBe(true);
    expect(grants.data).toHaveLength(1);
  });

  it('takes a place of the limit, and is listed beside the global one of another client', async () => {
    await openMailboxes(carol);
    await carol.page.getByRole('link', { name: NEWS.name, exact: true }).waitFor();
    await carol.page.getByText(text('list.quota').replace('{used}', '6').replace('{limit}', '7')).waitFor();
    const global = carol.page.getByRole('row').filter({ hasText: 'office@academy.example' });
    await global.getByText(text('flag.global'), { exact: true }).waitFor();
  });

  it('is offered to that editor on the next load of the page, and sent exactly once', async () => {
    await openCompose(ada);
    expect(await identitiesOffered(ada)).toContain(AS_NEWS);
    await choose(ada, 'from', new RegExp(NEWS.email));
    await write(ada, { to: 'reader@reader.example', subject: 'The first newsletter' });
    await send(ada);

    const mail = await site.waitForMail(({ subject }) => subject === 'The first newsletter');
    await ada.page.getByText(text('condition.submitted'), { exact: true }).first().waitFor();
    expect(mail).toMatchObject({
      server: 'smtp.club.example',
      login: NEWS.email,
      tls: true,
      envelope: { from: NEWS.email, to: ['reader@reader.example'] },
      from: `"${NEWS.name}" <${NEWS.email}>`,
      sender: null,
      replyTo: null,
    });
    expect(site.mail()).toHaveLength(1);
  });

  it('has a Sender, and the system address in the envelope, when it has no login of its own', async () => {
    await openCompose(ben);
    await choose(ben, 'from', /press@club\.example/);
    await write(ben, { to: 'paper@reader.example', subject: 'From the press office' });
    await send(ben);
    expect(await site.waitForMail(({ subject }) => subject === 'From the press office')).toMatchObject({
      server: 'mail.site.example',
      envelope: { from: 'noreply@site.example', to: ['paper@reader.example'] },
      from: '"Press Office" <press@club.example>',
      sender: 'noreply@site.example',
    });
  });

  it('is not offered to another editor, and refused when the request is made by hand', async () => {
    await openCompose(ben);
    expect(await identitiesOffered(ben)).not.toContain(AS_NEWS);
    const before = site.mail().length;
    const answer = await ben.request('POST', '/mailboxes/submissions', {
      from: `mailbox:${id}`,
      to: ['reader@reader.example'],
      subject: 'Forged',
      text: 'Forged',
    });
    expect([answer.status, answer.code]).toEqual([403, 'FORBIDDEN_FROM']);
    expect(site.mail()).toHaveLength(before);
  });

  it('is refused at once where it was revoked, and is gone from the drop-down', async () => {
    await openCompose(ada);
    await choose(ada, 'from', new RegExp(NEWS.email));
    await write(ada, { to: 'reader@reader.example', subject: 'Too late' });
    await openMailbox(carol, NEWS.name);
    await revokeFrom(carol, site.people.ada.email);
    await save(carol);

    await send(ada);
    await ada.page.getByText(text('refusal.FORBIDDEN_FROM')).first().waitFor();
    await openCompose(ada);
    expect(await identitiesOffered(ada)).not.toContain(AS_NEWS);
    expect(site.mail().filter(({ subject }) => subject === 'Too late')).toEqual([]);
  });

  it('is offered to every member of a role that it is granted to, and to no other user', async () => {
    await openMailbox(carol, NEWS.name);
    await grantToRole(carol, 'Press team');
    await save(carol);
    await openCompose(ben);
    expect(await identitiesOffered(ben)).toContain(AS_NEWS);
    await openCompose(ada);
    expect(await identitiesOffered(ada)).not.toContain(AS_NEWS);
  });
});

describe('signing in', () => {
  /** Names with attributes; values differ from session to session. */
  const sessionOf = async ({ page }: Visitor) => {
    const { cookies, origins } = await page.context().storageState();
    return {
      cookies: cookies.map(({ name, path, httpOnly, sameSite }) => ({ name, path, httpOnly, sameSite })),
      stored: origins.flatMap(({ localStorage }) => localStorage.map(({ name }) => name)).sort(),
    };
  };

  it('creates the same session by a request, as in all other tests, as by the form', async () => {
    const site = await startSite();
    const [byForm, byRequest] = [await site.signInByForm('ada'), await site.signIn('ada')];
    await byRequest.open('');
    await byRequest.page.getByRole('navigation').first().waitFor();
    expect(await sessionOf(byRequest)).toEqual(await sessionOf(byForm));
    await site.stop();
  });
});

describe('the own address', () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.stop());

  it('is confirmed with the code that was mailed to it, and is offered from then on', async () => {
    const ben = await site.signIn('ben');
    await openCompose(ben);
    expect(await identitiesOffered(ben)).not.toContain('Ben Baker <ben@club.example>');
    await ben.page.getByRole('button', { name: text('confirm.send') }).click();
    const mail = await site.waitForMail(({ envelope }) => envelope.to.includes('ben@club.example'));
    const code = mail.text.split(/\r?\n/).find((line) => /^[2-9A-Z]{8}$/.test(line)) ?? '';
    await ben.page.getByRole('textbox', { name: text('confirm.code'), exact: true }).fill(code);
    await ben.page.getByRole('button', { name: text('confirm.verify'), exact: true }).click();
    await ben.page.getByText(text('confirm.done')).first().waitFor();
    await dropDown(ben, 'from').click();
    await ben.page.getByRole('option', { name: /^Ben Baker\s*<ben@club\.example>/ }).waitFor();
    await ben.close();
  });

  it.each([
    ['own-name', ['Ada Adams <ada@club.example>']],
    ['both', ['Ada Adams <ada@club.example>', 'Front Desk <ada@club.example>']],
    ['mailbox-name', ['Front Desk <ada@club.example>']],
  ])('is shown beside a mailbox of the same address by the policy: %s', async (duplicatePolicy, expected) => {
    const root = await site.signIn('root');
    const { data } = await root.request<{ id: string; key: string }[]>('GET', '/mailboxes/tenants');
    const club = data.find(({ key }) => key === 'default');
    await root.request('PUT', `/mailboxes/tenants/${club?.id}`, { duplicatePolicy });
    await root.close();

    const ada = await site.signIn('ada');
    await openCompose(ada);
    const own = (await identitiesOffered(ada)).filter((option) => option.includes('<ada@club.example>'));
    expect(own).toEqual(expected);
    await ada.close();
  });

  it('is offered in German as well, with the hint on its delivery', async () => {
    const ada = await site.signIn('ada', { language: 'de' });
    await openCompose(ada, 'de');
    await ada.page.getByRole('heading', { name: text('communication.title', 'de'), level: 1 }).waitFor();
    await ada.page.getByRole('button', { name: text('compose.send', 'de'), exact: true }).waitFor();
    const options = await offered(ada, 'from', 'de');
    expect(options.filter((option) => option.includes(text('identity.through-system', 'de')))).not.toEqual([]);
    expect(ada.complaints()).toEqual([]);
    await ada.close();
  });
});
