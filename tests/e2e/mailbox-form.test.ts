import type { Locator } from 'playwright-core';
import { button, field, grantToRole, openMailbox, revokeFrom, save } from '../support/browser/mailboxes';
import { startSite, type Site, type Visitor } from '../support/browser/site';
import { text, type TextKey } from '../support/browser/texts';

/* One Save for a mailbox and its grants: all of it is stored, or nothing. */

interface Grant {
  id: string;
  user: number | null;
}

let site: Site;
let carol: Visitor;
let root: Visitor;
let news: string;

beforeAll(async () => {
  site = await startSite();
  [carol, root] = [await site.signIn('carol'), await site.signIn('root')];
  const { data } = await root.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
  news = data.find(({ email }) => email === 'news@club.example')?.id ?? '';
});
afterAll(() => site?.stop());

const stored = async (): Promise<{ name: string }> =>
  (await root.request<{ name: string }>('GET', `/mailboxes/mailboxes/${news}`)).data;
const grants = async (): Promise<Grant[]> =>
  (await root.request<Grant[]>('GET', `/mailboxes/mailboxes/${news}/grants`)).data;
/** Methods and paths of the writing requests of the page from now on. */
const writes = ({ page }: Visitor): string[] => {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') seen.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return seen;
};
/** A text of the form, not of the notification. */
const inForm = ({ page }: Visitor, key: TextKey): Locator => page.locator('form').getByText(text(key), { exact: true });
const saveRefused = async (visitor: Visitor, key: TextKey): Promise<void> => {
  await button(visitor, 'edit.save').click();
  await inForm(visitor, key).waitFor();
};

describe('a save that is refused for one of its grants', () => {
  it('stores nothing, keeps the form, and marks the grant to a deleted role', async () => {
    const role = { name: 'Leaving', description: '' };
    const { data: leaving } = await root.request<{ id: number }>('POST', '/admin/roles', role);
    await openMailbox(carol, 'Club News');
    const { name } = await stored();
    const before = await grants();
    await field(carol, 'field.name').fill('Club News, renamed');
    await grantToRole(carol, role.name);
    await root.request('DELETE', `/admin/roles/${leaving.id}`);

    const sent = writes(carol);
    await saveRefused(carol, 'error.grant.subject');
    expect(sent).toEqual([`PUT /mailboxes/mailboxes/${news}`]);
    expect([(await stored()).name, await grants()]).toEqual([name, before]);
    expect(await field(carol, 'field.name').inputValue()).toBe('Club News, renamed');
    const entry = carol.page.getByRole('listitem').filter({ hasText: role.name });
    await entry.getByText(text('error.grant.subject'), { exact: true }).waitFor();
    expect(await entry.locator('[aria-invalid="true"]').count()).toBe(1);

    await revokeFrom(carol, role.name);
    expect(await inForm(carol, 'error.grant.subject').count()).toBe(0);
    await save(carol);
    expect((await stored()).name).toBe('Club News, renamed');
  });

  it('stores nothing where a grant was revoked meanwhile, and succeeds on the next try', async () => {
    const [grant] = await grants();
    await carol.open(`settings/mailboxes/${news}`);
    await field(carol, 'field.name').fill('Club News');
    await revokeFrom(carol, site.people.ada.email);
    await root.request('DELETE', `/mailboxes/mailboxes/${news}/grants/${grant?.id}`);

    await saveRefused(carol, 'error.grant.revoked');
    expect((await stored()).name).toBe('Club News, renamed');
    await save(carol);
    expect([(await stored()).name, await grants()]).toEqual(['Club News', []]);
    expect(carol.complaints().filter((complaint) => !complaint.includes('404'))).toEqual([]);
  });
});
