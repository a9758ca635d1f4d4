import type { Page } from 'playwright-core';
import { startSite, type Site, type Visitor } from '../support/browser/site';
import { text } from '../support/browser/texts';

/** Texts of Strapi that appear on any page. */
const LOADING = 'Loading content.';
const ERROR = /an error occurred|Something went wrong/i;
const NO_PERMISSION = /You don't have the permissions/;

interface Visited {
  title: string;
  who: 'ben' | 'carol' | 'root';
  path: string;
  /** The request without which the page has nothing to show. */
  request: string;
  full: (page: Page) => Promise<void>;
}

const PAGES: readonly Visited[] = [
  {
    title: 'Compose',
    who: 'ben',
    path: 'plugins/mailboxes',
    request: '**/mailboxes/identities*',
    full: (page) => page.getByRole('button', { name: text('compose.send'), exact: true }).waitFor(),
  },
  {
    title: 'what was sent',
    who: 'ben',
    path: 'plugins/mailboxes/submissions',
    request: '**/mailboxes/submissions?*',
    full: (page) => page.getByText(text('submissions.empty')).waitFor(),
  },
  {
    title: 'drafts',
    who: 'ben',
    path: 'plugins/mailboxes/drafts',
    request: '**/mailboxes/drafts?*',
    full: (page) => page.getByText(text('drafts.empty')).waitFor(),
  },
  {
    title: 'Mailboxes',
    who: 'carol',
    path: 'settings/mailboxes',
    request: '**/mailboxes/mailboxes?*',
    full: (page) => page.getByText(text('list.empty')).waitFor(),
  },
  {
    title: 'the access overview',
    who: 'carol',
    path: 'settings/mailboxes/access',
    request: '**/mailboxes/mailboxes?*',
    full: (page) => page.getByText(text('overview.choose-person')).waitFor(),
  },
  {
    title: 'Events',
    who: 'root',
    path: 'settings/mailboxes/events',
    request: '**/admin/webhooks',
    full: (page) => page.getByText(text('events.no-webhooks')).waitFor(),
  },
  {
    title: 'the guard',
    who: 'root',
    path: 'settings/mailboxes/guard',
    request: '**/mailboxes/guard/findings*',
    full: (page) => page.getByText(text('guard.empty')).waitFor(),
  },
];

describe('every page shows its title', () => {
  let site: Site;
  let root: Visitor;
  let visitors: Record<Visited['who'], Visitor>;

  beforeAll(async () => {
    site = await startSite();
    root = await site.signIn('root');
    visitors = { root, ben: await site.signIn('ben'), carol: await site.signIn('carol') };
    const { data } = await root.request<{ id: string }[]>('GET', '/mailboxes/mailboxes?pageSize=100');
    for (const { id } of data) await root.request('DELETE', `/mailboxes/mailboxes/${id}`);
  });
  afterAll(() => site?.stop());

  it.each(PAGES)('$title, while it is loading, and when nothing is there yet', async ({ who, path, request, full }) => {
    const visitor = visitors[who];
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await visitor.page.route(request, async (route) => {
      await asked;
      await route.continue();
    });
    // Loaded: the panel has nothing in memory that it can show meanwhile.
    await visitor.load(path);
    await visitor.page.getByText(LOADING).last().waitFor();
    answer();
    await full(visitor.page);
    await visitor.page.unrouteAll();
  });

  it.each(PAGES)('$title, when the server fails', async ({ who, path, request }) => {
    const visitor = visitors[who];
    await visitor.page.route(request, (route) =>
      route.fulfill({ status: 500, contentType: 'application/json', body: '{"data":null,"error":{"status":500}}' })
    );
    await visitor.load(path);
    await visitor.page.getByText(ERROR).first().waitFor();
    await visitor.page.unrouteAll();
  });

  it.each([
    ['a draft', 'plugins/mailboxes?draft=nothing', 'draft.gone'],
    ['a submission', 'plugins/mailboxes/submissions/nothing', 'submission.not-found'],
    ['a mailbox', 'settings/mailboxes/nothing', 'refusal.NOT_FOUND'],
    ['a tenant', 'settings/mailboxes/rules/nothing', 'refusal.NOT_FOUND'],
    ['a webhook', 'settings/mailboxes/events/nothing', 'webhook.gone'],
  ] as const)('%s that is not there', async (_, path, words) => {
    await root.open(path);
    await root.page.getByText(text(words)).first().waitFor();
  });

  it('Mailboxes and each page beside it, to an editor who may not see it, and Communication, to a user who may not send', async () => {
    const { ben } = visitors;
    for (const page of ['', '/access', '/events', '/events/new', '/guard']) {
      await ben.open(`settings/mailboxes${page}`);
      await ben.page.getByText(NO_PERMISSION).waitFor();
    }

    const { data: roles } = await root.request<{ id: number; name: string }[]>('GET', '/admin/roles');
    const press = roles.find(({ name }) => name === 'Press team');
    const taken = await root.request('PUT', `/admin/roles/${press?.id}/permissions`, { permissions: [] });
    expect(taken.status).toBe(200);
    await ben.load('plugins/mailboxes');
    await ben.page.getByText(NO_PERMISSION).waitFor();
  });
});
