import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { EVENT_EXAMPLES, EVENT_NAMES, type EventName } from '../../server/src/contracts/events';
import { mailboxAt, PASSWORD, send, submit } from '../support/outbox';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { boot, OPERATOR, type App, type Person } from '../support/strapi';

jest.setTimeout(60_000);

const PATIENCE_MS = 20_000;

/*
 * Events (contract): after the commit, and with ids, states and codes only. These canaries are the data of a person, a
 * message and a server, which no event may contain.
 */
const SECRETS = {
  recipient: 'reader-canary@reader.example',
  subject: 'Subject canary',
  text: 'Text canary',
  name: 'Name canary',
  reply: 'Reply canary',
  password: PASSWORD,
};

type Payload = Record<string, unknown>;

let app: App;
let server: ScriptedServer;
let root: Person;
let ada: Person;
let seen: { event: string; payload: Payload }[];

beforeAll(async () => {
  server = await startScriptedServer();
  app = await boot({
    config: {
      mailboxLimit: 1000,
      systemActors: { robot: { mailboxes: 'all' } },
      network: { allow: ['127.0.0.1'] },
      system: { from: { name: SECRETS.name, email: 'system@site.example' } },
    },
  });
  root = await app.superAdmin();
  ada = await app.person({ firstname: SECRETS.name });
  app.strapi.eventHub.subscribe(async (event: string, payload: Payload) => {
    if (event.startsWith('mailboxes.')) seen.push({ event, payload });
  });
});

beforeEach(() => {
  seen = [];
  server.play({});
});

afterAll(async () => {
  await app.stop();
  await server.close();
});

const by = { actor: OPERATOR };
const letter = { to: [SECRETS.recipient], subject: SECRETS.subject, text: SECRETS.text };
const mailbox = (differs: Record<string, unknown> = {}, smtp = {}) =>
  mailboxAt(app, server.port, smtp, { name: SECRETS.name, ...differs });
const later = (id: string) =>
  submit(app, `mailbox:${id}`, { ...letter, sendAt: new Date(Date.now() + 3_600_000).toISOString() });
const withoutPassword = (smtp: Record<string, unknown>) => ({
  smtp: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'password', username: 'news', ...smtp },
});

/** Polls until `look` returns a value. */
const when = async <T>(look: () => T | undefined): Promise<T> => {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`only ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Waits for the first event of this name. @returns its payload */
const payloadOf = async (event: EventName): Promise<Payload> =>
  (await when(() => seen.find((other) => other.event === event))).payload;

/** Raises each event. @returns its expected payload */
const CAUSES: Record<EventName, () => Promise<Payload>> = {
  'mailboxes.submission.accepted': async () => {
    const { id, tenant } = await later(await mailbox());
    return { id, tenant, state: 'held', code: null };
  },
  'mailboxes.submission.submitted': async () => {
    const { id, tenant } = await send(app, `mailbox:${await mailbox()}`, letter);
    return { id, tenant, state: 'submitted', code: null };
  },
  'mailboxes.submission.failed': async () => {
    server.play({ replies: { rcpt: `550 5.1.1 ${SECRETS.reply}` } });
    const { id, tenant } = await send(app, `mailbox:${await mailbox()}`, letter);
    return { id, tenant, state: 'failed', code: 'RECIPIENTS_REJECTED' };
  },
  'mailboxes.submission.uncertain': async () => {
    server.play({ replies: { dot: { drop: true } } });
    const { id, tenant } = await send(app, `mailbox:${await mailbox()}`, letter);
    return { id, tenant, state: 'uncertain', code: 'UNCERTAIN' };
  },
  'mailboxes.submission.canceled': async () => {
    const { id, tenant, actor } = await later(await mailbox());
    await app.service('submissions').cancel(id, { actor });
    return { id, tenant, state: 'canceled', code: null };
  },
  'mailboxes.mailbox.paused': async () => {
    server.play({ replies: { auth: `535 5.7.8 ${SECRETS.reply}` } });
    const id = await mailbox({}, { auth: 'password' });
    await submit(app, `mailbox:${id}`, letter);
    return { id, code: 'AUTH_FAILED' };
  },
  'mailboxes.mailbox.recovered': async () => {
    const id = await mailbox(withoutPassword({}));
    await app.service('mailboxes').update(id, withoutPassword({ password: SECRETS.password }), by);
    return { id };
  },
  'mailboxes.grant.created': async () => {
    const id = await mailbox({ restricted: true });
    const grant = await app.service('grants').create({ mailbox: id, user: ada.id }, by);
    return { id: grant.id, mailbox: id, user: ada.id, role: null };
  },
  'mailboxes.grant.deleted': async () => {
    const id = await mailbox({ restricted: true });
    const grant = await app.service('grants').create({ mailbox: id, user: ada.id }, by);
    await app.service('grants').delete(grant.id, by);
    return { id: grant.id, mailbox: id, user: ada.id, role: null };
  },
};

const leaks = (text: string): string[] =>
  [...Object.values(SECRETS), ada.email, '@', 'example', '127.0.0.1'].filter((word) => text.includes(word));

describe('an event', () => {
  it.each(EVENT_NAMES)(
    '%s says ids, states and codes, and nothing of a person, a message or a server',
    async (event) => {
      const expected = await CAUSES[event]();
      const payload = await payloadOf(event);
      expect(payload).toEqual(expected);
      expect(Object.keys(payload).sort()).toEqual(Object.keys(EVENT_EXAMPLES[event]).sort());
      for (const value of Object.values(payload))
        expect(value === null || typeof value === 'number' || /^[A-Za-z0-9_]{1,40}$/.test(String(value))).toBe(true);
      expect(leaks(JSON.stringify(seen))).toEqual([]);
    }
  );

  it('of a state is emitted after that state is stored', async () => {
    const looked: [string, unknown][] = [];
    const stop = app.strapi.eventHub.subscribe(async (event: string, { id, state }: Payload) => {
      if (!event.startsWith('mailboxes.submission.') || event.endsWith('accepted')) return;
      const [row] = await app.strapi.db.connection('mailboxes_submissions').where({ id }).select('state');
      looked.push([String(state), row?.state]);
    });
    for (const event of ['submitted', 'failed', 'uncertain', 'canceled'] as const) {
      await CAUSES[`mailboxes.submission.${event}`]();
      await payloadOf(`mailboxes.submission.${event}`);
      await when(() => looked.find(([state]) => state === event));
    }
    stop();
    expect(looked.map(([told_, stored]) => told_ === stored)).toEqual([true, true, true, true]);
  });

  /** Verbs that other code may call inside its own transaction. */
  const VERBS: [EventName, () => Promise<() => Promise<unknown>>][] = [
    [
      'mailboxes.submission.accepted',
      async () => {
        const id = await mailbox();
        return () => later(id);
      },
    ],
    [
      'mailboxes.submission.canceled',
      async () => {
        const { id, actor } = await later(await mailbox());
        return () => app.service('submissions').cancel(id, { actor });
      },
    ],
    [
      'mailboxes.submission.canceled',
      async () => {
        const id = await mailbox();
        await later(id);
        return () => app.service('mailboxes').delete(id, { ...by, cancelUnfinished: true });
      },
    ],
    ['mailboxes.mailbox.paused', async () => () => mailbox(withoutPassword({}))],
    [
      'mailboxes.mailbox.recovered',
      async () => {
        const id = await mailbox(withoutPassword({}));
        return () => app.service('mailboxes').update(id, withoutPassword({ password: SECRETS.password }), by);
      },
    ],
    [
      'mailboxes.grant.created',
      async () => {
        const id = await mailbox({ restricted: true });
        return () => app.service('grants').create({ mailbox: id, user: ada.id }, by);
      },
    ],
    [
      'mailboxes.grant.deleted',
      async () => {
        const id = await mailbox({ restricted: true });
        const grant = await app.service('grants').create({ mailbox: id, user: ada.id }, by);
        return () => app.service('grants').delete(grant.id, by);
      },
    ],
    [
      'mailboxes.grant.deleted',
      async () => {
        const id = await mailbox({ restricted: true });
        await app.service('grants').create({ mailbox: id, user: ada.id }, by);
        return () => app.service('mailboxes').delete(id, by);
      },
    ],
  ];

  it.each(VERBS)(
    '%s waits for the commit of the caller, and is never emitted after a rollback',
    async (event, prepare) => {
      const count = () => seen.filter((other) => other.event === event).length;
      const undone = await prepare();
      const before = count();
      const failing = app.strapi.db.transaction(async () => {
        await undone();
        throw new Error('the caller changes its mind');
      });
      await expect(failing).rejects.toThrow('changes its mind');
      const verb = await prepare();
      const between = count();
      await app.strapi.db.transaction(async () => {
        await verb();
        expect(count()).toBe(between);
      });
      await when(() => (count() > between ? true : undefined));
      expect([between - before, count() - between]).toEqual([0, 1]);
    }
  );

  it.each([
    ['user', async () => (await app.person()).id],
    ['role', () => app.role([])],
  ] as const)('reports a grant that was deleted with its %s', async (kind, create) => {
    const id = await mailbox({ restricted: true });
    const subject = await create();
    const grant = await app.service('grants').create({ mailbox: id, [kind]: subject }, by);
    await app.strapi.db.query(`admin::${kind}`).delete({ where: { id: subject } });
    expect(await payloadOf('mailboxes.grant.deleted')).toEqual({ id: grant.id, mailbox: id, user: null, role: null });
  });
});

describe('a webhook of Strapi', () => {
  let receiver: Server;
  let url: string;
  let calls: { headers: IncomingMessage['headers']; body: Payload }[];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        calls.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString('utf8')) as Payload });
        response.writeHead(204).end();
      });
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  });
  beforeEach(() => (calls = []));
  afterAll(async () => {
    await once(receiver.close(), 'close');
  });

  const strapi = (method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object) =>
    supertest(app.strapi.server.httpServer)
      [method](`/admin/webhooks${path}`)
      .set('Authorization', `Bearer ${root.token}`)
      .send(body);
  const called = (event: string) => when(() => calls.find(({ body }) => body.event === event));

  it('takes each of our events, and brings one to a receiver', async () => {
    const hook = { name: 'Follow up', url, headers: { 'X-Key': 'k' }, events: EVENT_NAMES };
    const { body } = await strapi('post', '', hook).expect(201);
    const expected = await CAUSES['mailboxes.grant.created']();
    const call = await called('mailboxes.grant.created');
    expect(call.body).toEqual({
      event: 'mailboxes.grant.created',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      ...expected,
    });
    expect(call.headers).toMatchObject({ 'x-strapi-event': 'mailboxes.grant.created', 'x-key': 'k' });
    expect(leaks(JSON.stringify(calls.map((other) => other.body)))).toEqual([]);

    const { body: test } = await strapi('post', `/${body.data.id}/trigger`).expect(200);
    expect(test.data).toEqual({ statusCode: 204 });
    expect((await called('trigger-test')).headers['x-key']).toBe('k');
    await strapi('delete', `/${body.data.id}`).expect(200);
  });

  it('rejects an unknown event', async () => {
    const hook = { name: 'Wrong', url, headers: {}, events: ['mailboxes.submission.lost'] };
    await strapi('post', '', hook).expect(400);
  });
});
