import type { Page } from 'playwright-core';
import { choose, fieldOf, openCompose, recipientsOf, saved, send, write, writeText } from '../support/browser/compose';
import { button } from '../support/browser/mailboxes';
import { focused } from '../support/browser/keyboard';
import { createProfile } from '../support/browser/mortal';
import { moving, signInOn, startSite, storeTokens, type Site, type Visitor } from '../support/browser/site';
import { text } from '../support/browser/texts';

interface Entry {
  id: string;
  subject: string;
}

const subjectsOf = async (visitor: Visitor): Promise<string[]> => {
  const { data } = await visitor.request<Entry[]>('GET', '/mailboxes/drafts?pageSize=100');
  return data.map(({ subject }) => subject);
};

/** Waits until the form contains all typed text. */
const expectWritten = async (visitor: { page: Page }, { subject, body }: { subject: string; body: string }) => {
  const form = visitor as Visitor;
  await form.page.waitForFunction(
    (wanted) => document.querySelector<HTMLInputElement>('input[name="subject"]')?.value === wanted,
    subject
  );
  await fieldOf(form, 'compose.text').filter({ hasText: body }).waitFor();
  await form.page.getByText('reader@reader.example').first().waitFor();
};

/** Opens another tab of the same user, with the same session. */
const secondTab = async (visitor: Visitor): Promise<Visitor> => {
  const page = await visitor.page.context().newPage();
  const { origin } = new URL(visitor.page.url());
  return { ...visitor, page, ...moving(page, { adminUrl: `${origin}/admin` }) };
};

describe('typed text is not lost', () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.stop());

  it('when the page is reloaded', async () => {
    const ada = await site.signIn('ada');
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Reloaded', body: 'Half a sentence' });
    await ada.page.reload();
    await expectWritten(ada, { subject: 'Reloaded', body: 'Half a sentence' });
    expect(ada.complaints()).toEqual([]);
    await ada.close();
  });

  it('when the browser crashes while the author types', async () => {
    const profile = createProfile();
    const written = { subject: 'Before the crash', body: 'Still here' };
    const first = await profile.open();
    const visitor = { page: first.page } as Visitor;
    await storeTokens(first.page.context(), site, 'ben');
    await first.page.goto(`${site.adminUrl}/plugins/mailboxes`);
    await write(visitor, { to: 'reader@reader.example', ...written });
    await saved(visitor);
    await first.kill();

    const second = await profile.open();
    await storeTokens(second.page.context(), site, 'ben');
    await second.page.goto(`${site.adminUrl}/plugins/mailboxes`);
    await second.page.getByRole('link', { name: text('draft.continue'), exact: true }).click();
    await expectWritten(second, written);
    await second.kill();
    profile.forget();
  });

  it('when the author types without a pause: it is backed up during the burst', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await page.route('**/mailboxes/drafts**', (route) => route.abort());
    await fieldOf(ada, 'compose.text').click({ position: { x: 20, y: 12 } });
    // Typed within the page: on a busy machine, keys sent from outside would arrive with pauses.
    const typed = await page.evaluate(async () => {
      const has = (words: string) => Object.values({ ...localStorage }).some((copy) => String(copy).includes(words));
      let keys = 0;
      for (; keys < 200 && !has('burst burst'); keys += 1) {
        document.execCommand('insertText', false, 'burst '.charAt(keys % 6));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return keys;
    });
    expect(typed).toBeLessThan(200);
    await page.unrouteAll();
    await ada.close();
  });

  it('when the server restarts: the failed save is shown, and retried afterwards', async () => {
    const ada = await site.signIn('ada');
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'First half', body: 'Before' });
    await saved(ada);
    await site.down();
    await fieldOf(ada, 'compose.subject').fill('Second half');
    await ada.page.getByText(text('draft.not-saved')).waitFor();
    await site.up();
    await button(ada, 'try-again').click();
    await saved(ada);
    await ada.page.getByText(text('draft.not-saved')).waitFor({ state: 'detached' });
    await ada.page.reload();
    await expectWritten(ada, { subject: 'Second half', body: 'Before' });
    await ada.close();
  });

  it('when the page is closed while the server is down: the local backup has it', async () => {
    const ada = await site.signIn('ada');
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Kept here', body: 'By the browser' });
    await saved(ada);
    await ada.page.route('**/mailboxes/drafts**', (route) => route.abort());
    await fieldOf(ada, 'compose.subject').fill('Kept here alone');
    await ada.page.getByText(text('draft.not-saved')).waitFor();
    const tab = await secondTab(ada);
    await ada.page.close({ runBeforeUnload: false });

    await openCompose(tab);
    await tab.page.getByText(text('draft.restored')).waitFor();
    await expectWritten(tab, { subject: 'Kept here alone', body: 'By the browser' });
    await saved(tab);
    expect(await subjectsOf(tab)).toContain('Kept here alone');
    await tab.close();
  });

  it('when the session expires: the author signs in in another tab and continues', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Signed in', body: 'Before the end' });
    await saved(ada);
    await page.context().clearCookies();
    await fieldOf(ada, 'compose.subject').fill('Signed out');
    await page.getByText(text('draft.signed-out'), { exact: true }).waitFor();
    await send(ada);
    await expectWritten(ada, { subject: 'Signed out', body: 'Before the end' });

    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: text('draft.sign-in') }).click(),
    ]);
    await signInOn(tab, site.people.ada);
    await tab.close();
    await button(ada, 'try-again').click();
    await saved(ada);
    expect(await subjectsOf(ada)).toContain('Signed out');
    await ada.close();
  });

  it('when sending is refused: the reason is shown at its field', async () => {
    const [ada, carol] = [await site.signIn('ada'), await site.signIn('carol')];
    const { data: mailboxes } = await carol.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
    const news = mailboxes.find(({ email }) => email === 'news@club.example')?.id ?? '';
    const { data: grants } = await carol.request<{ id: string; user: number }[]>(
      'GET',
      `/mailboxes/mailboxes/${news}/grants`
    );
    await openCompose(ada);
    await choose(ada, 'from', /news@club\.example/);
    await write(ada, { to: 'reader@reader.example', subject: 'Revoked', body: 'Worth keeping' });
    const [grant] = grants;
    await carol.request('DELETE', `/mailboxes/mailboxes/${news}/grants/${grant?.id}`);
    await send(ada);
    await ada.page.getByText(text('refusal.FORBIDDEN_FROM')).first().waitFor();
    await saved(ada);
    await ada.page.reload();
    await expectWritten(ada, { subject: 'Revoked', body: 'Worth keeping' });
    expect(site.mail().some(({ subject }) => subject === 'Revoked')).toBe(false);
    await carol.request('POST', `/mailboxes/mailboxes/${news}/grants`, { user: grant?.user });
    await Promise.all([ada.close(), carol.close()]);
  });

  it('when another draft is started while the server is still processing the one before', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Takes its time' });
    await saved(ada);
    let letThrough = () => undefined as void;
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    await page.route('**/mailboxes/submissions', async (route) => {
      if (route.request().method() === 'POST') await held;
      await route.continue();
    });
    const sending = page.waitForRequest(
      (request) => request.url().endsWith('/submissions') && request.method() === 'POST'
    );
    await send(ada);
    await sending;
    await page.getByRole('link', { name: text('drafts.title'), exact: true }).click();
    await page.getByRole('button', { name: text('submissions.write'), exact: true }).click();
    await fieldOf(ada, 'compose.subject').fill('The next one');
    letThrough();
    await page.getByText(text('undo.text'), { exact: true }).first().waitFor();
    await page.waitForURL(/\/plugins\/mailboxes\?draft=/);
    expect(await fieldOf(ada, 'compose.subject').inputValue()).toBe('The next one');
    await ada.close();
  });

  it('when the form is left before the server refuses to send: a notification is shown', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Left behind' });
    await saved(ada);
    let letThrough = () => undefined as void;
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    await page.route('**/mailboxes/submissions', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await held;
      return route.fulfill({ status: 503, json: { data: null, error: { status: 503 } } });
    });
    const sending = page.waitForRequest(
      (request) => request.url().endsWith('/submissions') && request.method() === 'POST'
    );
    await send(ada);
    await sending;
    await page.getByRole('link', { name: text('drafts.title'), exact: true }).click();
    await page.getByRole('heading', { name: text('drafts.title'), level: 1 }).waitFor();
    letThrough();
    await page
      .getByText(/Unsent draft: Left behind, /)
      .first()
      .waitFor();
    await ada.close();
  });

  it('when the author leaves the page while saving fails: a dialog warns first', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await page.route('**/mailboxes/drafts', (route) => route.abort());
    await write(ada, { to: 'reader@reader.example', subject: 'Not yet', body: 'Saved nowhere' });
    await page.getByText(text('draft.not-saved')).waitFor();
    await page.getByRole('link', { name: text('communication.submissions'), exact: true }).click();
    await page.getByText(text('leave.draft')).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectWritten(ada, { subject: 'Not yet', body: 'Saved nowhere' });
    await page.unrouteAll();
    await button(ada, 'try-again').click();
    await saved(ada);
    await ada.close();
  });
});

describe('two tabs with one draft', () => {
  let site: Site;
  let ada: Visitor;
  let other: Visitor;

  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.stop());

  beforeEach(async () => {
    ada = await site.signIn('ada');
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'In two tabs', body: 'Hello' });
    await saved(ada);
    other = await secondTab(ada);
    await other.page.goto(ada.page.url());
    await expectWritten(other, { subject: 'In two tabs', body: 'Hello' });
    await fieldOf(other, 'compose.subject').fill('From the second tab');
    await saved(other);
  });
  afterEach(() => ada.close());

  const collide = async () => {
    await fieldOf(ada, 'compose.subject').fill('From the first tab');
    await ada.page.getByRole('dialog').getByText(text('conflict.title')).waitFor();
    await ada.page
      .getByRole('region', { name: text('conflict.other') })
      .getByText('From the second tab')
      .waitFor();
    await ada.page
      .getByRole('region', { name: text('conflict.mine') })
      .getByText('From the first tab')
      .waitFor();
  };

  it('show both versions, and keep both as two drafts', async () => {
    await collide();
    await button(ada, 'conflict.keep-both').click();
    await focused(ada, fieldOf(ada, 'compose.subject'));
    await saved(ada);
    const subjects = await subjectsOf(ada);
    expect(subjects).toEqual(expect.arrayContaining(['From the first tab', 'From the second tab']));
  });

  it('show the conflict when one of them overwrites the other', async () => {
    await collide();
    await button(ada, 'conflict.keep-mine').click();
    await focused(ada, fieldOf(ada, 'compose.subject'));
    await saved(ada);
    await fieldOf(other, 'compose.subject').fill('Once more');
    await other.page.getByRole('dialog').getByText(text('conflict.title')).waitFor();
    await button(other, 'conflict.take-other').click();
    await focused(other, fieldOf(other, 'compose.subject'));
    await expectWritten(other, { subject: 'From the first tab', body: 'Hello' });
    await other.page.reload();
    await expectWritten(other, { subject: 'From the first tab', body: 'Hello' });
    expect(await other.page.getByRole('dialog').count()).toBe(0);
  });

  it('do not send an older version', async () => {
    await send(ada);
    await ada.page.getByRole('dialog').getByText(text('conflict.title')).waitFor();
    expect(site.mail().filter(({ subject }) => subject === 'In two tabs')).toEqual([]);
  });

  it('send it once: the later one shows the submission, and can keep its content', async () => {
    await collide();
    await button(ada, 'conflict.take-other').click();
    await send(ada);
    await site.waitForMail(({ subject }) => subject === 'From the second tab');
    await fieldOf(other, 'compose.subject').fill('Too late');
    await other.page.getByRole('alertdialog').getByText(text('sent-elsewhere.title')).waitFor();
    await button(other, 'sent-elsewhere.keep').click();
    await focused(other, fieldOf(other, 'compose.subject'));
    await saved(other);
    expect(await subjectsOf(other)).toContain('Too late');
    expect(site.mail().filter(({ subject }) => subject === 'From the second tab')).toHaveLength(1);
  });
});

describe('drafts', () => {
  let site: Site;
  let ada: Visitor;

  beforeAll(async () => {
    site = await startSite();
    ada = await site.signIn('ada');
  });
  afterAll(() => site?.stop());

  it('are listed, opened, and deleted after a confirmation', async () => {
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'For tomorrow', body: 'Hello' });
    await saved(ada);
    await page.getByRole('link', { name: text('drafts.title'), exact: true }).click();
    await button(ada, 'submissions.write').click();
    await writeText(ada, 'Another one');
    await saved(ada);

    await page.getByRole('link', { name: text('drafts.title'), exact: true }).click();
    await page.getByRole('link', { name: 'For tomorrow' }).click();
    await expectWritten(ada, { subject: 'For tomorrow', body: 'Hello' });
    await page.getByRole('link', { name: text('drafts.title'), exact: true }).click();
    const remove = page.getByRole('button', { name: text('drafts.delete').replace('{subject}', 'For tomorrow') });
    await remove.click();
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await focused(ada, remove);
    await remove.click();
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: text('edit.delete'), exact: true })
      .click();
    await page.getByRole('link', { name: 'For tomorrow' }).waitFor({ state: 'detached' });
    await focused(ada, page.locator('#main-content'));
    expect(await subjectsOf(ada)).toEqual(['']);
  });

  it('show a notice and an empty form if they are gone', async () => {
    await ada.open('plugins/mailboxes?draft=nothing');
    await ada.page.getByText(text('draft.gone')).waitFor();
    expect(await recipientsOf(ada).inputValue()).toBe('');
  });

  it('are discarded from the form and deleted on the server', async () => {
    await ada.open('plugins/mailboxes');
    await write(ada, { to: 'reader@reader.example', subject: 'Nonsense', body: 'Nonsense' });
    await saved(ada);
    await button(ada, 'draft.discard').click();
    await ada.page
      .getByRole('alertdialog')
      .getByRole('button', { name: text('draft.discard'), exact: true })
      .click();
    await ada.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('input[name="subject"]')?.value === ''
    );
    expect(await subjectsOf(ada)).not.toContain('Nonsense');
  });
});
