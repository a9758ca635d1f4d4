import type { Locator } from 'playwright-core';
import { seriousIn } from '../support/browser/axe';
import { startSite, type Site, type Visitor } from '../support/browser/site';
import { text } from '../support/browser/texts';

const OUTBOX = 'plugins/mailboxes/submissions';

interface Sent {
  id: string;
  state: string;
  recipients: { email: string }[];
}

/** Returns a text with its count filled in. */
const counted = (key: Parameters<typeof text>[0], count: number): string => text(key).replace('{count}', String(count));

describe('the outbox', () => {
  let site: Site;
  let ada: Visitor;
  let news: string;

  const button = (name: string): Locator => ada.page.getByRole('button', { name, exact: true });
  const row = (subject: string): Locator => ada.page.getByRole('link', { name: subject, exact: true });
  const submit = async (subject: string, part: object): Promise<string> => {
    const { data } = await ada.request<Sent>('POST', '/mailboxes/submissions', {
      from: `mailbox:${news}`,
      subject,
      text: 'Hello',
      undoSeconds: 0,
      ...part,
    });
    return data.id;
  };
  const stateOf = async (id: string): Promise<string> =>
    (await ada.request<Sent>('GET', `/mailboxes/submissions/${id}`)).data.state;
  /** Opens the page and waits until its polling shows the condition. */
  const shows = async (id: string, condition: 'condition.failed' | 'condition.partly'): Promise<void> => {
    await ada.open(`${OUTBOX}/${id}`);
    await ada.page.getByText(text(condition), { exact: true }).first().waitFor();
  };

  beforeAll(async () => {
    site = await startSite();
    const carol = await site.signIn('carol');
    const { data } = await carol.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
    news = data.find(({ email }) => email === 'news@club.example')?.id ?? '';
    await carol.close();
    ada = await site.signIn('ada');
  });
  afterAll(() => site?.stop());

  describe('with messages that arrived and messages that failed', () => {
    let partly: string;

    beforeAll(async () => {
      await submit('Spring at the club', { to: ['mia@reader.example'] });
      const failed = [
        await submit('Membership one', { to: ['nobody@reader.example'] }),
        await submit('Membership two', { to: ['nobody@reader.example'] }),
      ];
      partly = await submit('Results', {
        to: ['mia@reader.example', 'nobody@reader.example'],
        cc: ['noah@reader.example'],
        bcc: ['hidden@reader.example'],
      });
      for (const id of failed) await shows(id, 'condition.failed');
      await shows(partly, 'condition.partly');
    });

    it('is filtered by state and recipient, and shows the same to another user with the link', async () => {
      const { page } = ada;
      await ada.open(OUTBOX);
      await row('Spring at the club').waitFor();
      await page.getByRole('combobox', { name: text('submissions.state'), exact: true }).click();
      await page.getByRole('option', { name: text('submission.failed'), exact: true }).click();
      await page.getByRole('option', { name: text('submission.submitted'), exact: true }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox', { name: text('submissions.search') }).fill('nobody@');
      await row('Spring at the club').waitFor({ state: 'detached' });
      await row('Membership one').waitFor();
      await row('Results').waitFor();
      await page.waitForURL(/_q=nobody/);

      const link = page.url();
      await page.goto(`${site.adminUrl}/${OUTBOX}`);
      await row('Spring at the club').waitFor();
      await page.goto(link);
      await row('Membership one').waitFor();
      expect(await row('Spring at the club').count()).toBe(0);

      await button(text('submissions.clear')).first().click();
      await row('Spring at the club').waitFor();
      expect(new URL(page.url()).search).not.toMatch(/state|_q/);
      await page.goBack();
      await row('Spring at the club').waitFor({ state: 'detached' });
      expect(await page.getByRole('searchbox', { name: text('submissions.search') }).inputValue()).toBe('nobody@');
    });

    it.each([
      ['state', 'canceled'],
      // Delimiters of a query string are part of the search text.
      ['_q', 'nobody@&state=failed'],
    ])('says that filters hide everything: %s is %s', async (name, value) => {
      await ada.open(`${OUTBOX}?${new URLSearchParams({ [name]: value })}`);
      await ada.page.getByText(text('submissions.hidden')).waitFor();
    });

    it('shows the last 30 days as a picture with a sentence, and as a table', async () => {
      const { page } = ada;
      await ada.open(OUTBOX);
      const picture = page.getByRole('img', { name: /4 .*30/ });
      await picture.locator('svg').first().waitFor();
      await button(text('submissions.chart.as-table')).click();
      const table = page.getByRole('grid', { name: text('submissions.chart.title'), exact: true });
      await table.getByRole('gridcell', { name: text('submissions.chart.failed'), exact: true }).waitFor();
      const cells = await table.getByRole('row').nth(1).getByRole('gridcell').allInnerTexts();
      expect(cells.slice(1)).toEqual(['2', '0', '0', '2', '0']);

      await button(text('submissions.chart.hide')).click();
      await ada.load(OUTBOX);
      await row('Results').waitFor();
      expect(await picture.count()).toBe(0);
      await button(text('submissions.chart.show')).click();
      await picture.waitFor();
    });

    it('retries each failed submission once, and reports the results', async () => {
      const { page } = ada;
      await ada.open(OUTBOX);
      const asked: string[] = [];
      page.on('request', (request) => {
        if (request.url().endsWith('/retry')) asked.push(request.url());
      });
      await page.getByRole('checkbox', { name: /3/ }).click();
      await button(counted('submissions.bulk.retry', 3)).dblclick();
      await page.getByText(text('submissions.bulk.over').replace('{queued}', '3').replace('{refused}', '0')).waitFor();
      expect(new Set(asked).size).toBe(3);
      expect(asked).toHaveLength(3);
      await shows(partly, 'condition.partly');
    });

    it('sends one to a changed address: there only, and without Cc and Bcc', async () => {
      const { page } = ada;
      await shows(partly, 'condition.partly');
      const before = site.mail().length;
      await button(text('resend.open')).click();
      const to = page.getByRole('dialog').getByRole('textbox', { name: text('compose.to'), exact: true });
      expect(await to.inputValue()).toBe('nobody@reader.example');
      await to.fill('somebody@reader.example');
      await page
        .getByRole('dialog')
        .getByRole('button', { name: text('resend.send'), exact: true })
        .dblclick();
      const mail = await site.waitForMail(({ envelope }) => envelope.to.includes('somebody@reader.example'));
      expect(mail.envelope.to).toEqual(['somebody@reader.example']);
      expect(mail.subject).toBe('Results');
      expect(mail.raw).not.toMatch(/^(?:cc|bcc):|noah@|hidden@/im);
      expect(site.mail()).toHaveLength(before + 1);

      await page.getByRole('link', { name: text('submission.resent-from.open') }).click();
      await page.waitForURL(new RegExp(`${partly}$`));
      await page
        .getByRole('link', { name: text('timeline.resent.open') })
        .first()
        .waitFor();
    });
  });

  describe('with a message that waits for its day', () => {
    it('is moved to another day, and returned to the drafts with all its content', async () => {
      const { page } = ada;
      const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
      const draft = await ada.request<{ id: string }>('POST', '/mailboxes/drafts', { subject: 'For next week' });
      const id = await submit('For next week', {
        to: ['mia@reader.example'],
        sendAt: `${dayIn(7)}T00:30:00Z`,
        sendZone: 'Asia/Tokyo',
        draft: draft.data.id,
      });
      await ada.open(`${OUTBOX}/${id}`);
      await page.getByText(/9:30\sAM \(Asia\/Tokyo\)/).waitFor();
      await button(text('reschedule.open')).click();
      const dialog = page.getByRole('dialog');
      const day = dayIn(3);
      await dialog
        .getByRole('combobox', { name: text('later.zone') })
        .filter({ hasText: 'Asia/Tokyo' })
        .waitFor();
      expect(await dialog.locator('input[name="time"]').inputValue()).toBe('09:30');
      await dialog.locator('input[name="date"]').fill(day);
      await dialog.getByRole('button', { name: text('reschedule.save'), exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText(new RegExp(text('timeline.rescheduled').split('{time}')[0] ?? '')).waitFor();
      const { data } = await ada.request<{ sendAt: string }>('GET', `/mailboxes/submissions/${id}`);
      expect(data.sendAt).toBe(`${day}T00:30:00.000Z`);

      await button(text('action.cancel')).click();
      await button(text('action.cancel.confirm')).click();
      await page.getByText(text('submission.back-in-drafts')).waitFor();
      expect(await stateOf(id)).toBe('canceled');
      await page.getByRole('link', { name: text('action.open-draft') }).click();
      await page.waitForURL(new RegExp(`draft=${draft.data.id}`));
      const back = await ada.request<{ subject: string }>('GET', `/mailboxes/drafts/${draft.data.id}`);
      expect(back.data.subject).toBe('For next week');
      await page
        .getByRole('combobox', { name: text('later.zone') })
        .filter({ hasText: 'Asia/Tokyo' })
        .waitFor();
      expect(await page.locator('input[name="date"]').inputValue()).toBe(day);
      expect(await page.locator('input[name="time"]').inputValue()).toBe('09:30');
    });
  });

  it.each(['light', 'dark'] as const)(
    'has nothing serious for axe in the %s theme, and no error in the console',
    async (theme) => {
      const visitor = await site.signIn('ada', { theme });
      await visitor.open(`${OUTBOX}?period=dates`);
      await visitor.page.getByRole('img', { name: /30/ }).locator('svg').first().waitFor();
      expect(await seriousIn(visitor, theme)).toEqual([]);
      await visitor.page.getByRole('button', { name: text('submissions.chart.as-table'), exact: true }).press('Enter');
      await visitor.page.getByRole('grid', { name: text('submissions.chart.title'), exact: true }).waitFor();
      expect(await seriousIn(visitor, theme)).toEqual([]);
      expect(visitor.complaints()).toEqual([]);
      await visitor.close();
    }
  );

  it('collapses its filters on a narrow screen', async () => {
    const visitor = await site.signIn('ada', { viewport: { width: 390, height: 844 } });
    const { page } = visitor;
    await visitor.open(`${OUTBOX}?state=submitted`);
    const states = page.getByRole('combobox', { name: text('submissions.state'), exact: true });
    const fold = page.getByRole('button', { name: counted('submissions.filters.count', 1), exact: true });
    await fold.waitFor();
    expect(await states.count()).toBe(0);
    await fold.click();
    await states.waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(visitor.complaints()).toEqual([]);
    await visitor.close();
  });

  it('shows the domain of a recipient as it is written, in the list and on the page of the message', async () => {
    const { page } = ada;
    const id = await submit('International', { to: ['mia@bücher.example'] });
    await ada.open(`${OUTBOX}/${id}`);
    await page.getByRole('heading', { name: 'International', level: 1 }).waitFor();
    await page.getByText('mia@bücher.example').first().waitFor();
    await ada.open(OUTBOX);
    await row('International').waitFor();
    await page.getByText('mia@bücher.example').first().waitFor();
    expect(await page.getByText('xn--').count()).toBe(0);
  });

  it('a long subject stays within the card on the home page, with its state beside it', async () => {
    const { page } = ada;
    const subject = `Minutes${' and all that was said'.repeat(10)}`;
    const message = { from: 'system', to: ['reader@reader.example'], subject, text: 'Hello' };
    await ada.request('POST', '/mailboxes/submissions', { ...message, tenant: 'default' });
    await ada.load('');
    const link = page.getByRole('link', { name: subject });
    await link.waitFor();
    const card = page.locator('section').filter({ has: link });
    const { x: left, width } = (await card.boundingBox()) ?? { x: 0, width: 0 };
    for (const row of await card.getByRole('listitem').all()) {
      const box = await row.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(left + width);
    }
  });
});
