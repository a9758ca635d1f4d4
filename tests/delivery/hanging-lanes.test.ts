import { openFullPort, type FullPort } from '../support/smtp/full-port';
import {
  startScriptedServer,
  type ScriptedServer,
  type ServerScript,
  type Stage,
} from '../support/smtp/scripted-server';
import { bootForDelivery, mailboxAt, settled, submit } from '../support/outbox';
import type { App } from '../support/strapi';
import { OF_A_TEST } from '../support/statements';

const SLOTS = 5;
const HANGING = SLOTS + 3;
const WORKING = 12;
/** Twice as many as its slots: a lane that hangs could hold all of them. */
const MANY = { limits: { connections: 2 * SLOTS } };

/** Delivery: a mail server that hangs at any stage delays only its own mailbox. */
describe('mailboxes whose servers hang', () => {
  let app: App;
  let works: ScriptedServer;
  let full: FullPort;
  /** Each test adds one: in the end all of them hang. */
  const hanging: ScriptedServer[] = [];

  beforeAll(async () => {
    works = await startScriptedServer();
    full = await openFullPort();
    app = await bootForDelivery({ config: { delivery: { concurrency: SLOTS } } });
  });

  afterAll(async () => {
    await full.close();
    for (const server of hanging) await server.close();
    await app.stop();
    await works.close();
  });

  const startHanging = async (replies: ServerScript['replies']): Promise<ScriptedServer> => {
    const server = await startScriptedServer({ replies });
    hanging.push(server);
    return server;
  };
  const handIn = (mailbox: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => submit(app, `mailbox:${mailbox}`)));
  const transmitting = async (mailbox: string): Promise<number> => {
    const rows: unknown[] = await app.strapi.db
      .connection('mailboxes_submissions')
      .comment(OF_A_TEST)
      .where({ lane: mailbox, state: 'submitting' })
      .select('id');
    return rows.length;
  };

  const othersArrive = async (): Promise<void> => {
    const mailbox = await mailboxAt(app, works.port);
    const before = works.accepted.length;
    for (const submission of await handIn(mailbox, WORKING))
      expect(await settled(app, submission)).toMatchObject({ state: 'submitted', attempts: 1 });
    expect(works.accepted.length - before).toBe(WORKING);
  };

  /** @param reached resolves when all slots are with the mailbox */
  const check = async (port: number, auth: 'password' | 'none', reached: (mailbox: string) => Promise<unknown>) => {
    const mailbox = await mailboxAt(app, port, { auth }, MANY);
    await handIn(mailbox, HANGING);
    await reached(mailbox);
    await othersArrive();
    expect(await transmitting(mailbox)).toBe(SLOTS);
  };

  const DRIP = { drip: '250 2.0.0 Ok: queued', everyMs: 20_000 };

  it.each<[string, Stage, 'silent' | 'drip']>([
    ['the greeting', 'connect', 'silent'],
    ['EHLO', 'ehlo', 'silent'],
    ['AUTH', 'auth', 'silent'],
    ['MAIL', 'mail', 'silent'],
    ['RCPT', 'rcpt', 'silent'],
    ['DATA', 'data', 'silent'],
    ['the final dot', 'dot', 'silent'],
    ['the final dot, answered byte by byte', 'dot', 'drip'],
  ])('leave room for the others at %s', async (_where, stage, how) => {
    const hangs = await startHanging({ [stage]: how === 'drip' ? DRIP : { silent: true } });
    await check(hangs.port, stage === 'auth' ? 'password' : 'none', () => hangs.waitFor(stage, SLOTS));
  });

  it('leave room for the others in the middle of the body', async () => {
    // More than the buffers between the two hold.
    const text = `${'a'.repeat(70)}\n`.repeat(100_000);
    const hangs = await startHanging({ 'body-start': { hold: new Promise(() => undefined) } });
    const mailbox = await mailboxAt(app, hangs.port, {}, MANY);
    await Promise.all(Array.from({ length: SLOTS }, () => submit(app, `mailbox:${mailbox}`, { text })));
    await hangs.waitFor('body-start', SLOTS);
    await othersArrive();
  });

  it('leave room for the others when they cannot be reached', async () => {
    await check(full.port, 'none', async (mailbox) => {
      while ((await transmitting(mailbox)) < SLOTS) await new Promise((resolve) => setImmediate(resolve));
    });
  });
});
