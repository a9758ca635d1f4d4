/**
 * Takes the pictures in docs/screenshots from a fresh playground: both themes, a narrow window, German, and the states
 * that a page can be in.
 *
 *   npm run screenshots                  all; `-- mailboxes` only those whose name holds the word
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { start } from '../playground/start.mjs';
import { textsOf } from './texts.mjs';

const FOLDER = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
/** The whole folder: every clone pays for it. */
const FOLDER_LIMIT_BYTES = 2_000_000;
const STATE_LIMIT_MS = 30_000;
const WIDE = { width: 1280, height: 860 };
/** Taller screenshots are cropped: readers skip them. */
const TALLEST = 2400;
const NARROW = { width: 390, height: 844 };

const TEXTS = { en: textsOf('en'), de: textsOf('de') };

const COMPOSE = 'plugins/mailboxes';
const OUTBOX = `${COMPOSE}/submissions`;
const MAILBOXES = 'settings/mailboxes';
/** Its request, for a page that waits or fails. */
const MAILBOX_LIST = '**/mailboxes/mailboxes?*';

const button = (key) => (page, t) => page.getByRole('button', { name: t(key), exact: true }).first();
const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
const link = (name) => (page) => page.getByRole('link', { name, exact: true });
const saying = (words) => (page) => page.getByText(words).last();

const textOf = (page, t) => page.getByRole('textbox', { name: t('compose.text'), exact: true });
const editor = async (page, t) => {
  await textOf(page, t).locator('img[src*="/uploads/"]').waitFor();
  await textOf(page, t)
    .locator('img[src*="/uploads/"]')
    .evaluate((img) => img.decode());
};
const preview = async (page, t) => {
  await editor(page, t);
  await button('preview.open')(page, t).click();
  const frame = page.getByRole('dialog').locator('iframe');
  await frame.contentFrame().locator('img[src^="data:"]').waitFor();
};
const later = async (page, t) => {
  await editor(page, t);
  await button('later.open')(page, t).click();
  await page.locator('input[name="date"]').scrollIntoViewIfNeeded();
};
const collide = async (page, t, { other }) => {
  await editor(page, t);
  await other();
  await page.locator('input[name="subject"]').fill('Spring at the club, at last');
  await page.getByText(t('conflict.title')).waitFor();
};
const ask = (key) => async (page, t) => {
  await button(key)(page, t).click();
  await page.getByRole('dialog').waitFor();
};
const chart = (page) => page.locator('.recharts-bar-rectangle').first().waitFor();
const openFrom = async (page, t) => {
  await page.getByRole('combobox', { name: t('compose.from'), exact: true }).click();
  await page.getByRole('option').first().waitFor();
};
const testConnection = async (page, t) => {
  await button('test.run')(page, t).click();
  const last = page.getByText(t('test.rcpt-to'), { exact: true });
  await last.waitFor();
  await last.scrollIntoViewIfNeeded();
};

/** The whole page, which scrolls inside of the window: a window as high as it. */
const stretch = async (page) => {
  const { width, height } = page.viewportSize();
  const hidden = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].map(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)
    )
  );
  await page.setViewportSize({ width, height: Math.min(height + hidden, TALLEST) });
};

/** Answers of the server that do not come, or that are errors: the states in between. */
const hold = (glob) => (page) => page.route(glob, () => undefined);
const fail = (glob) => (page) =>
  page.route(glob, (route) => route.fulfill({ status: 500, json: { data: null, error: { status: 500 } } }));

const draft = (key) => (ids) => `${COMPOSE}?draft=${ids[key]}`;
const submission = (key) => (ids) => `${OUTBOX}/${ids[key]}`;
const mailbox = ({ news }) => `${MAILBOXES}/${news}`;

const ALL_LOOKS = ['light', 'dark', 'narrow', 'de'];
const TALL = { tall: true };

/**
 * A name, the person that opens the path, and a place that is visible when the page is complete. `before` runs before
 * that, `then` after it. `looks` default to light.
 */
const PICTURES = [
  ['compose', 'ada', draft('draft'), button('draft.discard'), { then: editor, looks: ALL_LOOKS, tall: true }],
  ['compose-empty', 'ada', COMPOSE, (page, t) => link(t('draft.continue'))(page)],
  ['compose-later', 'ada', draft('draft'), button('draft.discard'), { then: later }],
  ['preview', 'ada', draft('draft'), button('draft.discard'), { then: preview, looks: ALL_LOOKS }],
  ['drafts', 'ada', `${COMPOSE}/drafts`, link('Spring at the club'), { looks: ALL_LOOKS }],
  ['conflict', 'ada', draft('contested'), button('draft.discard'), { then: collide }],
  ['compose-from', 'ada', COMPOSE, button('compose.send'), { then: openFrom }],
  ['compose-confirm', 'ben', COMPOSE, button('confirm.send')],
  ['outbox', 'ada', OUTBOX, link('Results of Saturday'), { then: chart, looks: ALL_LOOKS, tall: true }],
  ['submission', 'ada', submission('submitted'), heading('Results of Saturday')],
  ['reschedule', 'ada', submission('scheduled'), heading('Summer party'), { then: ask('reschedule.open') }],
  ['resend', 'ada', submission('failed'), heading('Membership'), { then: ask('resend.open') }],
  ['submission-failed', 'ada', submission('failed'), heading('Membership')],
  ['mailboxes', 'carol', MAILBOXES, link('Club News'), { looks: ALL_LOOKS }],
  ['mailbox', 'carol', mailbox, heading('Club News'), TALL],
  ['connection-test', 'carol', mailbox, heading('Club News'), { then: testConnection }],
  ['rules', 'root', ({ club }) => `${MAILBOXES}/rules/${club}`, heading('The Club'), TALL],
  [
    'access-person',
    'root',
    ({ ada, club }) => `${MAILBOXES}/access?by=person&user=${ada}&tenant=${club}`,
    saying('Ada Adams <ada@club.example>'),
    { looks: ['light', 'narrow'] },
  ],
  ['access-mailbox', 'root', ({ news }) => `${MAILBOXES}/access?by=mailbox&mailbox=${news}`, link('Ada Adams')],
  ['events', 'root', `${MAILBOXES}/events`, link('Follow up')],
  ['guard', 'root', `${MAILBOXES}/guard`, saying('ceo@elsewhere.example')],
  ['home', 'ada', '', link('Membership')],
  ['state-empty', 'ben', OUTBOX, saying(TEXTS.en['submissions.empty'])],
  ['state-loading', 'carol', MAILBOXES, saying('Loading content.'), { before: hold(MAILBOX_LIST) }],
  ['state-error', 'carol', MAILBOXES, saying(/an error occurred|went wrong/i), { before: fail(MAILBOX_LIST) }],
  ['state-no-permission', 'ben', MAILBOXES, saying(/You don't have the permissions/)],
].map(([name, who, path, ready, more]) => ({ name, who, path, ready, ...more }));

const LOOKS = {
  light: {},
  dark: { theme: 'dark' },
  narrow: { viewport: NARROW },
  de: { language: 'de' },
};

const DRAFT = {
  to: ['members@reader.example', { name: 'Mia', email: 'mia@reader.example' }],
  cc: ['board@club.example'],
  subject: 'Spring at the club',
  html:
    '<p>Dear members,</p><h2>The courts open on Saturday</h2><p>Come and <strong>play</strong> with us:</p>' +
    '<ul><li><p>10:00, everybody</p></li><li><p>14:00, <a href="https://club.example/juniors">juniors</a></p></li></ul>' +
    '<p><img src="cid:picture-1" alt="The club’s logo"></p>',
  attachments: [{ file: 1, name: 'club-logo.png', cid: 'picture-1' }, { file: 2 }],
};

/** So that the chart has something to show: the same few messages, over the days before. */
const spread = async (strapi, id, days) => {
  const at = Date.now() - days * 24 * 3_600_000;
  await strapi.db.connection('mailboxes_submissions').where({ id }).update({ created_at: at, settled_at: at });
};

const fill = async ({ strapi, url, people, mail }) => {
  const service = (name) => strapi.plugin('mailboxes').service(name);
  const { id: user } = await strapi.db.query('admin::user').findOne({ where: { email: people.ada.email } });
  const actor = { type: 'user', id: user };
  const { from, replyTo } = await service('identities').listFor({ actor });
  const idOf = (list, email) => list.find((identity) => identity.email === email).id;
  const submit = async (sender, to, subject) => {
    const { id } = await service('submissions').submit({
      actor,
      from: idOf(from, sender),
      replyTo: idOf(replyTo, 'info@club.example'),
      to,
      subject,
      text: 'Hello',
      undoSeconds: 0,
    });
    return (await service('submissions').whenSettled(id, { actor })).id;
  };
  const failed = await submit('ada@club.example', ['nobody@reader.example'], 'Membership');
  const submitted = await submit(
    'news@club.example',
    ['mia@reader.example', 'noah@reader.example'],
    'Results of Saturday'
  );
  const scheduled = await service('submissions').submit({
    actor,
    from: idOf(from, 'news@club.example'),
    to: ['mia@reader.example'],
    subject: 'Summer party',
    text: 'Hello',
    sendAt: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString(),
  });
  for (let day = 1; day <= 20; day += 1) {
    const to = day % 5 === 0 ? 'nobody@reader.example' : 'mia@reader.example';
    const id = await submit('news@club.example', [to], `News of day ${day}`);
    await spread(strapi, id, day);
  }
  // Every signed-in user may do the same by hand.
  const { email, password } = people.root;
  const request = async (method, path, body, token) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    const { data } = await response.json();
    return data;
  };
  const post = (path, body, token) => request('POST', path, body, token);
  const session = await post('/admin/login', { email, password });
  for (const sender of ['ceo@elsewhere.example', '"News" <news@club.example>', 'ceo@elsewhere.example'])
    await post('/email', { from: sender, to: 'mia@reader.example', subject: 'Notice', text: 'Hello' }, session.token);
  const ada = await post('/admin/login', { email: people.ada.email, password });
  const write = (part) =>
    post('/mailboxes/drafts', { ...DRAFT, from: idOf(from, 'news@club.example'), ...part }, ada.token);
  const { id: contested } = await write({ subject: 'Winter at the club' });
  await write({ subject: 'To the board', to: [] });
  const { id: draft } = await write({});
  const other = () =>
    request('PUT', `/mailboxes/drafts/${contested}`, { version: 1, subject: 'Spring, finally' }, ada.token);
  mail.clear();
  await strapi.get('webhookStore').createWebhook({
    name: 'Follow up',
    url: 'https://receiver.example/hook',
    headers: { Authorization: 'Bearer …' },
    events: ['mailboxes.submission.failed', 'mailboxes.submission.uncertain', 'entry.publish'],
  });
  const { id: tenant } = await service('tenants').default();
  const mailboxes = await service('mailboxes').findMany({ actor: { type: 'system', name: 'operator' }, tenant });
  const news = mailboxes.find((mailbox) => mailbox.email === 'news@club.example').id;
  return { failed, submitted, scheduled: scheduled.id, draft, contested, other, club: tenant, news, ada: user };
};

const visitorOf = async (browser, site, who, { language = 'en', theme = 'light', viewport = WIDE }) => {
  const context = await browser.newContext({ viewport, locale: language, reducedMotion: 'reduce' });
  context.setDefaultTimeout(STATE_LIMIT_MS);
  await context.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      localStorage.setItem('strapi-admin-language', chosenLanguage);
      localStorage.setItem('STRAPI_THEME', chosenTheme);
    },
    [language, theme]
  );
  const page = await context.newPage();
  await page.goto(site.adminUrl);
  await page.locator('input[name="email"]').fill(site.people[who].email);
  await page.locator('input[name="password"]').fill(site.people[who].password);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.includes('/auth/'));
  return { page, close: () => context.close() };
};

const asked = process.argv.slice(2);
const wanted = PICTURES.filter(({ name }) => asked.length === 0 || asked.some((word) => name.includes(word)));

const site = await start({ fresh: true, log: console.log });
const browser = await chromium.launch({
  executablePath: process.env.TEST_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const ids = await fill(site);
  if (asked.length === 0) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const look of Object.keys(LOOKS)) {
    for (const { name, who, path, before, ready, then, looks = ['light'], tall = false } of wanted) {
      if (!looks.includes(look)) continue;
      const { language = 'en' } = LOOKS[look];
      const t = (key) => TEXTS[language][key] ?? key;
      const { page, close } = await visitorOf(browser, site, who, LOOKS[look]);
      await before?.(page);
      await page.goto(`${site.adminUrl}/${typeof path === 'string' ? path : path(ids)}`);
      await ready(page, t).waitFor();
      await then?.(page, t, ids);
      if (tall) await stretch(page);
      const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      // Flat surfaces: a palette saves two thirds of the bytes without a visible difference.
      await sharp(taken)
        .png({ palette: true, effort: 10 })
        .toFile(join(FOLDER, `${name}${look === 'light' ? '' : `-${look}`}.png`));
      await close();
      console.log(`  ${name}, ${look}`);
    }
  }
} finally {
  await browser.close();
  await site.stop();
}

const bytes = readdirSync(FOLDER).reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0);
console.log(`${readdirSync(FOLDER).length} pictures, ${(bytes / 1000).toFixed(0)} kB`);
if (bytes > FOLDER_LIMIT_BYTES) {
  console.error('That is too much for a repository.');
  process.exitCode = 1;
}
process.exit();
