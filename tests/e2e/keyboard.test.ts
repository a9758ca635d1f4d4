import { dropDown, fieldOf, openCompose, recipientsOf } from '../support/browser/compose';
import { arrowTo, pick, press, tabTo, type } from '../support/browser/keyboard';
import { button, field, openMailboxes, picker, toggle } from '../support/browser/mailboxes';
import { startSite, type Site } from '../support/browser/site';
import { text } from '../support/browser/texts';

describe('with the keyboard alone', () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.stop());

  it('an editor opens Communication, chooses From and Reply-To, writes, sends, and reads what became of it', async () => {
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
    await type(carol, picker(carol, 'access.add-user'), 'ben@club');
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
