import type { Core } from '@strapi/types';
import supertest from 'supertest';
import { sendDigest, scheduleDigest } from '../../docs/examples/digest';
import { watchFailures } from '../../docs/examples/failures';
import { addNewsroom } from '../../docs/examples/newsroom';
import { greet } from '../../docs/examples/quick-start';
import { sendAndWait } from '../../docs/examples/wait';
import { welcomeMembers } from '../../docs/examples/welcome';
import { mailboxes, type Submission } from '../../server/src/public';
import { adminToken } from '../support/admin-token';
import { bootSite, confirmOwnAddress, type Site } from '../support/site';
import { OF_A_TEST } from '../support/statements';
import { EDITOR, EVERYTHING, OPERATOR, type Person } from '../support/strapi';

/* The examples of docs/examples, in a Strapi that runs, with a mail server that takes what they send. */

let app: Site;
let strapi: Core.Strapi;

const member = {
  kind: 'collectionType',
  collectionName: 'members',
  info: { singularName: 'member', pluralName: 'members', displayName: 'Member' },
  options: { draftAndPublish: false },
  attributes: { name: { type: 'string' }, email: { type: 'email' } },
};

/** The src/ of a project in Strapi's terms: a content type, and calls in `register`. */
const project = (loading: Core.Strapi): void => {
  const apis = loading.get('apis') as unknown as { add: (name: string, api: object) => void };
  const register = () => {
    welcomeMembers(loading);
    addNewsroom(loading);
  };
  apis.add('member', { register, contentTypes: { member: { schema: member } } });
};

const received = async (subject: string) => (await app.mailServer.parsed()).filter((mail) => mail.subject === subject);
const addressesOf = (mail: { to?: unknown }): string[] =>
  [mail.to].flat().flatMap((list) => (list as { value: { address: string }[] }).value.map(({ address }) => address));
const robot = { type: 'system', name: 'welcome' } as const;
const settled = (id: string, actor: Submission['actor']) =>
  mailboxes(strapi).submissions.whenSettled(id, { actor, timeoutMs: 20_000 });
const everySettled = async (): Promise<void> => {
  const rows: { id: string }[] = await strapi.db.connection('mailboxes_submissions').comment(OF_A_TEST).select('id');
  for (const { id } of rows) await settled(id, OPERATOR);
};

beforeAll(async () => {
  app = await bootSite({
    project,
    config: { systemActors: { welcome: { mailboxes: [] }, digest: { mailboxes: ['news@club.example'] } } },
    onRcpt: (address) => (address.startsWith('gone') ? { code: 550, text: 'No such user' } : undefined),
  });
  strapi = app.strapi;
  await mailboxes(strapi).mailboxes.create({ email: 'news@club.example', name: 'News' }, { actor: OPERATOR });
});

afterAll(() => app.stop());

describe('the quick start', () => {
  it('sends once, from what the actor is offered', async () => {
    const first = await greet(strapi, 'ada@reader.example');
    expect((await greet(strapi, 'ada@reader.example')).id).toBe(first.id);
    await settled(first.id, first.actor);
    expect(await received('Hello')).toHaveLength(1);
    expect(first).toMatchObject({ actor: { type: 'system', name: 'digest' }, from: { email: 'news@club.example' } });
  });
});

describe('the welcome mail', () => {
  it('is sent once to a new member, and not when a member changes', async () => {
    const members = strapi.documents('api::member.member' as never) as unknown as {
      create: (q: object) => Promise<{ documentId: string }>;
      update: (q: object) => Promise<unknown>;
    };
    const { documentId } = await members.create({ data: { name: 'Ben', email: 'ben@reader.example' } });
    await members.update({ documentId, data: { name: 'Benno' } });
    await everySettled();
    const [mail, ...others] = await received('Welcome, Ben');
    expect(others).toEqual([]);
    expect(mail?.text).toContain('Dear Ben,');
    expect(mail?.from?.value).toEqual([{ name: 'Site', address: 'system@site.example' }]);
    expect(addressesOf(mail ?? {})).toEqual(['ben@reader.example']);
    expect(await received('Welcome, Benno')).toEqual([]);
  });
});

describe('the digest', () => {
  it('is one mail per reader and day, though two processes send it with different texts', async () => {
    const readers = ['ada@reader.example', 'ben@reader.example'];
    await Promise.all([
      sendDigest(strapi, '2030-01-07', readers, 'one'),
      sendDigest(strapi, '2030-01-07', readers, 'two'),
    ]);
    await everySettled();
    const mails = await received('News of 2030-01-07');
    expect(mails.flatMap(addressesOf).sort()).toEqual(readers);
    expect(mails.map(({ from }) => from?.value[0]?.address)).toEqual(['news@club.example', 'news@club.example']);
  });

  it('is known to Strapi as a task', () => {
    scheduleDigest(strapi, async () => ({ readers: [], text: '' }));
    const jobs = strapi.cron.jobs as unknown as { name: string }[];
    expect(jobs.map(({ name }) => name)).toContain('weeklyDigest');
    strapi.cron.remove('weeklyDigest');
  });
});

describe('the newsroom', () => {
  let ada: Person;
  const tip = (caller: { token: string } | null, body: object = { text: 'A tip' }) => {
    const request = supertest(strapi.server.httpServer).post('/newsroom/tips').send(body);
    return caller ? request.set('Authorization', `Bearer ${caller.token}`) : request;
  };

  beforeAll(async () => {
    ada = await app.person({ actions: EDITOR });
  });

  it('sends as the editor who is signed in, ignoring the actor of the body', async () => {
    const { body } = await tip(ada, { text: 'A tip', actor: { type: 'system', name: 'welcome' } }).expect(200);
    expect(body).toMatchObject({ actor: { type: 'user', id: ada.id }, from: { email: 'system@site.example' } });
  });

  it('sends from the own address where it is offered', async () => {
    const { tenants } = mailboxes(strapi);
    const { id } = await tenants.default();
    await tenants.update(id, { ownAddress: 'sender-and-reply-to' }, { actor: OPERATOR });
    await confirmOwnAddress(app, app.mailServer, ada);
    const { body } = await tip(ada).expect(200);
    expect(body.from.email).toBe(ada.email);
  });

  it('refuses requests without a session, of an editor who may not send, and with an admin token', async () => {
    await tip(null).expect(401);
    await tip(await app.person({ actions: ['mailboxes.read'] })).expect(403);
    await tip(await adminToken(app, await app.superAdmin(), EVERYTHING)).expect(403);
    await tip(ada, {}).expect(400);
  });

  it('answers a refusal with its code', async () => {
    const { tenants } = mailboxes(strapi);
    const { id } = await tenants.default();
    await tenants.update(id, { members: { users: [], roles: [] } }, { actor: OPERATOR });
    const { body } = await tip(ada).expect(403);
    expect(body).toEqual({ code: 'TENANT_MISMATCH' });
    await tenants.update(id, { members: 'everyone' }, { actor: OPERATOR });
  });
});

describe('waiting', () => {
  const letter = (to: string[]) =>
    ({ actor: robot, from: 'system', to, subject: 'Wait', text: 'Wait' }) as const satisfies object;

  it.each([
    [['ada@reader.example'], 'handed over'],
    [['ada@reader.example', 'gone@reader.example'], 'handed over, but not to gone@reader.example'],
    [['gone@reader.example'], 'failed: RECIPIENTS_REJECTED'],
  ])('for a letter to %j says: %s', async (to, said) => {
    expect(await sendAndWait(strapi, letter(to))).toBe(said);
  });
});

describe('a failure', () => {
  it('is reported with its submission, and no longer after unsubscribing', async () => {
    const reported: Submission[] = [];
    const fail = async (): Promise<Submission> => {
      const { id } = await mailboxes(strapi).submissions.submit({
        actor: robot,
        from: 'system',
        to: ['gone@reader.example'],
        subject: 'Nobody there',
        text: 'Hello',
      });
      return settled(id, robot);
    };
    let wake = (): void => undefined;
    const once = new Promise<void>((resolve) => (wake = resolve));
    const end = watchFailures(strapi, async (submission) => {
      reported.push(submission);
      wake();
    });
    const failed = await fail();
    await once;
    end();
    await fail();
    expect(reported).toEqual([failed]);
  });
});
