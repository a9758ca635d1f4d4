import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import supertest from 'supertest';
import { forgetfulVisitor } from '../support/content-api';
import { emailService, guardedSite, SYSTEM, type GuardedSite } from '../support/guard';

type Options = Record<string, unknown>;
type Received = { to: string; from: string; subject: string; text: string };

/** A provider as those of mail services are: it posts what it is given to an HTTP API. */
const MODULE = `
  module.exports = {
    init: ({ url }) => ({
      async send(options) {
        const answer = await fetch(url, { method: 'POST', body: JSON.stringify(options) });
        if (!answer.ok) throw new Error('the mail service answered ' + answer.status);
      },
    }),
  };`;

const FACTORY = 'no-reply@strapi.io';

interface MailService {
  url: string;
  received: Options[];
  close: () => Promise<void>;
}

const startMailService = async (): Promise<MailService> => {
  const received: Options[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const options = JSON.parse(body) as Options;
      received.push(options);
      if (options.subject === 'cut off') request.socket.destroy();
      else response.writeHead(options.subject === 'too many' ? 429 : 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const addressIn = (mailbox: unknown): string => /[^<\s]+@[^>\s]+/.exec(String(mailbox))?.[0] ?? '';

const MODES = ['off', 'report', 'enforce'] as const;

describe.each(MODES)("Strapi's own mail features, guard %s", (mode) => {
  describe.each(['@strapi/provider-email-nodemailer', 'a provider over HTTP'])('over %s', (provider) => {
    let site: GuardedSite;
    let service: MailService;
    let folder: string;

    beforeAll(async () => {
      service = await startMailService();
      // Strapi lower-cases the path of a provider.
      folder = path.join(os.tmpdir(), `mailboxes-http-${randomBytes(6).toString('hex')}`);
      await mkdir(folder);
      await writeFile(path.join(folder, 'index.js'), MODULE);
      site = await guardedSite(mode, {
        usersPermissions: true,
        ...(provider === 'a provider over HTTP'
          ? {
              email: {
                provider: path.join(folder, 'index.js'),
                providerOptions: { url: service.url },
                settings: { defaultFrom: `Site <${SYSTEM}>` },
              },
            }
          : {}),
      });
    });

    afterAll(async () => {
      await site.stop();
      await service.close();
      await rm(folder, { recursive: true });
    });

    const received = async (): Promise<Received | undefined> => {
      if (provider === 'a provider over HTTP') {
        const { to, from = SYSTEM, subject, text } = service.received.at(-1) ?? {};
        return { to: String(to), from: addressIn(from), subject: String(subject), text: String(text) };
      }
      const { raw, envelope } = site.strapiServer.accepted.at(-1) ?? {};
      if (!raw || !envelope) return undefined;
      const mail = await simpleParser(raw);
      return {
        to: envelope.to.join(),
        from: mail.from?.value[0]?.address ?? '',
        subject: mail.subject ?? '',
        text: mail.text ?? '',
      };
    };
    /** From of mail in Strapi's factory name: unchanged, or replaced by the site's. */
    const factoryBecomes = mode === 'enforce' ? SYSTEM : FACTORY;
    const http = () => supertest(site.app.strapi.server.httpServer);

    it('an admin who forgot the password receives the link', async () => {
      // Strapi counts requests for an address, in this process.
      const { email } = await site.app.person({ email: `admin-${mode}-${provider.length}@site.example` });
      expect((await http().post('/admin/forgot-password').send({ email })).status).toBe(204);
      await until(async () => (await received())?.to === email);
      expect(await received()).toMatchObject({
        to: email,
        from: SYSTEM,
        text: expect.stringContaining('/auth/reset-password?code='),
      });
    });

    it('a user of the content API who forgot the password gets it from the factory template', async () => {
      await forgetfulVisitor(site.app);
      const answer = await http().post('/api/auth/forgot-password').send({ email: 'cat@reader.example' });
      expect([answer.status, answer.body]).toEqual([200, { ok: true }]);
      expect(await received()).toMatchObject({
        to: 'cat@reader.example',
        from: factoryBecomes,
        subject: expect.stringContaining('Reset password'),
        text: expect.stringContaining('?code='),
      });
    });

    it('a new user of the content API gets the confirmation from the factory template', async () => {
      const users = site.app.strapi.plugin('users-permissions').service('user') as {
        sendConfirmationEmail: (user: unknown) => Promise<void>;
      };
      const user = await site.app.strapi.db
        .query('plugin::users-permissions.user')
        .findOne({ where: { email: 'cat@reader.example' } });
      await users.sendConfirmationEmail(user);
      expect(await received()).toMatchObject({
        to: 'cat@reader.example',
        from: factoryBecomes,
        text: expect.stringContaining('confirmation='),
      });
    });

    it("the test mail of Strapi's settings page arrives", async () => {
      const admin = await site.app.superAdmin();
      const answer = await http()
        .post('/email/test')
        .set('Authorization', `Bearer ${admin.token}`)
        .send({ to: 'test@site.example' });
      expect(answer.status).toBe(200);
      expect(await received()).toMatchObject({ to: 'test@site.example', from: SYSTEM });
    });

    it('a template is filled in', async () => {
      await emailService(site.app).sendTemplatedEmail(
        { to: 'ada@reader.example' },
        { subject: 'Hello <%= user.name %>', text: 'Dear <%= user.name %>', html: '<p>Dear <%= user.name %></p>' },
        { user: { name: 'Ada' } }
      );
      expect(await received()).toMatchObject({ subject: 'Hello Ada', text: expect.stringContaining('Dear Ada') });
    });

    if (mode === 'enforce' && provider === 'a provider over HTTP')
      it.each([
        ['cut off', 'nobody knows'],
        ['too many', 'nobody knows'],
      ])('the provider is called once, and an unclear reply ends as UNCERTAIN: %s', async (subject) => {
        const before = service.received.length;
        await expect(
          emailService(site.app).send({ to: 'ada@reader.example', subject, text: 'Hello' })
        ).rejects.toMatchObject({ details: { code: 'UNCERTAIN' } });
        expect(service.received.length).toBe(before + 1);
      });
  });
});

/** Strapi answers before the admin's mail is out. */
const until = async (looked: () => Promise<boolean>): Promise<void> => {
  while (!(await looked())) await new Promise((resolve) => setImmediate(resolve));
};
