import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import { EVENT_NAMES } from '../../server/src/contracts/events';
import { arrowTo, press, tabTo, type } from '../support/browser/keyboard';
import { button, field, openMailbox, openMailboxes, picker, switchOn } from '../support/browser/mailboxes';
import { startSite, type Site, type Visitor } from '../support/browser/site';
import { text, type TextKey } from '../support/browser/texts';

const ACCESS = 'settings/mailboxes/access';

let site: Site;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const table = ({ page }: Visitor, name: TextKey): Locator => page.getByRole('grid', { name: text(name), exact: true });
/** The rows of a table, in words, without its head. */
const rowsOf = async (visitor: Visitor, name: TextKey): Promise<string[]> => {
  await table(visitor, name).waitFor();
  const rows = await table(visitor, name).getByRole('row').allInnerTexts();
  return rows.slice(1).map((row) => row.replace(/\s+/g, ' ').trim());
};
/** Waits until a field has this value. */
const reads = async ({ page }: Visitor, value: string): Promise<void> => {
  await page.waitForFunction(
    (wanted) => [...document.querySelectorAll('input')].some((input) => input.value === wanted),
    value
  );
};
const search = async ({ page }: Visitor, label: TextKey, q: string): Promise<void> => {
  const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === q);
  await page
    .getByRole('searchbox', { name: text(label) })
    .or(page.getByPlaceholder(text(label)))
    .last()
    .fill(q);
  await answered;
};

describe('the pages of the settings', () => {
  interface Tenant {
    id: string;
    default: boolean;
    quota: { used: number };
  }
  let carol: Visitor;
  let root: Visitor;
  const setLimit = async (limit: (used: number) => number): Promise<void> => {
    const { data } = await root.request<Tenant[]>('GET', '/mailboxes/tenants');
    const club = data.find((tenant) => tenant.default);
    await root.request('PUT', `/mailboxes/tenants/${club?.id}`, { mailboxLimit: limit(club?.quota.used ?? 0) });
  };

  beforeAll(async () => {
    [carol, root] = [await site.signIn('carol'), await site.signIn('root')];
  });
  afterAll(async () => {
    await setLimit(() => 7);
    await carol.close();
    await root.close();
  });

  it('say of a mailbox without restriction that everyone can use it, and drop errors while fields are filled in', async () => {
    // A page of its own: unsaved changes block navigation.
    const writer = await site.signIn('carol');
    await openMailboxes(writer);
    await button(writer, 'list.add').click();
    await writer.page.getByText('Everyone can use it.', { exact: true }).waitFor();
    await button(writer, 'edit.save').click();
    const missing = writer.page.getByText(text('error.required'), { exact: true });
    await missing.nth(1).waitFor();
    expect(await missing.count()).toBe(2);
    await field(writer, 'field.email').pressSequentially('new@club.example');
    expect(await field(writer, 'field.email').inputValue()).toBe('new@club.example');
    expect(await missing.count()).toBe(1);
    await field(writer, 'field.name').pressSequentially('New');
    expect(await missing.count()).toBe(0);
    await writer.close();
  });

  it('say that no mail server is entered where a mailbox with its own has none yet', async () => {
    const writer = await site.signIn('carol');
    await openMailboxes(writer);
    await button(writer, 'list.add').click();
    await switchOn(writer, 'authenticated');
    await writer.page.getByText('No mail server is entered yet.', { exact: true }).waitFor();
    await field(writer, 'smtp.host').fill('mail.club.example');
    await writer.page.getByText('Sent through mail.club.example.', { exact: true }).waitFor();
    await writer.close();
  });

  it('offer no further mailbox at the limit, and say so above the form', async () => {
    const reached = carol.page.getByText(/^The limit of \d+ mailboxes is reached\.$/);
    await setLimit((used) => used);
    await openMailboxes(carol);
    await reached.waitFor();
    expect(await button(carol, 'list.add').isDisabled()).toBe(true);
    await carol.page.getByText(/ask/i).first().waitFor();
    await carol.open('settings/mailboxes/new');
    await reached.waitFor();
    await setLimit(() => 7);
  });

  it('keep a limit that is no number in its field, and refuse it', async () => {
    const { data } = await root.request<Tenant[]>('GET', '/mailboxes/tenants');
    await root.open(`settings/mailboxes/rules/${data.find((tenant) => tenant.default)?.id}`);
    await field(root, 'quota.limit').fill('1o');
    await button(root, 'edit.save').click();
    await root.page.getByText('Enter a whole number from 0 to 100000.', { exact: true }).waitFor();
    expect(await field(root, 'quota.limit').inputValue()).toBe('1o');
    await field(root, 'quota.limit').fill('7');
  });

  it('show the end of a grant in the list of users of a mailbox', async () => {
    const { data } = await carol.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
    const news = data.find(({ email }) => email === 'news@club.example')?.id ?? '';
    const grants = await carol.request<{ user: number }[]>('GET', `/mailboxes/mailboxes/${news}/grants`);
    const user = grants.data[0]?.user;
    const grant = (expiresAt: string | null) =>
      carol.request('POST', `/mailboxes/mailboxes/${news}/grants`, { user, expiresAt });
    await grant('2099-05-01T10:00:00.000Z');
    await carol.open(`${ACCESS}?by=mailbox&mailbox=${news}`);
    await carol.page.getByText('granted to this user until May 1, 2099', { exact: true }).waitFor();
    await carol.open(`settings/mailboxes/${news}`);
    await carol.page.getByText('granted to this user until May 1, 2099').waitFor();
    await grant(null);
  });

  it('show one link back on a phone', async () => {
    const phone = await site.signIn('carol', { viewport: { width: 390, height: 844 } });
    await phone.open('settings/mailboxes/new');
    await field(phone, 'field.email').waitFor();
    const back = phone.page.getByRole('link', { name: 'Back', exact: true });
    await back.first().waitFor();
    expect(await back.filter({ visible: true }).count()).toBe(1);
    await phone.close();
  });
});

describe('the access overview', () => {
  let carol: Visitor;

  beforeAll(async () => {
    carol = await site.signIn('carol');
  });

  it('is reached from the list and from a mailbox, with that mailbox chosen', async () => {
    await openMailboxes(carol);
    await carol.page
      .getByRole('row', { name: /Club News/ })
      .getByRole('link', { name: '1 user' })
      .click();
    const rows = [expect.stringMatching(/^Ada Adams ada@club\.example granted to this user$/)];
    expect(await rowsOf(carol, 'section.who')).toEqual(rows);
    await reads(carol, 'Club News · news@club.example');

    await openMailbox(carol, 'Club News');
    await carol.page.getByRole('link', { name: text('who.overview') }).click();
    expect(await rowsOf(carol, 'section.who')).toEqual(rows);
  });

  it('links a user of a mailbox to the identities offered to that user, with the reasons', async () => {
    await table(carol, 'section.who').getByRole('link', { name: 'Ada Adams' }).click();
    const rows = await rowsOf(carol, 'overview.offers');
    expect(rows).toContainEqual(
      expect.stringMatching(/^Club News <news@club\.example> offered offered granted to this user via Club News/)
    );
    expect(rows).toContainEqual(
      expect.stringMatching(/^Ada Adams <ada@club\.example> offered offered the own address/)
    );
    // Switched off: it would be offered, but for that.
    expect(rows).toContainEqual(expect.stringContaining(text('refusal.MAILBOX_DISABLED')));
  });

  it('keeps the selection and the search in its address', async () => {
    await search(carol, 'list.search', 'club ne');
    await table(carol, 'overview.offers').getByRole('row').nth(2).waitFor({ state: 'detached' });
    await carol.page.reload();
    expect(await rowsOf(carol, 'overview.offers')).toEqual([expect.stringMatching(/^Club News/)]);
    await reads(carol, 'Ada Adams · ada@club.example');
    await search(carol, 'list.search', 'nothing like it');
    await carol.page.getByText(text('list.nothing-found')).waitFor();
  });

  it('is used with the keyboard alone', async () => {
    await carol.open(ACCESS);
    await carol.page.getByText(text('overview.choose-person')).waitFor();
    await type(carol, picker(carol, 'overview.person'), 'ben@club');
    await carol.page.getByRole('option', { name: /ben@club\.example/ }).waitFor();
    await arrowTo(carol, 'ben@club.example');
    await carol.page.keyboard.press('Enter');
    expect(await rowsOf(carol, 'overview.offers')).toContainEqual(expect.stringContaining('Press Office'));
    await tabTo(carol, carol.page.getByRole('radio', { name: text('overview.by-person') }));
    await carol.page.keyboard.press('ArrowDown');
    await carol.page.getByText(text('overview.choose-mailbox')).waitFor();
  });

  it('gives the reasons for a mailbox without users, and for a user without identities', async () => {
    const root = await site.signIn('root');
    const { data: mailboxes } = await root.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
    const winter = mailboxes.find(({ email }) => email === 'winter@club.example');
    await carol.open(`${ACCESS}?by=mailbox&mailbox=${winter?.id}`);
    await carol.page.getByText(text('overview.nobody.disabled')).waitFor();
    await carol.open(`${ACCESS}?by=mailbox&mailbox=nothing`);
    await carol.page.getByText(text('overview.no-such-mailbox')).waitFor();
    await carol.open(`${ACCESS}?by=person&user=999999`);
    await carol.page.getByText(text('overview.no-such-person')).waitFor();

    const { data: tenants } = await root.request<{ id: string; key: string }[]>('GET', '/mailboxes/tenants');
    const academy = tenants.find(({ key }) => key === 'academy');
    const { data: users } = await root.request<{ id: number; email: string }[]>(
      'GET',
      '/mailboxes/pickers/users?q=carol@'
    );
    await root.open(`${ACCESS}?by=person&user=${users[0]?.id}&tenant=${academy?.id}`);
    await root.page.getByText(text('overview.not-a-member')).waitFor();
    await root.close();
  });

  it('hides other tenants from the admin of one', async () => {
    const root = await site.signIn('root');
    const { data: tenants } = await root.request<{ id: string; key: string }[]>('GET', '/mailboxes/tenants');
    const { data: users } = await root.request<{ id: number }[]>('GET', '/mailboxes/pickers/users?q=ada@');
    await carol.open(
      `${ACCESS}?by=person&user=${users[0]?.id}&tenant=${tenants.find(({ key }) => key === 'academy')?.id}`
    );
    await carol.page
      .getByText(/an error occurred|Something went wrong|There is no such/i)
      .first()
      .waitFor();
    expect(await table(carol, 'overview.offers').count()).toBe(0);
    await root.close();
  });
});

describe('the page of events', () => {
  let root: Visitor;
  let url: string;
  let close: () => Promise<unknown>;
  let got: { event: unknown; key: unknown }[];

  beforeAll(async () => {
    got = [];
    const receiver = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { event } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { event: unknown };
        got.push({ event, key: request.headers['x-key'] });
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    close = () => once(receiver.close(), 'close');
    root = await site.signIn('root');
  });
  afterAll(() => close());

  interface Hook {
    id: string;
    name: string;
    url: string;
    headers: Record<string, string>;
    events: string[];
    isEnabled: boolean;
  }
  const hooks = async () => (await root.request<Hook[]>('GET', '/admin/webhooks')).data;

  it('makes a webhook for an event, with the keyboard alone, and tests it', async () => {
    await root.open('settings/mailboxes/events');
    await root.page.getByText(text('events.no-webhooks')).waitFor();
    await press(root, root.page.getByRole('link', { name: text('webhook.add') }).first(), 'Enter');
    await press(root, root.page.getByRole('button', { name: text('edit.save'), exact: true }), 'Enter');
    for (const error of ['webhook.name.invalid', 'webhook.url.invalid', 'webhook.events.none'] as const)
      await root.page.getByText(text(error)).waitFor();
    const field = (key: TextKey) => root.page.getByRole('textbox', { name: text(key), exact: true });
    await type(root, field('webhook.name'), 'Follow up');
    await type(root, field('webhook.url'), url);
    await press(root, root.page.getByRole('checkbox', { name: 'mailboxes.grant.created', exact: true }), 'Space');
    await press(root, root.page.getByRole('button', { name: text('edit.save'), exact: true }), 'Enter');
    const test = root.page.getByRole('button', { name: text('webhook.test.of').replace('{name}', 'Follow up') });
    await press(root, test, 'Enter');
    await root.page.getByText(text('webhook.test.ok').replace('{status}', '204')).waitFor();
    expect(got).toEqual([{ event: 'trigger-test', key: undefined }]);
    expect(await hooks()).toMatchObject([
      { name: 'Follow up', url, events: ['mailboxes.grant.created'], isEnabled: true },
    ]);
  });

  it('shows at its field that Strapi refuses a URL', async () => {
    const writer = await site.signIn('root');
    const { page } = writer;
    await writer.open('settings/mailboxes/events');
    await page
      .getByRole('link', { name: text('webhook.add') })
      .first()
      .click();
    await field(writer, 'webhook.name').fill('Refused');
    const url = field(writer, 'webhook.url');
    await url.fill('http://127.0.0.1:9/hook');
    await page.getByRole('checkbox', { name: 'mailboxes.grant.created', exact: true }).click();
    await button(writer, 'edit.save').click();
    await page.getByText(text('webhook.url.refused'), { exact: true }).waitFor();
    expect(await url.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByText('url must be a valid URL').count()).toBe(0);
    await writer.close();
  });

  it('keeps headers and events of Strapi when ours are changed, switched off and on', async () => {
    const [hook] = await hooks();
    const events = ['entry.publish', 'mailboxes.grant.created'];
    const { id, ...stored } = { ...hook!, headers: { 'X-Key': 'k' }, events };
    await root.request('PUT', `/admin/webhooks/${id}`, stored);
    await root.load(`settings/mailboxes/events/${id}`);
    await root.page.getByText(text('webhook.kept.events').replace('{list}', 'entry.publish')).waitFor();
    await root.page.getByText(text('webhook.kept.headers').replace('{list}', 'X-Key')).waitFor();
    // Meanwhile a header is added on Strapi's page.
    await root.request('PUT', `/admin/webhooks/${id}`, { ...stored, headers: { 'X-Key': 'k', 'X-More': 'm' } });
    await root.page.getByRole('checkbox', { name: 'mailboxes.submission.failed', exact: true }).click();
    await root.page.getByRole('button', { name: text('edit.save'), exact: true }).click();
    const enabled = root.page.getByRole('switch', { name: text('webhook.enabled.of').replace('{name}', 'Follow up') });
    await enabled.click();
    await root.page.getByRole('switch', { checked: false }).waitFor();
    expect(await hooks()).toMatchObject([
      {
        headers: { 'X-Key': 'k', 'X-More': 'm' },
        events: ['entry.publish', 'mailboxes.submission.failed', 'mailboxes.grant.created'],
        isEnabled: false,
      },
    ]);
  });

  it('Strapi’s own page shows such a webhook, and keeps our events when it is saved there', async () => {
    const [hook] = await hooks();
    await root.load(`settings/webhooks/${hook?.id}`);
    await root.page.getByRole('textbox', { name: /^Name/ }).fill('Renamed');
    await root.page.getByRole('checkbox', { name: 'entry.create', exact: true }).click();
    const saved = root.page.waitForResponse((response) => response.request().method() === 'PUT');
    await root.page.getByRole('button', { name: 'Save', exact: true }).click();
    expect((await saved).status()).toBe(200);
    const [after] = await hooks();
    expect(after?.name).toBe('Renamed');
    expect([...(after?.events ?? [])].sort()).toEqual([...(hook?.events ?? []), 'entry.create'].sort());
  });

  it('requires confirmation before deleting a webhook, and lists its other events', async () => {
    await root.open('settings/mailboxes/events');
    await root.page.getByRole('button', { name: text('webhook.delete.of').replace('{name}', 'Renamed') }).click();
    await root.page
      .getByRole('alertdialog')
      .getByText(/2 events of Strapi/)
      .waitFor();
    await root.page.getByRole('alertdialog').getByRole('button', { name: 'Confirm' }).click();
    await root.page.getByText(text('events.no-webhooks')).waitFor();
    expect(await hooks()).toEqual([]);
  });

  it('describes every event', async () => {
    for (const event of EVENT_NAMES) await root.page.getByText(event, { exact: true }).waitFor();
  });
});

describe('the guard', () => {
  it('says in the list that it only reports, and on its page who sent as what, and what enforce would do', async () => {
    const root = await site.signIn('root');
    await root.open('settings/mailboxes');
    await root.page.getByRole('link', { name: text('notice.guard.link') }).click();
    await root.page.getByText(text('guard.empty')).waitFor();
    const mail = { from: 'ceo@elsewhere.example', to: 'reader@reader.example', subject: 'Forged', text: 'Hello' };
    for (let n = 0; n < 2; n += 1) expect((await root.request('POST', '/email', mail)).status).toBe(200);
    await root.page.reload();
    expect(await rowsOf(root, 'guard.findings')).toEqual([
      expect.stringMatching(/^POST \/email ceo@elsewhere\.example 2 times .*refused: FORBIDDEN_FROM To allow it/),
    ]);
    await press(root, root.page.getByRole('button', { name: text('guard.forget'), exact: true }), 'Enter');
    await root.page.getByRole('alertdialog').getByRole('button', { name: 'Confirm' }).click();
    await root.page.getByText(text('guard.empty')).waitFor();
    await root.close();
  });
});
