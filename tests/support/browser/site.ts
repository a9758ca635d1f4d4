import { randomUUID } from 'node:crypto';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { flags } from './chromium.json';
import { startPlayground, type Person, type Playground } from './playground';

export const CHROMIUM = process.env.TEST_CHROMIUM || '/usr/bin/chromium';
export const FLAGS = flags;

/** A bound for broken tests, never a pause. */
const STATE_MS = 20_000;

export interface Look {
  language?: 'en' | 'de';
  theme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  /** With a finger, as on a phone. */
  touch?: boolean;
}

export interface Answer<T = unknown> {
  status: number;
  data: T;
  /** `details.code` of a refusal. */
  code: string | undefined;
}

/** A signed-in session in a browser window of its own. */
export interface Visitor {
  page: Page;
  /** Goes to a path below the admin panel (`plugins/mailboxes`) by the panel's router, or loads the panel there. */
  open(path: string): Promise<void>;
  /** Loads the panel anew at a path: nothing that the page had in memory is left. */
  load(path: string): Promise<void>;
  /** Complaints of the browser's console and the pages since the last call. */
  complaints(): string[];
  /** A request by hand, with the session of this visitor. */
  request<T = unknown>(method: string, path: string, body?: object): Promise<Answer<T>>;
  close(): Promise<void>;
}

export interface Site extends Playground {
  /** Opens a window and signs in by a request; no page is loaded yet. */
  signIn(person: Person, look?: Look): Promise<Visitor>;
  /** Opens a window and signs in by Strapi's form; the home page is loaded. */
  signInByForm(person: Person, look?: Look): Promise<Visitor>;
}

const complaintsOf = (page: Page): (() => string[]) => {
  const heard: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => heard.push(`uncaught: ${error.message}`));
  return () => heard.splice(0);
};

/** By the form, which is on the page already. */
export const signInOn = async (page: Page, { email, password }: { email: string; password: string }): Promise<void> => {
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('button[type="submit"]').click();
  await page.getByRole('navigation').first().waitFor();
};

type Stored = Record<string, string>;

const contextOf = async (
  browser: Browser,
  { url }: Playground,
  { language = 'en', theme = 'light', viewport = { width: 1280, height: 900 }, touch = false }: Look,
  stored: Stored
): Promise<BrowserContext> => {
  const entries = { 'strapi-admin-language': language, STRAPI_THEME: theme, ...stored };
  const localStorage = Object.entries(entries).map(([name, value]) => ({ name, value }));
  const context = await browser.newContext({
    viewport,
    hasTouch: touch,
    locale: language,
    reducedMotion: 'reduce',
    storageState: { cookies: [], origins: [{ origin: url, localStorage }] },
  });
  context.setDefaultTimeout(STATE_MS);
  return context;
};

/** Stores the cookies that Strapi's form stores: the refresh token, which the server sets, and the access token. */
export const storeTokens = async (
  context: BrowserContext,
  { url, people }: Playground,
  person: Person,
  deviceId: string = randomUUID()
): Promise<void> => {
  const { email, password } = people[person];
  const answer = await context.request.post(`${url}/admin/login`, {
    data: { email, password, deviceId, rememberMe: false },
  });
  if (!answer.ok()) throw new Error(`${email} cannot sign in: ${answer.status()} ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { token: string } };
  await context.addCookies([
    { name: 'jwtToken', value: data.token, domain: new URL(url).hostname, path: '/admin', sameSite: 'Lax' },
  ]);
};

/** Of Strapi's page for an address that does not exist. */
const NO_SUCH_PAGE = 'main[aria-labelledby="title"]';

/**
 * Passes through a page that does not exist: the old page is unmounted, so that none of its elements can be taken for one
 * of the new page. A dialog about unsaved changes stops it, and the test with it; `load` discards them.
 */
const routeTo = async (page: Page, path: string): Promise<void> => {
  await page.evaluate(() => {
    history.pushState({ usr: null, key: 'none', idx: (history.state as { idx: number }).idx + 1 }, '', '/admin/none');
    dispatchEvent(new PopStateEvent('popstate', { state: history.state as unknown }));
  });
  await page.locator(NO_SUCH_PAGE).waitFor();
  await page.evaluate((url) => {
    const { idx } = history.state as { idx: number };
    history.replaceState({ usr: null, key: Math.random().toString(36).slice(2, 10), idx }, '', url);
    dispatchEvent(new PopStateEvent('popstate', { state: history.state as unknown }));
  }, `/admin/${path}`);
};

/** The actions of a page in the panel. */
export const moving = (page: Page, { adminUrl }: Pick<Playground, 'adminUrl'>): Pick<Visitor, 'open' | 'load'> => {
  const load = async (path: string): Promise<void> => void (await page.goto(`${adminUrl}/${path}`));
  return {
    load,
    open: (path) => (page.url().startsWith(adminUrl) ? routeTo(page, path) : load(path)),
  };
};

const visitorOf = (playground: Playground, page: Page): Visitor => ({
  page,
  complaints: complaintsOf(page),
  ...moving(page, playground),
  request: async <T>(method: string, path: string, body?: object) => {
    const cookies = await page.context().cookies();
    const token = cookies.find(({ name }) => name === 'jwtToken')?.value ?? '';
    const response = await fetch(`${playground.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const { data, error } = (text === '' ? {} : JSON.parse(text)) as {
      data?: T;
      error?: { details?: { code?: string } };
    };
    return { status: response.status, data: data as T, code: error?.details?.code };
  },
  close: () => page.context().close(),
});

/** Connects to the browser of this run (`setup.mjs`). */
const connectBrowser = (): Promise<Browser> => {
  const endpoint = process.env.TEST_BROWSER;
  if (endpoint === undefined) throw new Error('TEST_BROWSER is not set: run jest with --selectProjects e2e.');
  return chromium.connect(endpoint);
};

/**
 * The site of this run, as it was seeded, and a browser: `site.signIn('ada')`.
 *
 * @param settings.undoSeconds every message waits for that long; a test that clicks Undo needs more than a second
 */
export const startSite = async ({ undoSeconds = 1 }: { undoSeconds?: number } = {}): Promise<Site> => {
  const [playground, browser] = await Promise.all([startPlayground({ undoSeconds }), connectBrowser()]);
  return {
    ...playground,
    signIn: async (person, look = {}) => {
      const deviceId = randomUUID();
      const stored = { isLoggedIn: 'true', 'strapi.admin.deviceId': deviceId };
      const context = await contextOf(browser, playground, look, stored);
      await storeTokens(context, playground, person, deviceId);
      return visitorOf(playground, await context.newPage());
    },
    signInByForm: async (person, look = {}) => {
      const context = await contextOf(browser, playground, look, {});
      const visitor = visitorOf(playground, await context.newPage());
      await visitor.load('');
      await signInOn(visitor.page, playground.people[person]);
      visitor.complaints();
      return visitor;
    },
    stop: async () => {
      await browser.close();
      await playground.stop();
    },
  };
};
