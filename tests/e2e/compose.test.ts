import path from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { Locator } from 'playwright-core';
import { chooseFiles } from '../support/browser/media-library';
import {
  choose,
  fieldOf,
  offered,
  openCompose,
  recipientsOf,
  saved,
  send,
  write,
  writeText,
} from '../support/browser/compose';
import { focused } from '../support/browser/keyboard';
import { button } from '../support/browser/mailboxes';
import { startSite, type Site, type Visitor } from '../support/browser/site';
import { text } from '../support/browser/texts';

const LOGO = 'club-logo.png';
const FIXTURES = 'Spielplan Frühjahr.csv';

const chips = ({ page }: Visitor, field: 'to' | 'cc' | 'bcc' = 'to') =>
  page.getByRole('list', { name: new RegExp(`^${text(`compose.${field}`)}: `) });

let site: Site;

/** Parses the received message as a mail program does. */
const arrived = async (subject: string): Promise<ParsedMail & { raw: string; envelopeTo: string[] }> => {
  const { raw, envelope } = await site.waitForMail((mail) => mail.subject === subject);
  return Object.assign(await simpleParser(raw), { raw, envelopeTo: envelope.to });
};

/** Records the requests of the page that change something or carry a message. */
const writesOf = ({ page }: Visitor): string[] => {
  const writes: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() !== 'GET' && pathname.startsWith('/mailboxes/'))
      writes.push(`${request.method()} ${pathname}`);
  });
  return writes;
};

/** Console errors, without those of Strapi's dialog, which aborts its requests. */
const complaints = (visitor: Visitor): string[] =>
  visitor.complaints().filter((line) => !/AbortError|Policy Failed/.test(line));

const paste = ({ page }: Visitor, content: { plain?: string; html?: string }) =>
  page.evaluate(({ plain, html }) => {
    const data = new DataTransfer();
    if (plain !== undefined) data.setData('text/plain', plain);
    if (html !== undefined) data.setData('text/html', html);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    );
  }, content);

/** Drops a file from disk with a real drag event: if the page does not handle it, the browser opens the file instead. */
const dropFile = async ({ page }: Visitor, target: Locator, path: string): Promise<void> => {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error('The drop target is not visible.');
  const devTools = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devTools.send('Input.dispatchDragEvent', {
      type,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      data: { items: [], files: [path], dragOperationsMask: 1 },
    });
  await devTools.detach();
};

/** Returns the editor's HTML without elements and attributes added for display. */
const held = (visitor: Visitor): Promise<string> =>
  fieldOf(visitor, 'compose.text').evaluate((field) => {
    const copy = field.cloneNode(true) as HTMLElement;
    copy.querySelectorAll('.ProseMirror-trailingBreak').forEach((added) => added.remove());
    copy.querySelectorAll('*').forEach((element) => ['class', 'dir'].forEach((name) => element.removeAttribute(name)));
    return copy.innerHTML;
  });

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

describe('recipients', () => {
  it('are pasted as a column of a spreadsheet; invalid ones are marked, kept, and corrected', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await recipientsOf(ada).focus();
    await paste(ada, { plain: 'Ben Baker\tben@club.example\nreader@reader.example\nnot an address@\n' });
    await page.getByText('reader@reader.example').first().waitFor();
    await fieldOf(ada, 'compose.subject').fill('Column');
    await send(ada);
    await page
      .getByText(/not an address@|address@/)
      .first()
      .waitFor();
    expect(site.mail().some(({ subject }) => subject === 'Column')).toBe(false);
    await ada.close();
  });

  it('become chips with a space, and keep position and text when Escape cancels an edit', async () => {
    const ada = await site.signIn('ada', { viewport: { width: 390, height: 844 }, touch: true });
    const { page } = ada;
    const texts = () => page.locator('[data-chip]').allTextContents();
    await openCompose(ada);
    await recipientsOf(ada).pressSequentially('ben@club.example nobody@, reader@reader.example ');
    await chips(ada).getByText('reader@reader.example').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.keyboard.type('.other');
    expect(await texts()).toHaveLength(2);
    await page.keyboard.press('Escape');
    await chips(ada).getByText('ben@club.example', { exact: true }).waitFor();
    expect((await texts()).map((text) => text.split(':')[0])).toEqual([
      'ben@club.example',
      'nobody@',
      'reader@reader.example',
    ]);
    expect(await page.locator('[data-chip="0"]').evaluate((chip) => chip === document.activeElement)).toBe(true);

    await chips(ada).getByText('nobody@', { exact: true }).tap();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[name="to"]')?.value === 'nobody@');
    await page.keyboard.type('reader.example');
    await page.keyboard.press('Enter');
    await chips(ada).getByText('nobody@reader.example').waitFor();
    expect(await texts()).toEqual(['ben@club.example', 'nobody@reader.example', 'reader@reader.example']);

    await button(ada, 'compose.add-cc').click();
    await recipientsOf(ada, 'cc').pressSequentially('Ben@club.example ');
    await page.getByText('Ben@club.example is also in To and gets one message.').waitFor();
    await ada.close();
  });

  it('are suggested to the user who has written to them before, and to no other', async () => {
    const [ada, ben] = [await site.signIn('ada'), await site.signIn('ben')];
    await openCompose(ada);
    await write(ada, { to: 'Greta <greta@reader.example>', subject: 'To Greta' });
    await send(ada);
    await site.waitForMail(({ subject }) => subject === 'To Greta');

    await openCompose(ada);
    await recipientsOf(ada).pressSequentially('gre');
    const option = ada.page.getByRole('option', { name: /greta@reader\.example/ });
    await option.waitFor();
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('Enter');
    await option.waitFor({ state: 'detached' });
    await chips(ada).getByText(/Greta/).waitFor();

    const { data } = await ben.request<unknown[]>('GET', '/mailboxes/recipients?q=gre');
    expect(data).toEqual([]);
    await Promise.all([ada.close(), ben.close()]);
  });
});

describe('the received message', () => {
  it('contains headings, lists, links, a picture, an attachment, and a plain-text part', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await choose(ada, 'from', /news@club\.example/);
    await recipientsOf(ada).fill('reader@reader.example');
    await button(ada, 'compose.add-cc').click();
    await recipientsOf(ada, 'bcc').fill('hidden@reader.example');
    await fieldOf(ada, 'compose.subject').fill('Spring, with everything');
    await writeText(ada, 'Dear members,');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+B');
    await page.keyboard.type('Grüße 🎾');
    await page.keyboard.press('Control+B');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: new RegExp(`^${text('editor.bullets')}`) }).click();
    await page.keyboard.type('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    await page.getByRole('button', { name: new RegExp(`^${text('editor.picture')}`) }).click();
    await chooseFiles(ada, [LOGO]);
    const shown = fieldOf(ada, 'compose.text').locator('img[src*="/uploads/"]');
    // The file of the media library, because Strapi re-encodes uploaded pictures.
    const stored = Buffer.from(await (await fetch((await shown.getAttribute('src')) ?? '')).arrayBuffer());
    // Inline, and the outline of a selected picture encloses all of it.
    expect(await shown.locator('xpath=..').boundingBox()).toEqual(await shown.boundingBox());
    await button(ada, 'attachments.add').click();
    await chooseFiles(ada, [FIXTURES]);
    await page.getByText(FIXTURES, { exact: true }).waitFor();
    await saved(ada);
    await send(ada);

    await page.getByRole('heading', { name: 'Spring, with everything', level: 1 }).waitFor();
    const mail = await arrived('Spring, with everything');
    const html = String(mail.html);
    expect(html).toMatch(/<strong>Grüße 🎾<\/strong>/u);
    expect(html).toMatch(/<ul[^>]*>\s*<li[^>]*>\s*<p[^>]*>one<\/p>/);
    expect(mail.text).toMatch(/Dear members,[^]*Grüße 🎾[^]*\* one[^]*\* two/u);
    expect(mail.text).toContain('Ada Adams');
    const [picture, file] = [
      mail.attachments.find(({ related }) => related),
      mail.attachments.find(({ related }) => !related),
    ];
    expect(picture?.content.equals(stored)).toBe(true);
    expect([file?.filename, file?.content.toString()]).toEqual([
      FIXTURES,
      'Day;Home;Guest\n2027-03-06;The Club;Academy\n',
    ]);
    expect(mail.raw).not.toMatch(/hidden@reader\.example|^bcc:/im);
    expect([...mail.envelopeTo].sort()).toEqual(['hidden@reader.example', 'reader@reader.example']);
    expect(complaints(ada)).toEqual([]);
    await ada.close();
  });

  it('contains the signature of From; a change of From replaces only the signature', async () => {
    const ben = await site.signIn('ben');
    await openCompose(ben);
    const field = fieldOf(ben, 'compose.text');
    await choose(ben, 'from', /press@club\.example/);
    await field.filter({ hasText: 'Press Office of the Club' }).waitFor();
    await write(ben, { to: 'paper@reader.example', subject: 'Signed', body: 'To the press' });
    // Click into the empty space below it.
    const { height = 0 } = (await field.boundingBox()) ?? {};
    await field.click({ position: { x: 40, y: height - 6 } });
    await ben.page.keyboard.type(', with love');
    await choose(ben, 'from', /noreply@site\.example/);
    await field.filter({ hasNotText: 'Press Office of the Club' }).waitFor();
    expect((await field.innerText()).trim()).toMatch(/^To the press\n*, with love$/);
    await choose(ben, 'from', /press@club\.example/);
    await field.filter({ hasText: 'Press Office of the Club' }).waitFor();
    await send(ben);
    const { text: read = '' } = await arrived('Signed');
    expect(read).toMatch(/^To the press\n*, with love\n+Ben Baker\nPress Office of the Club/);
    await ben.close();
  });
});

describe('the signature', () => {
  it('is unchanged by clicks, typing and pasting, and Ctrl+End moves to the end of the text above', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await choose(ada, 'from', /news@club\.example/);
    const field = fieldOf(ada, 'compose.text');
    const signature = field.locator('[data-signature]');
    await signature.waitFor();
    const before = await signature.innerText();
    const above = () => field.locator('> :not([data-signature])').allTextContents();
    await signature.getByText('Ada Adams').click();
    await page.keyboard.type('Dear all');
    expect(await above()).toEqual(['Dear all', '']);
    await signature.getByText('Ada Adams').click();
    await paste(ada, { plain: 'from a text' });
    await paste(ada, { html: '<p class="MsoNormal">, from <b>Word</b></p>' });
    expect(await above()).toEqual(['Dear all', 'from a text, from Word']);

    await field.locator('p').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('!');
    expect(await above()).toEqual(['Dear all', 'from a text, from Word!']);
    await page.keyboard.press('ArrowRight');
    await field.locator('[data-signature].ProseMirror-selectednode').waitFor();
    await paste(ada, { plain: '!' });
    expect(await above()).toEqual(['Dear all', 'from a text, from Word!!']);
    expect(await signature.innerText()).toBe(before);
    await ada.close();
  });
});

describe('From and Reply-To', () => {
  it('name the mailbox that sends a From, and none for a Reply-To', async () => {
    const ada = await site.signIn('ada');
    await openCompose(ada);
    await choose(ada, 'from', /noreply@site\.example/);
    await choose(ada, 'replyTo', /info@club\.example/);
    const sender = text('identity.through-system');
    expect(await ada.page.getByText(sender).allInnerTexts()).toEqual([sender]);
    expect(await offered(ada, 'from')).toContainEqual(
      expect.stringMatching(/<noreply@site\.example>\s+via the system mailbox$/)
    );
    expect(await offered(ada, 'replyTo')).toContain('Club Info <info@club.example>');
    await ada.close();
  });
});

describe('the line below the attachments', () => {
  it('counts files and pictures of the text apart', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    const line = page.getByRole('status').filter({ hasText: / MB/ });
    await writeText(ada, 'Our logo: ');
    await page.getByRole('button', { name: new RegExp(`^${text('editor.picture')}`) }).click();
    await chooseFiles(ada, [LOGO]);
    await fieldOf(ada, 'compose.text').locator('img[src*="/uploads/"]').waitFor();
    await line.filter({ hasText: /^One picture in the text, [\d.]+ kB of / }).waitFor();
    await button(ada, 'attachments.add').click();
    await chooseFiles(ada, [FIXTURES]);
    await line.filter({ hasText: /^One file and one picture in the text, [\d.]+ kB of / }).waitFor();
    await ada.close();
  });

  it('writes a size below a kilobyte in bytes', async () => {
    const ada = await site.signIn('ada');
    await openCompose(ada);
    await button(ada, 'attachments.add').click();
    await chooseFiles(ada, [FIXTURES]);
    await ada.page.getByText(/^One file, \d+ bytes of [\d.]+ MB\.$/).waitFor();
    await ada.close();
  });
});

describe('pasted content', () => {
  const WORD_ITEM = (mark: string, words: string) =>
    `<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">${mark}<span>&nbsp;&nbsp;</span></span>${words}</p>`;
  const WORD_COMMENT =
    '<p class="MsoNormal">Dear <a style="mso-comment-reference:AA_1">members</a><span class="MsoCommentReference">' +
    '<a class="msocomanchor" href="#_msocom_1">[AA1]</a><span style="mso-special-character:comment">&nbsp;</span></span>,</p>' +
    '<div style="mso-element:comment-list"><hr class="msocomoff"><div style="mso-element:comment"><p>Really?</p></div></div>';

  let pasting: Visitor;
  beforeAll(async () => {
    pasting = await site.signIn('ada');
    await openCompose(pasting);
    await choose(pasting, 'from', /noreply@site\.example/);
    await fieldOf(pasting, 'compose.text').locator('[data-signature]').waitFor({ state: 'detached' });
  });
  afterAll(() => pasting.close());

  it.each<[string, { html?: string; plain?: string }, string]>([
    [
      'a table of Word',
      {
        html: '<table><tr><td><p class="MsoNormal">Home</p></td><td><p>Guest</p></td></tr><tr><td><p>Club</p></td><td><p>Academy</p></td></tr></table>',
      },
      '<p>Home Guest</p><p>Club Academy</p>',
    ],
    [
      'a table of Google Docs',
      {
        html: '<table><tbody><tr><td><p dir="ltr"><span>Day</span></p></td><td><div>Hour<br></div></td></tr></tbody></table>',
      },
      '<p>Day Hour</p>',
    ],
    [
      'a list of Word that begins with 3',
      { html: WORD_ITEM('3.', 'Three') + WORD_ITEM('4.', 'Four') },
      '<ol start="3"><li><p>Three</p></li><li><p>Four</p></li></ol><p></p>',
    ],
    ['a text of Word without its comments', { html: WORD_COMMENT }, '<p>Dear members,</p>'],
    ['a text without the settings of Office', { html: '<xml><w:View>Normal</w:View></xml><p>x</p>' }, '<p>x</p>'],
    [
      'a text without what is hidden in it',
      {
        html: '<div style="display:none">a</div><p>x<span style="mso-hide:all">b</span><span style="visibility:hidden">c</span></p><p hidden>d</p>',
      },
      '<p>x</p>',
    ],
    [
      'lines of Gmail',
      {
        html: '<div dir="ltr">Dear all,<div><br></div><div>Club</div><div>Street 1</div><div><br></div><div><br></div><div>Ada</div></div>',
      },
      '<p>Dear all,</p><p>Club<br>Street 1</p><p></p><p>Ada</p>',
    ],
    [
      'paragraphs of Google Docs',
      { html: '<b style="font-weight:normal"><p dir="ltr">One</p><br><p dir="ltr">Two</p></b>' },
      '<p>One</p><p></p><p>Two</p>',
    ],
    [
      'plain text',
      { plain: 'Dear all,\r\n\r\nClub\r\nStreet 1\r\n\r\n\r\nAda' },
      '<p>Dear all,</p><p>Club<br>Street 1</p><p></p><p>Ada</p>',
    ],
    [
      'addresses in a text of Word',
      { html: '<p class="MsoNormal">See www.club.example or <a href="www.club.example/b">here</a>.</p>' },
      '<p>See <a href="https://www.club.example">www.club.example</a> or <a href="https://www.club.example/b">here</a>.</p>',
    ],
    [
      'addresses in plain text',
      { plain: 'See www.club.example, or ask news@club.example.' },
      '<p>See <a href="https://www.club.example">www.club.example</a>, or ask <a href="mailto:news@club.example">news@club.example</a>.</p>',
    ],
  ])('arrives whole in the text: %s', async (_what, content, expected) => {
    const { page } = pasting;
    await fieldOf(pasting, 'compose.text').focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await paste(pasting, content);
    expect(await held(pasting)).toBe(expected);
  });

  it('is sent with the direction of its first letter', async () => {
    const { page } = pasting;
    await write(pasting, { to: 'reader@reader.example', subject: 'Both directions', body: '' });
    await page.keyboard.press('Control+A');
    await paste(pasting, { html: '<p>\u05e9\u05dc\u05d5\u05dd</p><ul><li>\u05d0\u05d7\u05ea</li></ul><p>Hello</p>' });
    await saved(pasting);
    await send(pasting);
    const mail = await arrived('Both directions');
    expect(String(mail.html).replace(/ style="[^"]*"/g, '')).toContain(
      '<p dir="auto">\u05e9\u05dc\u05d5\u05dd</p><ul dir="auto"><li><p>\u05d0\u05d7\u05ea</p></li></ul><p dir="auto">Hello</p>'
    );
  });
});

describe('a dropped file', () => {
  it('does not replace the page, and shows where to attach it', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    const address = page.url();
    await dropFile(ada, fieldOf(ada, 'compose.text'), path.resolve(__dirname, '../../package.json'));
    await page.locator('[role="status"]').getByText(text('attachments.dropped')).waitFor();
    await dropFile(ada, fieldOf(ada, 'compose.text'), path.resolve(__dirname, '../../docs/logo.png'));
    await page.locator('[role="status"]').getByText(text('editor.pictures-elsewhere')).waitFor();
    await page.getByText(text('attachments.dropped')).waitFor({ state: 'detached' });
    await dropFile(ada, button(ada, 'attachments.add'), path.resolve(__dirname, '../../package.json'));
    await page.getByText(text('attachments.dropped')).waitFor();
    expect([page.url(), page.context().pages().length]).toEqual([address, 1]);
    await ada.close();
  });
});

describe('before sending', () => {
  it('the preview shows the message as it will arrive, in a sandboxed frame, with its warnings', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await choose(ada, 'from', /news@club\.example/);
    await recipientsOf(ada).fill('reader@reader.example, nobody@,');
    await writeText(ada, 'You find the list attached.');
    await page.getByRole('button', { name: new RegExp(`^${text('editor.picture')}`) }).click();
    await chooseFiles(ada, [LOGO]);
    await fieldOf(ada, 'compose.text').locator('img[src*="/uploads/"]').waitFor();
    await button(ada, 'preview.open').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^One address is invalid\./).waitFor();
    await dialog.getByText(text('warning.NO_SUBJECT')).waitFor();
    await dialog.getByText(text('warning.ATTACHMENT_FORGOTTEN')).waitFor();
    await dialog.getByText(/Club News <news@club\.example>/).waitFor();
    const frame = dialog.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    await frame.contentFrame().getByText('You find the list attached.').waitFor();
    await frame.contentFrame().locator('img[src^="data:image/png"]').waitFor();
    await dialog.getByRole('button', { name: text('preview.phone') }).click();
    expect((await frame.boundingBox())?.width).toBeLessThan(400);
    await dialog.getByRole('button', { name: text('preview.text'), exact: true }).click();
    await dialog.getByText('You find the list attached.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(complaints(ada)).toEqual([]);
    await ada.close();
  });

  it('the preview ignores the late answer to an earlier request', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'First wording' });
    let letThrough = () => undefined as void;
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    let asked = 0;
    await page.route('**/mailboxes/submissions/preview', async (route) => {
      asked += 1;
      if (asked === 1) await held;
      await route.continue();
    });
    const dialog = page.getByRole('dialog');
    await button(ada, 'preview.open').click();
    await dialog.getByText(text('preview.loading')).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await fieldOf(ada, 'compose.subject').fill('Second wording');
    await button(ada, 'preview.open').click();
    await dialog.getByText('Second wording').waitFor();
    const late = page.waitForResponse('**/mailboxes/submissions/preview');
    letThrough();
    await (await late).finished();
    await dialog.getByRole('button', { name: text('preview.text'), exact: true }).click();
    await dialog.getByText('Hello').waitFor();
    expect(await dialog.getByText(/wording/).allInnerTexts()).toEqual(['Second wording']);
    await ada.close();
  });

  it('a saved message is transferred once, and a changed one also as the draft that Undo restores', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Transferred once' });
    await saved(ada);
    const writes = writesOf(ada);
    await send(ada);
    await site.waitForMail(({ subject }) => subject === 'Transferred once');
    expect(writes).toEqual(['POST /mailboxes/submissions']);

    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'To be changed' });
    await saved(ada);
    const id = new URL(page.url()).searchParams.get('draft');
    writes.length = 0;
    await fieldOf(ada, 'compose.subject').fill('Changed');
    await send(ada);
    await site.waitForMail(({ subject }) => subject === 'Changed');
    expect(writes).toEqual([`PUT /mailboxes/drafts/${id}`, 'POST /mailboxes/submissions']);
    await ada.close();
  });

  it('warnings must be confirmed once, each by another request with the message', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Programme', body: 'Please find it attached.' });
    await saved(ada);
    const writes = writesOf(ada);
    await send(ada);
    const question = page.getByRole('alertdialog');
    await question.getByText(text('warning.ATTACHMENT_FORGOTTEN')).waitFor();
    await question.getByRole('button', { name: text('ask.back') }).click();
    expect(site.mail().some(({ subject }) => subject === 'Programme')).toBe(false);
    await send(ada);
    await question.getByRole('button', { name: text('ask.send') }).click();
    await site.waitForMail(({ subject }) => subject === 'Programme');
    expect(writes).toEqual(Array.from({ length: 3 }, () => 'POST /mailboxes/submissions'));
    await ada.close();
  });

  it('a warning that arises after the others were confirmed is shown alone, and must be confirmed too', async () => {
    const [ada, carol] = [await site.signIn('ada'), await site.signIn('carol')];
    const { page } = ada;
    const late = { email: 'late@club.example', name: 'Late' };
    const { data } = await carol.request<{ id: string }>('POST', '/mailboxes/mailboxes', late);
    await openCompose(ada);
    await choose(ada, 'from', /late@club\.example/);
    await write(ada, { to: 'reader@reader.example', subject: 'Two questions', body: 'Please find it attached.' });
    await send(ada);
    const question = page.getByRole('alertdialog');
    await question.getByText(text('warning.ATTACHMENT_FORGOTTEN')).waitFor();
    const smtp = { host: 'mail.club.example', port: 587, encryption: 'starttls', auth: 'password' };
    await carol.request('PUT', `/mailboxes/mailboxes/${data.id}`, { authenticated: true, smtp });
    await question.getByRole('button', { name: text('ask.send') }).click();
    await question.getByText(/^The mailbox is paused: /).waitFor();
    expect(await question.getByText(text('warning.ATTACHMENT_FORGOTTEN')).count()).toBe(0);
    await question.getByRole('button', { name: text('ask.send') }).click();
    await page.getByRole('heading', { name: 'Two questions', level: 1 }).waitFor();
    await Promise.all([ada.close(), carol.close()]);
  });

  it('requires confirmation of a paused From, and queues the message until its mailbox resumes', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await choose(ada, 'from', /events@club\.example/);
    await write(ada, { to: 'reader@reader.example', subject: 'Summer party' });
    await send(ada);
    const question = page.getByRole('alertdialog');
    const warning = question.getByText('The mailbox is paused: the message waits until its password is entered.');
    await warning.waitFor();
    await question.getByRole('button', { name: text('ask.back') }).click();
    await question.waitFor({ state: 'detached' });
    const { data } = await ada.request<{ subject: string }[]>('GET', '/mailboxes/submissions');
    expect(data.map(({ subject }) => subject)).not.toContain('Summer party');
    await send(ada);
    await warning.waitFor();
    await question.getByRole('button', { name: text('ask.send') }).click();
    await page.getByRole('heading', { name: 'Summer party', level: 1 }).waitFor();
    await page.getByText(text('condition.resting'), { exact: true }).first().waitFor();
    await ada.close();
  });
});

describe('a scheduled time', () => {
  it('is refused when clocks skip it, and otherwise shown in words in the chosen zone', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await choose(ada, 'from', /noreply@site\.example/);
    await write(ada, { to: 'reader@reader.example', subject: 'On that day' });
    await button(ada, 'later.open').click();
    await page.locator('input[name="date"]').fill('2027-03-28');
    await page.locator('input[name="time"]').fill('02:30');
    const zone = page.getByRole('combobox', { name: text('later.zone') });
    await zone.click();
    await page.getByRole('option', { name: 'Europe/Berlin', exact: true }).click();
    await button(ada, 'later.schedule').click();
    await page.getByText(text('later.problem.gap')).waitFor();
    await page.locator('input[name="time"]').fill('03:30');
    await page.getByText(/Will be sent on Sunday, March 28, 2027 at 3:30/).waitFor();
    await button(ada, 'later.schedule').click();
    await page.waitForURL(/submissions\/\w+/);
    const id = /submissions\/(\w+)/.exec(page.url())?.[1] ?? '';
    const { data } = await ada.request<object>('GET', `/mailboxes/submissions/${id}`);
    expect(data).toMatchObject({ state: 'held', sendAt: '2027-03-28T01:30:00.000Z', sendZone: 'Europe/Berlin' });
    await ada.close();
  });
});

describe('in the undo window', () => {
  beforeAll(async () => {
    await site.stop();
    // The default of 10 s, which is long enough on a busy machine.
    site = await startSite({ undoSeconds: 10 });
  });

  it('Undo restores the whole draft, from a page of another plugin too', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Too early', body: 'Not finished' });
    await button(ada, 'attachments.add').click();
    await chooseFiles(ada, [LOGO]);
    await saved(ada);
    const address = page.url();
    await send(ada);
    await page.getByRole('link', { name: 'Media Library' }).click();
    await page.waitForURL(/plugins\/upload/);
    await page
      .getByRole('status')
      .getByRole('button', { name: text('undo'), exact: true })
      .click();
    await page.waitForURL(address);
    await focused(ada, fieldOf(ada, 'compose.subject'));
    await page.getByText(LOGO, { exact: true }).waitFor();
    await fieldOf(ada, 'compose.text').filter({ hasText: 'Not finished' }).waitFor();
    await chips(ada).getByText('reader@reader.example').waitFor();
    expect(site.mail().some(({ subject }) => subject === 'Too early')).toBe(false);
    await ada.close();
  });

  it('a file deleted after sending is still part of the message', async () => {
    const [ada, root] = [await site.signIn('ada'), await site.signIn('root')];
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'A snapshot' });
    await button(ada, 'attachments.add').click();
    await chooseFiles(ada, [FIXTURES]);
    await saved(ada);
    const id = new URL(ada.page.url()).searchParams.get('draft');
    const { data } = await ada.request<{ attachments: { file: number }[] }>('GET', `/mailboxes/drafts/${id}`);
    await send(ada);
    await ada.page.getByText(text('undo.text')).waitFor();
    const deleted = await root.request('DELETE', `/upload/files/${data.attachments[0]?.file}`);
    expect(deleted.status).toBe(200);
    await root.close();
    const mail = await arrived('A snapshot');
    expect(mail.attachments[0]?.content.toString()).toContain('The Club;Academy');
    await ada.close();
  });
});
