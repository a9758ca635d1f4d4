import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startPlayground, type Person, type Playground } from './playground';

export const CHROMIUM = process.env.TEST_CHROMIUM || '/usr/bin/chromium';
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A bound for broken tests, never a pause. */
const STATE_MS = 20_000;

export interface Look {
  language?: 'en' | 'de';
  theme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
}

export interface Answer<T = unknown> {
  status: number;
  data: T;
  /** `details.code` of a refusal. */
  code: string | undefined;
}

/** Somebody who is signed in, in a browser window of their own. */
export interface Visitor {
  page: Page;
  /** A path below the admin panel, loaded anew: `plugins/mailboxes`. */
  open(path: string): Promise<void>;
  /** What the browser's console and the pages complained about since the last call. */
  complaints(): string[];
  /** A request by hand, with this person's session. */
  request<T = unknown>(method: string, path: string, body?: object): Promise<Answer<T>>;
  close(): Promise<void>;
}

export interface Site extends Playground {
  /** Signs in as a person does: by the form. */
  signIn(person: Person, look?: Look): Promise<Visitor>;
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

const signInWith =
  (browser: Browser, playground: Playground): Site['signIn'] =>
  async (person, { language = 'en', theme = 'light', viewport = { width: 1280, height: 900 } } = {}) => {
    const options: BrowserContextOptions = { viewport, locale: language, reducedMotion: 'reduce' };
    const context = await browser.newContext(options);
    context.setDefaultTimeout(STATE_MS);
    await context.addInitScript(
      ([chosenLanguage, chosenTheme]) => {
        // A frame in a sandbox has no storage, and needs none.
        if (window !== window.top) return;
        localStorage.setItem('strapi-admin-language', chosenLanguage);
        localStorage.setItem('STRAPI_THEME', chosenTheme);
      },
      [language, theme] as const
    );
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(playground.adminUrl);
    await signInOn(page, playground.people[person]);
    complaints();

    return {
      page,
      complaints,
      open: async (path) => {
        await page.goto(`${playground.adminUrl}/${path}`);
      },
      request: async <T>(method: string, path: string, body?: object) => {
        const cookies = await context.cookies();
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
      close: () => context.close(),
    };
  };

/** A playground and a browser: `site.signIn('ada')`. Both end with `stop()`. */
export const startSite = async (): Promise<Site> => {
  const [playground, browser] = await Promise.all([
    startPlayground(),
    chromium.launch({ executablePath: CHROMIUM, args: FLAGS }),
  ]);
  return {
    ...playground,
    signIn: signInWith(browser, playground),
    stop: async () => {
      await browser.close();
      await playground.stop();
    },
  };
};
