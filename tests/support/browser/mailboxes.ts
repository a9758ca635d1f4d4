import type { Locator } from 'playwright-core';
import type { Visitor } from './site';
import { text, type TextKey } from './texts';

/** Settings → Mailboxes, as a site admin sees and uses it. */
const SETTINGS = 'settings/mailboxes';

export const button = ({ page }: Visitor, key: TextKey): Locator =>
  page.getByRole('button', { name: text(key), exact: true });
export const field = ({ page }: Visitor, key: TextKey): Locator =>
  page.getByRole('textbox', { name: text(key), exact: true });

export const openMailboxes = async (visitor: Visitor): Promise<void> => {
  await visitor.open(SETTINGS);
  await visitor.page.getByRole('heading', { name: text('settings.title'), level: 1 }).waitFor();
};

export const openMailbox = async (visitor: Visitor, name: string): Promise<void> => {
  await openMailboxes(visitor);
  await visitor.page.getByRole('link', { name, exact: true }).click();
  await visitor.page.getByRole('heading', { name, level: 1 }).waitFor();
};

export const addMailbox = async (visitor: Visitor, address: { email: string; name: string }): Promise<void> => {
  await openMailboxes(visitor);
  await button(visitor, 'list.add').click();
  await field(visitor, 'field.email').fill(address.email);
  await field(visitor, 'field.name').fill(address.name);
};

export const toggle = ({ page }: Visitor, key: TextKey): Locator =>
  page.getByRole('checkbox', { name: text(key), exact: true });

/** Forced, because the visible track covers the checkbox itself. */
export const switchOn = async (visitor: Visitor, key: TextKey): Promise<void> => {
  await toggle(visitor, key).check({ force: true });
};

/** "Add user" and "Add user group". */
export const picker = ({ page }: Visitor, key: TextKey): Locator =>
  page.getByRole('combobox', { name: text(key), exact: true });

export interface Login {
  host: string;
  port: number;
  username: string;
  password: string;
}

export const fillLogin = async (visitor: Visitor, { host, port, username, password }: Login): Promise<void> => {
  await switchOn(visitor, 'authenticated');
  await field(visitor, 'smtp.host').fill(host);
  await field(visitor, 'smtp.port').fill(String(port));
  await field(visitor, 'smtp.username').fill(username);
  await field(visitor, 'smtp.password').fill(password);
};

/** Runs the connection test. @returns the texts of its steps */
export const testConnection = async (visitor: Visitor): Promise<string[]> => {
  await button(visitor, 'test.run').click();
  const steps = visitor.page
    .getByRole('list')
    .filter({ hasText: text('test.dns') })
    .getByRole('listitem');
  await steps.first().waitFor();
  return steps.allInnerTexts();
};

/** Grants the mailbox to this user, found by the login name. */
export const grantTo = async (visitor: Visitor, email: string): Promise<void> => {
  const { page } = visitor;
  await switchOn(visitor, 'restricted');
  const users = picker(visitor, 'access.add-user');
  await users.click();
  await users.pressSequentially(email);
  await page.getByRole('option', { name: email }).click();
  await page.getByRole('listitem').filter({ hasText: email }).waitFor();
};

/** Grants the mailbox to all users with this role. */
export const grantToRole = async (visitor: Visitor, role: string): Promise<void> => {
  await picker(visitor, 'access.add-role').click();
  await visitor.page.getByRole('option', { name: role, exact: true }).click();
  await visitor.page.getByRole('listitem').filter({ hasText: role }).waitFor();
};

export const revokeFrom = async ({ page }: Visitor, email: string): Promise<void> => {
  const entry = page.getByRole('listitem').filter({ hasText: email });
  await entry.getByRole('button').click();
  await entry.waitFor({ state: 'detached' });
};

/** Saves the mailbox and its grants together. */
export const save = async (visitor: Visitor): Promise<void> => {
  await button(visitor, 'edit.save').click();
  await visitor.page.getByText(text('edit.saved'), { exact: true }).first().waitFor();
};
