import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { textsOf } from './texts.mjs';

const CHROMIUM = process.env.TEST_CHROMIUM || '/usr/bin/chromium';
const STATE_LIMIT_MS = 30_000;
const LANGUAGES = ['en', 'de'];
/** The application has one tenant: its pages must not use the word. */
const WORD_OF_TENANTS = /tenant|mandant/i;

/** Every page of ours that needs nothing to be there, by what its heading says. */
const PAGES = [
  ['settings/mailboxes', 'settings.title'],
  ['settings/mailboxes/new', 'edit.new'],
  ['settings/mailboxes/rules', 'rules.title'],
  ['plugins/mailboxes', 'communication.title'],
  ['plugins/mailboxes/submissions', 'submissions.title'],
];

/** Signs in as the administrator and opens each page; an error in the browser's console is a problem. */
const visit = async (browser, url, language, check) => {
  const texts = textsOf(language);
  const context = await browser.newContext({ locale: language });
  context.setDefaultTimeout(STATE_LIMIT_MS);
  await context.addInitScript((chosen) => localStorage.setItem('strapi-admin-language', chosen), language);
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('input[name="email"]').fill('admin@example.org');
  await page.locator('input[name="password"]').fill('Passw0rd!');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('link', { name: texts['communication.title'], exact: true }).waitFor();

  let complaints = [];
  page.on(
    'console',
    (message) => message.type() === 'error' && complaints.push(`${message.text()} (${message.location().url})`)
  );
  page.on('pageerror', (error) => complaints.push(error.message));
  for (const [path, title] of PAGES) {
    complaints = [];
    await page.goto(`${url}/${path}`);
    const heading = page.getByRole('heading', { name: texts[title], level: 1, exact: true });
    const missing = await heading.waitFor().then(
      () => [],
      () => [`no heading "${texts[title]}"; the page says: ${page.url()}`]
    );
    const said = await page.getByRole('main').innerText();
    const tenants = WORD_OF_TENANTS.test(said) ? [`it speaks of tenants: ${said}`] : [];
    check(`${path} opens, and says nothing of tenants (${language})`, [...missing, ...complaints, ...tenants]);
  }
  await context.close();
};

/** Opens the pages of the installed plugin in a browser, in the admin panel that `strapi build` has just made. */
export const openPages = async (app, check) => {
  const child = fork(join(app, 'serve.cjs'), {
    cwd: app,
    // In production Strapi's cookies are for https only.
    env: { ...process.env, NODE_ENV: 'development', NODE_PATH: '', STRAPI_TELEMETRY_DISABLED: 'true' },
  });
  const exited = once(child, 'exit');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const [{ url }] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`Strapi ended with exit code ${code}`))),
    ]);
    for (const language of LANGUAGES) await visit(browser, url, language, check);
  } finally {
    await browser.close();
    if (child.connected) child.send('stop');
    await exited;
  }
};
