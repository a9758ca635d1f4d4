import type { Locator, Page } from 'playwright-core';
import type { Person } from './playground';
import type { Site, Visitor } from './site';
import { text } from './texts';

/** A page of the plugin, or a state of it, and a user with access to it. */
export interface Shown {
  title: string;
  who: Person;
  /** Below the admin panel. */
  path: (ids: Ids) => string;
  /** Locator that is visible once the page is complete. */
  ready: (page: Page) => Locator;
  /** Actions that lead from the page to the state. */
  then?: (visitor: Visitor) => Promise<void>;
}

export interface Ids {
  /** With its own login, restricted, granted to Ada. */
  news: string;
  /** Paused: its password is missing. */
  events: string;
  academy: string;
  submitted: string;
  failed: string;
  /** Ada's, as an admin user. */
  ada: number;
  webhook: string;
  /** With a file, a time to send at, and text in every form. */
  draft: string;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, level: 1 });
const button = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true });

export const PAGES: readonly Shown[] = [
  { title: 'Compose', who: 'ada', path: () => 'plugins/mailboxes', ready: button(text('compose.send')) },
  {
    title: 'Compose with an own address to confirm',
    who: 'ben',
    path: () => 'plugins/mailboxes',
    ready: button(text('confirm.send')),
  },
  {
    title: 'Compose with the drop-down open',
    who: 'ada',
    path: () => 'plugins/mailboxes',
    ready: button(text('compose.send')),
    then: async ({ page }) => {
      await page.getByRole('combobox', { name: text('compose.from'), exact: true }).click();
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    title: 'Compose with everything',
    who: 'ada',
    path: ({ draft }) => `plugins/mailboxes?draft=${draft}`,
    ready: button(text('draft.discard')),
    then: async ({ page }) => {
      await page.getByRole('textbox', { name: text('compose.text'), exact: true }).waitFor();
    },
  },
  {
    title: 'Compose with the preview open',
    who: 'ada',
    path: ({ draft }) => `plugins/mailboxes?draft=${draft}`,
    ready: button(text('draft.discard')),
    then: async ({ page }) => {
      await page.getByRole('button', { name: text('preview.open'), exact: true }).press('Enter');
      await page.getByRole('dialog').locator('iframe').waitFor();
    },
  },
  {
    title: 'drafts',
    who: 'ada',
    path: () => 'plugins/mailboxes/drafts',
    ready: (page) => page.getByRole('link', { name: 'Spring at the club' }),
  },
  {
    title: 'what was sent',
    who: 'ada',
    path: () => 'plugins/mailboxes/submissions',
    ready: (page) => page.getByRole('link', { name: 'To a reader' }),
  },
  {
    title: 'a submission that was handed over',
    who: 'ada',
    path: ({ submitted }) => `plugins/mailboxes/submissions/${submitted}`,
    ready: heading('To a reader'),
  },
  {
    title: 'a submission that failed',
    who: 'ada',
    path: ({ failed }) => `plugins/mailboxes/submissions/${failed}`,
    ready: heading('To nobody'),
  },
  {
    title: 'Mailboxes',
    who: 'carol',
    path: () => 'settings/mailboxes',
    ready: (page) => page.getByRole('link', { name: 'Club News', exact: true }),
  },
  { title: 'a new mailbox', who: 'carol', path: () => 'settings/mailboxes/new', ready: button(text('edit.save')) },
  {
    title: 'a restricted mailbox with its own login',
    who: 'carol',
    path: ({ news }) => `settings/mailboxes/${news}`,
    ready: heading('Club News'),
  },
  {
    title: 'a connection test',
    who: 'carol',
    path: ({ news }) => `settings/mailboxes/${news}`,
    ready: heading('Club News'),
    then: async ({ page }) => {
      await page.getByRole('button', { name: text('test.run'), exact: true }).click();
      await page.getByText(text('test.rcpt-to'), { exact: true }).waitFor();
    },
  },
  {
    title: 'a paused mailbox',
    who: 'carol',
    path: ({ events }) => `settings/mailboxes/${events}`,
    ready: heading('Club Events'),
  },
  {
    title: 'Tenants',
    who: 'root',
    path: () => 'settings/mailboxes/rules',
    ready: (page) => page.getByRole('link', { name: 'Academy', exact: true }),
  },
  {
    title: 'the rules of a tenant',
    who: 'root',
    path: ({ academy }) => `settings/mailboxes/rules/${academy}`,
    ready: heading('Academy'),
  },
  {
    title: 'the access overview of a person',
    who: 'root',
    path: ({ ada }) => `settings/mailboxes/access?by=person&user=${ada}`,
    ready: (page) => page.getByText('Ada Adams <ada@club.example>'),
  },
  {
    title: 'the access overview of a mailbox',
    who: 'carol',
    path: ({ news }) => `settings/mailboxes/access?by=mailbox&mailbox=${news}`,
    ready: (page) => page.getByRole('link', { name: 'Ada Adams', exact: true }),
  },
  {
    title: 'the access overview with its drop-down open',
    who: 'carol',
    path: () => 'settings/mailboxes/access',
    ready: (page) => page.getByRole('combobox', { name: text('overview.person'), exact: true }),
    then: async ({ page }) => {
      await page.getByRole('combobox', { name: text('overview.person'), exact: true }).click();
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    title: 'Events',
    who: 'root',
    path: () => 'settings/mailboxes/events',
    ready: (page) => page.getByRole('link', { name: 'Follow up' }),
    then: async ({ page }) => {
      await page.getByText(text('events.example')).first().click();
    },
  },
  {
    title: 'a webhook',
    who: 'root',
    path: ({ webhook }) => `settings/mailboxes/events/${webhook}`,
    ready: heading('Follow up'),
  },
  {
    title: 'a new webhook that cannot be saved yet',
    who: 'root',
    path: () => 'settings/mailboxes/events/new',
    ready: button(text('edit.save')),
    then: async ({ page }) => {
      // Not clicked: the design system's buttons have too little contrast under the mouse.
      await page.getByRole('button', { name: text('edit.save'), exact: true }).press('Enter');
      await page.getByText(text('webhook.events.none')).waitFor();
    },
  },
  {
    title: 'the guard with what it found',
    who: 'root',
    path: () => 'settings/mailboxes/guard',
    ready: (page) => page.getByText('ceo@elsewhere.example', { exact: true }),
  },
  {
    title: 'the home page with its widget',
    who: 'ada',
    path: () => '',
    ready: (page) => page.getByRole('link', { name: 'To nobody' }),
  },
];

/** Something in every state that a page can show, made over the API. */
export const fillPages = async (site: Site): Promise<Ids> => {
  const [root, carol, ada] = [await site.signIn('root'), await site.signIn('carol'), await site.signIn('ada')];
  const { data: tenants } = await root.request<{ id: string; key: string }[]>('GET', '/mailboxes/tenants');
  const { data: mailboxes } = await carol.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
  const idOf = (email: string): string => mailboxes.find((mailbox) => mailbox.email === email)?.id ?? '';
  const submit = async (to: string, subject: string): Promise<string> => {
    const { data } = await ada.request<{ id: string }>('POST', '/mailboxes/submissions', {
      from: `mailbox:${idOf('news@club.example')}`,
      to: [to],
      subject,
      text: 'Hello',
      undoSeconds: 0,
    });
    return data.id;
  };
  const submitted = await submit('reader@reader.example', 'To a reader');
  const failed = await submit('nobody@reader.example', 'To nobody');
  await site.waitForMail(({ subject }) => subject === 'To a reader');
  const { data: draft } = await ada.request<{ id: string }>('POST', '/mailboxes/drafts', {
    from: `mailbox:${idOf('news@club.example')}`,
    to: [{ name: 'A reader', email: 'reader@reader.example' }, 'mia@reader.example'],
    cc: ['board@reader.example'],
    subject: 'Spring at the club',
    html: '<h2>Courts</h2><p>They open on <strong>Saturday</strong>, <a href="https://club.example/">all</a> of them.</p><ul><li><p>one</p></li></ul><blockquote><p>At last</p></blockquote>',
    attachments: [{ file: 1 }],
    sendAt: '2027-03-28T03:30[Europe/Berlin]',
  });
  const { data: users } = await carol.request<{ id: number }[]>('GET', '/mailboxes/pickers/users?q=ada@');
  const { data: webhook } = await root.request<{ id: string }>('POST', '/admin/webhooks', {
    name: 'Follow up',
    url: 'https://receiver.example/hook',
    headers: { 'X-Key': 'k' },
    events: ['entry.publish', 'mailboxes.submission.failed'],
  });
  const forged = { from: 'ceo@elsewhere.example', to: 'reader@reader.example', subject: 'Forged', text: 'Hello' };
  await root.request('POST', '/email', forged);
  await Promise.all([root, carol, ada].map((visitor) => visitor.close()));
  return {
    news: idOf('news@club.example'),
    events: idOf('events@club.example'),
    academy: tenants.find(({ key }) => key === 'academy')?.id ?? '',
    submitted,
    failed,
    ada: users[0]?.id ?? 0,
    webhook: webhook.id,
    draft: draft.id,
  };
};

/** Opens a page and waits until it is complete. */
export const show = async (visitor: Visitor, { path, ready, then }: Shown, ids: Ids): Promise<void> => {
  await visitor.open(path(ids));
  await ready(visitor.page).waitFor();
  await then?.(visitor);
};
