import { dropDown, fieldOf, openCompose, recipientsOf, write } from '../support/browser/compose';
import { arrowTo, focused, pick, press, tabTo, type } from '../support/browser/keyboard';
import { chooseFiles } from '../support/browser/media-library';
import { button, field, openMailboxes, picker, toggle } from '../support/browser/mailboxes';
import { startSite, type Site } from '../support/browser/site';
import { text } from '../support/browser/texts';

describe('with the keyboard alone', () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.stop());

  it('an editor opens Communication, chooses From and Reply-To, writes, sends, and reads the state of the submission', async () => {
    const ada = await site.signIn('ada');
    await ada.open('');
    await press(ada, ada.page.getByRole('link', { name: text('communication.title'), exact: true }), 'Enter');
    await dropDown(ada, 'from').waitFor();
    await pick(ada, dropDown(ada, 'from'), /news@club\.example/);
    await pick(ada, dropDown(ada, 'replyTo'), /info@club\.example/);
    await type(ada, recipientsOf(ada), 'reader@reader.example');
    await type(ada, fieldOf(ada, 'compose.subject'), 'Typed');
    await type(ada, fieldOf(ada, 'compose.text'), 'Without a mouse');
    await press(ada, button(ada, 'compose.send'), 'Enter');
    expect(await site.waitForMail(({ subject }) => subject === 'Typed')).toMatchObject({
      replyTo: '"Club Info" <info@club.example>',
    });
    await ada.page.getByText(text('condition.submitted'), { exact: true }).first().waitFor();
    await ada.close();
  });

  it('Ctrl+Enter in the fields of the mailed code and of a link does not send the message', async () => {
    const ben = await site.signIn('ben');
    const { page } = ben;
    await openCompose(ben);
    await write(ben, { to: 'reader@reader.example', subject: 'Not yet' });
    await page.keyboard.press('Control+K');
    await page.getByRole('textbox', { name: text('editor.link.target'), exact: true }).fill('club.example');
    await page.keyboard.press('Control+Enter');
    await fieldOf(ben, 'compose.text')
      .getByRole('link', { name: /club\.example/ })
      .waitFor();
    await button(ben, 'confirm.send').click();
    await fieldOf(ben, 'confirm.code').fill('WRONG');
    await page.keyboard.press('Control+Enter');
    await page.getByText(text('refusal.CODE_INVALID')).waitFor();
    expect(site.mail().some(({ subject }) => subject === 'Not yet')).toBe(false);
    await ben.close();
  });

  it('Enter in an input moves to the next field, Ctrl+Enter sends, and Back returns to the page before', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await ada.open('plugins/mailboxes/drafts');
    await page.getByRole('heading', { name: text('drafts.title'), level: 1 }).waitFor();
    await page.getByRole('link', { name: text('communication.title'), exact: true }).click();
    await type(ada, recipientsOf(ada), 'reader@reader.example');
    await type(ada, fieldOf(ada, 'compose.subject'), 'On purpose');
    await page.keyboard.press('Enter');
    await focused(ada, fieldOf(ada, 'compose.text'));
    await press(ada, button(ada, 'later.open'), 'Enter');
    await focused(ada, page.locator('input[name="date"]'));
    await page.keyboard.press('Enter');
    await focused(ada, page.locator('input[name="time"]'));
    await page.keyboard.press('Enter');
    await focused(ada, page.getByRole('combobox', { name: text('later.zone') }));
    await press(ada, button(ada, 'later.now-instead'), 'Enter');
    expect(site.mail().some(({ subject }) => subject === 'On purpose')).toBe(false);

    await fieldOf(ada, 'compose.text').focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('Typed to the last letter');
    await page.keyboard.press('Control+Enter');
    expect((await site.waitForMail(({ subject }) => subject === 'On purpose')).text).toMatch(
      /^Typed to the last letter\n/
    );
    await page.goBack();
    await page.getByRole('heading', { name: text('drafts.title'), level: 1 }).waitFor();
    await ada.close();
  });

  it('the focus returns to the form from dialogs, and from elements that are unmounted', async () => {
    const ada = await site.signIn('ada');
    const { page } = ada;
    await openCompose(ada);
    await write(ada, { to: 'reader@reader.example', subject: 'Focus', body: 'It is attached.' });
    const dialog = page.getByRole('dialog');

    for (const close of ['Escape', 'preview.back'] as const) {
      await press(ada, button(ada, 'preview.open'), 'Enter');
      await dialog.locator('iframe').waitFor();
      if (close === 'Escape') await page.keyboard.press(close);
      else await dialog.getByRole('button', { name: text(close) }).press('Enter');
      await focused(ada, button(ada, 'preview.open'));
    }
    await press(ada, button(ada, 'compose.send'), 'Enter');
    await page.getByRole('alertdialog').getByText(text('warning.ATTACHMENT_FORGOTTEN')).waitFor();
    await page.keyboard.press('Escape');
    await focused(ada, button(ada, 'compose.send'));

    const picture = page.getByRole('button', { name: new RegExp(`^${text('editor.picture')}`) });
    for (const opener of [picture, button(ada, 'attachments.add')]) {
      await opener.press('Enter');
      await dialog.getByRole('checkbox').first().waitFor();
      await page.keyboard.press('Escape');
      await focused(ada, opener);
    }
    await button(ada, 'attachments.add').press('Enter');
    await chooseFiles(ada, ['club-logo.png']);
    await focused(ada, button(ada, 'attachments.add'));

    await press(ada, button(ada, 'draft.discard'), 'Enter');
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: text('draft.discard') })
      .press('Enter');
    await focused(ada, recipientsOf(ada));
    await ada.close();
  });

  it('the focus returns to the link when the dialog about unsaved changes is canceled', async () => {
    const carol = await site.signIn('carol');
    const { page } = carol;
    await openMailboxes(carol);
    await press(carol, button(carol, 'list.add'), 'Enter');
    await type(carol, field(carol, 'field.name'), 'Unsaved');
    const link = page.getByRole('link', { name: text('communication.title'), exact: true });
    await press(carol, link, 'Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await focused(carol, link);
    await carol.close();
  });

  it('a site admin adds a mailbox with its own login, tests it, restricts it to an editor, and saves', async () => {
    const carol = await site.signIn('carol');
    const { data } = await carol.request<{ id: string; email: string }[]>('GET', '/mailboxes/mailboxes');
    const events = data.find(({ email }) => email === 'events@club.example');
    await carol.request('DELETE', `/mailboxes/mailboxes/${events?.id}`);

    await openMailboxes(carol);
    await press(carol, button(carol, 'list.add'), 'Enter');
    await type(carol, field(carol, 'field.email'), 'events@club.example');
    await type(carol, field(carol, 'field.name'), 'Events by keyboard');
    await press(carol, toggle(carol, 'authenticated'), 'Space');
    await type(carol, field(carol, 'smtp.host'), site.club.host);
    await tabTo(carol, field(carol, 'smtp.port'));
    await carol.page.keyboard.press('Control+A');
    await carol.page.keyboard.type(String(site.club.port));
    await type(carol, field(carol, 'smtp.username'), 'events@club.example');
    await type(carol, field(carol, 'smtp.password'), 'events-secret');
    await press(carol, button(carol, 'test.run'), 'Enter');
    await carol.page.getByText(text('test.ok'), { exact: true }).waitFor();

    await press(carol, toggle(carol, 'restricted'), 'Space');
    // The answer to the last letter draws the list anew, and the entry that was reached before is left again.
    const found = carol.page.waitForResponse((answer) => /[?&]q=ben%40club(?:&|$)/.test(answer.url()));
    await type(carol, picker(carol, 'access.add-user'), 'ben@club');
    await found;
    await carol.page.getByRole('option', { name: /ben@club\.example/ }).waitFor();
    await arrowTo(carol, 'ben@club.example');
    await carol.page.keyboard.press('Enter');
    await carol.page.getByRole('listitem').filter({ hasText: 'ben@club.example' }).waitFor();
    await press(carol, button(carol, 'edit.save'), 'Enter');
    await carol.page.getByText(text('edit.saved'), { exact: true }).first().waitFor();
    await carol.close();

    const ben = await site.signIn('ben');
    await openCompose(ben);
    await press(ben, dropDown(ben, 'from'), 'Enter');
    await ben.page.getByRole('option', { name: /Events by keyboard/ }).waitFor();
    await ben.close();
  });
});
