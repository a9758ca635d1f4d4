import supertest from 'supertest';
import destroy from '../../server/src/destroy';
import { bootForDelivery, bootToAccept, send, submit } from '../support/outbox';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import type { App } from '../support/strapi';

describe("a process with delivery.role 'deliver'", () => {
  let app: App;
  let server: MailServer;

  beforeAll(async () => {
    server = await startMailServer({ tls: 'none' });
    app = await bootForDelivery({ systemPort: server.port, config: { delivery: { role: 'deliver' } } });
  });

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  const get = (url: string) => supertest(app.strapi.server.httpServer).get(url);

  it('delivers', async () => {
    expect(await send(app, 'system')).toMatchObject({ state: 'submitted' });
  });

  it.each(['/', '/admin', '/admin/init', '/api/mailboxes/submissions', '/mailboxes/overview', '/_health/more'])(
    'serves no page and no API: %s',
    async (url) => {
      const { status, text } = await get(url);
      expect([status, text]).toEqual([
        503,
        "This process only delivers mail (delivery.role is 'deliver'); it serves no page and no API.\n",
      ]);
    }
  );

  it.each(['/_health', '/_ready', '/_ready?from=probe'])('answers %s while it runs', async (url) => {
    expect((await get(url)).status).toBe(204);
  });

  it('is alive, and not ready, once delivery has stopped', async () => {
    await destroy(app);
    expect((await get('/_health')).status).toBe(204);
    const { status, text } = await get('/_ready');
    expect([status, text]).toEqual([503, 'Delivery is not running.\n']);
  });
});

describe("a process with delivery.role 'accept'", () => {
  let app: App;

  beforeAll(async () => {
    app = await bootToAccept();
  });

  afterAll(() => app.stop());

  it('serves its routes, and leaves submissions to other processes', async () => {
    const person = await app.superAdmin();
    const { id, actor } = await submit(app, 'system');
    expect((await app.as(person).get('/overview')).status).toBe(200);
    expect(await app.service('submissions').get(id, { actor })).toMatchObject({ state: 'queued' });
  });
});
