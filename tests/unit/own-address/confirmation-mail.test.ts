import { readFileSync } from 'node:fs';
import path from 'node:path';
import { confirmationMail, siteOf } from '../../../server/src/own-address/confirmation-mail';

const site = (serverUrl: unknown, adminUrl: unknown, systemName: string | null = 'The Club') =>
  siteOf({ serverUrl, adminUrl, systemName });

describe('the site in the confirmation of an own address', () => {
  it('has the host of server.url and the page below admin.url', () => {
    expect(site('https://club.example', 'https://club.example/admin')).toEqual({
      name: 'club.example',
      page: 'https://club.example/admin/plugins/mailboxes',
    });
    expect(site('https://club.example:8443/cms', 'https://panel.club.example/')).toEqual({
      name: 'club.example:8443',
      page: 'https://panel.club.example/plugins/mailboxes',
    });
  });

  it('has the name of the system mailbox without server.url, then the host of the panel', () => {
    const page = 'http://localhost:1337/admin/plugins/mailboxes';
    expect(site('', 'http://localhost:1337/admin')).toEqual({ name: 'The Club', page });
    expect(site('', 'http://localhost:1337/admin', null)).toEqual({ name: 'localhost:1337', page });
  });

  it('has no page without an absolute URL', () => {
    expect(site('/cms', '/cms/admin')).toEqual({ name: 'The Club', page: null });
    expect(site(undefined, undefined, null)).toEqual({ name: null, page: null });
    expect(site('javascript:alert(1)', 'ftp://club.example/admin', null)).toEqual({ name: null, page: null });
  });

  it('omits the login of a URL', () => {
    expect(site('https://user:secret@club.example', 'https://user:secret@club.example/admin?x#y')).toEqual({
      name: 'club.example',
      page: 'https://club.example/admin/plugins/mailboxes',
    });
  });
});

describe('the confirmation of an own address', () => {
  it('omits name and link if unknown', () => {
    const nothing = { name: null, page: null };
    expect(confirmationMail({ language: null, site: nothing, code: 'ABCD2345' })).toEqual({
      subject: 'Confirm your address',
      text: [
        'A user of the admin panel wants to send mail from this address.',
        'If that is you, enter this code on the page Communication:',
        '',
        'ABCD2345',
        '',
        'The code is valid for 24 hours. If you did not ask for it, ignore this mail.',
      ].join('\r\n'),
    });
    expect(confirmationMail({ language: 'de', site: nothing, code: 'ABCD2345' })).toEqual({
      subject: 'Bestätigen Sie Ihre Adresse',
      text: [
        'Ein Benutzer der Verwaltung möchte von dieser Adresse E-Mails senden.',
        'Wenn Sie das sind, geben Sie diesen Code auf der Seite „Kommunikation“ ein:',
        '',
        'ABCD2345',
        '',
        'Der Code gilt 24 Stunden. Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese E-Mail.',
      ].join('\r\n'),
    });
  });

  it.each(['en', 'de'])('names the page as the panel does: %s', (language) => {
    const file = path.resolve(__dirname, `../../../admin/src/translations/menu.${language}.json`);
    const { 'communication.title': title } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const { text } = confirmationMail({ language, site: { name: null, page: null }, code: 'ABCD2345' });
    expect(text).toContain(title);
  });
});
