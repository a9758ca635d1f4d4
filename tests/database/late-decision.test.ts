import type { Action } from '../../server/src/contracts/permissions';
import type { SubmitInput } from '../../server/src/submissions/service';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { bootForDelivery, mailboxAt, ROBOT, settled, submit } from '../support/outbox';
import { statementsOf } from '../support/statements';
import { EDITOR, OPERATOR, type App, type Person } from '../support/strapi';

/** A writer with the right to send in one role, and a grant on a mailbox of its own tenant in another. */
interface World {
  writer: Person;
  tenant: string;
  mailbox: string;
  grantRole: number;
  grant: string;
}

type Change = (world: World, app: App) => Promise<unknown>;

const updateMailbox =
  (change: Record<string, unknown>): Change =>
  ({ mailbox }, app) =>
    app.service('mailboxes').update(mailbox, change, { actor: OPERATOR });
const updateTenant =
  (change: Record<string, unknown>): Change =>
  ({ tenant }, app) =>
    app.service('tenants').update(tenant, change, { actor: OPERATOR });
const updateUser =
  (data: Record<string, unknown>): Change =>
  ({ writer }, app) =>
    app.strapi.db.query('admin::user').update({ where: { id: writer.id }, data });
const confirm = async (app: App, { id, email }: Person): Promise<void> => {
  await app.strapi.db
    .connection('mailboxes_confirmations')
    .insert({ user_id: id, address_key: email, confirmed_at: 1, code_tries: 0 })
    .onConflict('user_id')
    .merge();
};

/** Rules §8: decided again after 354 and before the first byte; a refusal there is final. */
describe('a change between accept and hand-over', () => {
  let app: App;
  let system: ScriptedServer;
  let server: ScriptedServer;
  let world: World;
  let counter = 0;

  beforeAll(async () => {
    system = await startScriptedServer();
    app = await bootForDelivery({ systemPort: system.port, config: { delivery: { concurrency: 20 } } });
  });

  beforeEach(async () => {
    counter += 1;
    server = await startScriptedServer();
    const actions: readonly Action[] = EDITOR;
    const grantRole = await app.role([]);
    const writer = await app.person({ roles: [await app.role(actions), grantRole] });
    const { id: tenant } = await app.service('tenants').create(
      {
        name: `Club ${counter}`,
        members: { users: [writer.id], roles: [] },
        ownAddress: 'sender-and-reply-to',
        mailboxLimit: 10,
      },
      { actor: OPERATOR }
    );
    const mailbox = await mailboxAt(app, server.port, {}, { tenant, restricted: true });
    const { id: grant } = await app.service('grants').create({ mailbox, role: grantRole }, { actor: OPERATOR });
    world = { writer, tenant, mailbox, grantRole, grant };
  });

  afterEach(() => server.close());

  afterAll(async () => {
    await app.stop();
    await system.close();
  });

  /** Holds the server before its 354 while the change is made. */
  const during = async (
    at: ScriptedServer,
    letter: Pick<SubmitInput, 'from' | 'replyTo'>,
    change: () => Promise<unknown>
  ) => {
    const gate = createGate();
    at.play({ replies: { data: [gate] } });
    const { writer, tenant } = world;
    const seen = { data: at.log.filter(({ stage }) => stage === 'data').length, completed: at.dataCompleted };
    const { from, ...rest } = letter;
    const actor = { type: 'user', id: writer.id } as const;
    const submission = await submit(app, from, { actor, tenant, ...rest });
    await at.waitFor('data', seen.data + 1);
    await change();
    gate.open();
    const operatorSees = await settled(app, { ...submission, actor: OPERATOR });
    return { submission: operatorSees, completed: at.dataCompleted - seen.completed };
  };

  it.each<[string, string, Change]>([
    [
      'the grant is revoked',
      'FORBIDDEN_FROM',
      ({ grant }, { service }) => service('grants').delete(grant, { actor: OPERATOR }),
    ],
    [
      'the role that holds the grant is taken from the writer',
      'FORBIDDEN_FROM',
      (w) => updateUser({ roles: w.writer.roles.filter((role) => role !== w.grantRole) })(w, app),
    ],
    [
      'the role that holds the grant is deleted',
      'FORBIDDEN_FROM',
      ({ grantRole }) => app.strapi.db.query('admin::role').delete({ where: { id: grantRole } }),
    ],
    ['the writer is blocked', 'FORBIDDEN_TO_SEND', updateUser({ blocked: true })],
    ['the writer is deactivated', 'FORBIDDEN_TO_SEND', updateUser({ isActive: false })],
    [
      'the permission is taken from the role',
      'FORBIDDEN_TO_SEND',
      ({ writer }) => app.strapi.db.query('admin::permission').deleteMany({ where: { role: writer.roles[0] } }),
    ],
    ['membership ends', 'TENANT_MISMATCH', updateTenant({ members: { users: [], roles: [] } })],
    [
      'the writer is deleted',
      'TENANT_MISMATCH',
      ({ writer }) => app.strapi.db.query('admin::user').delete({ where: { id: writer.id } }),
    ],
    ['the mailbox is switched off', 'MAILBOX_DISABLED', updateMailbox({ enabled: false })],
    ['the mailbox is no sender any more', 'FORBIDDEN_FROM', updateMailbox({ sender: false })],
    ['authentication is switched off', 'SENDER_CHANGED', updateMailbox({ authenticated: false })],
  ])('fails the submission when %s: %s', async (_what, code, change) => {
    const elsewhere = system.sessions.length;
    const { submission, completed } = await during(server, { from: `mailbox:${world.mailbox}` }, () =>
      change(world, app)
    );
    expect(submission).toMatchObject({
      state: 'failed',
      error: { code },
      recipients: [{ state: 'rejected', reply: null }],
    });
    expect({ completed, accepted: server.accepted.length }).toEqual({ completed: 0, accepted: 0 });
    // It never falls back to another transport.
    expect(system.sessions).toHaveLength(elsewhere);
  });

  it('fails the submission when an open mailbox is restricted', async () => {
    await updateMailbox({ restricted: false })(world, app);
    await app.service('grants').delete(world.grant, { actor: OPERATOR });
    const { submission, completed } = await during(server, { from: `mailbox:${world.mailbox}` }, () =>
      updateMailbox({ restricted: true })(world, app)
    );
    expect(submission).toMatchObject({ state: 'failed', error: { code: 'FORBIDDEN_FROM' } });
    expect(completed).toBe(0);
  });

  it('fails the submission when the writer loses the reply mailbox', async () => {
    const replies = await mailboxAt(app, server.port, {}, { tenant: world.tenant });
    const { submission, completed } = await during(
      server,
      { from: `mailbox:${world.mailbox}`, replyTo: `mailbox:${replies}` },
      () => app.service('mailboxes').update(replies, { reply: false }, { actor: OPERATOR })
    );
    expect(submission).toMatchObject({ state: 'failed', error: { code: 'FORBIDDEN_REPLY_TO' } });
    expect(completed).toBe(0);
  });

  it('fails the submission when the writer is deleted, in a tenant open to everyone', async () => {
    await updateTenant({ members: 'everyone' })(world, app);
    const { submission, completed } = await during(server, { from: `mailbox:${world.mailbox}` }, () =>
      app.strapi.db.query('admin::user').delete({ where: { id: world.writer.id } })
    );
    expect(submission).toMatchObject({ state: 'failed', error: { code: 'FORBIDDEN_TO_SEND' } });
    expect(completed).toBe(0);
  });

  it('cancels the submission when its mailbox is deleted with cancelUnfinished', async () => {
    const { submission, completed } = await during(server, { from: `mailbox:${world.mailbox}` }, () =>
      app.service('mailboxes').delete(world.mailbox, { actor: OPERATOR, cancelUnfinished: true })
    );
    expect(submission).toMatchObject({ state: 'canceled', recipients: [{ state: 'canceled', reply: null }] });
    expect(completed).toBe(0);
  });

  it('refuses to delete a mailbox with a submission past the point of no return', async () => {
    const gate = createGate();
    server.play({ replies: { dot: gate } });
    const { writer, tenant, mailbox } = world;
    const actor = { type: 'user', id: writer.id } as const;
    const submission = await submit(app, `mailbox:${mailbox}`, { actor, tenant });
    await server.waitFor('dot');
    await expect(
      app.service('mailboxes').delete(mailbox, { actor: OPERATOR, cancelUnfinished: true })
    ).rejects.toMatchObject({ details: { code: 'MAILBOX_IN_USE' } });
    gate.open();
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted' });
  });

  it('sends the submission with the accepted name when only names differ', async () => {
    const { submission } = await during(server, { from: `mailbox:${world.mailbox}` }, () =>
      updateMailbox({ name: 'Other Name' })(world, app)
    );
    expect(submission).toMatchObject({ state: 'submitted', from: { name: 'Club News' } });
    expect(server.accepted[0]?.raw.toString()).toContain('Club News');
  });

  it.each<[string, string, Change]>([
    ['the account address changes', 'OWN_ADDRESS_UNCONFIRMED', updateUser({ email: 'changed@site.example' })],
    ['the tenant switches own addresses off', 'FORBIDDEN_FROM', updateTenant({ ownAddress: 'off' })],
    ['the tenant allows them for answers only', 'FORBIDDEN_FROM', updateTenant({ ownAddress: 'reply-to' })],
  ])('fails a submission from the own address when %s: %s', async (_what, code, change) => {
    await confirm(app, world.writer);
    const { submission, completed } = await during(system, { from: 'own' }, () => change(world, app));
    expect(submission).toMatchObject({ state: 'failed', error: { code } });
    expect(completed).toBe(0);
  });

  it('fails a submission from the system mailbox when its address changes', async () => {
    const { submission, completed } = await during(system, { from: 'system' }, () =>
      updateTenant({ system: { email: 'other@site.example' } })(world, app)
    );
    expect(submission).toMatchObject({
      state: 'failed',
      error: { code: 'SENDER_CHANGED', details: { which: 'from' } },
    });
    expect(completed).toBe(0);
  });

  it('fails a submission from the own address when its transport changes', async () => {
    await confirm(app, world.writer);
    const { submission, completed } = await during(system, { from: 'own' }, () =>
      mailboxAt(app, server.port, {}, { tenant: world.tenant, email: world.writer.email })
    );
    expect(submission).toMatchObject({
      state: 'failed',
      error: { code: 'SENDER_CHANGED', details: { which: 'transport', before: 'system' } },
    });
    expect({ completed, elsewhere: server.sessions.length }).toEqual({ completed: 0, elsewhere: 0 });
  });

  it('fails a submission whose replies would go to another address, even a confirmed one', async () => {
    const mailbox = world.mailbox;
    await confirm(app, world.writer);
    const changed = 'moved@site.example';
    const { submission, completed } = await during(server, { from: `mailbox:${mailbox}`, replyTo: 'own' }, async () => {
      await updateUser({ email: changed })(world, app);
      await confirm(app, { ...world.writer, email: changed });
    });
    expect(submission).toMatchObject({
      state: 'failed',
      error: { code: 'SENDER_CHANGED', details: { which: 'replyTo' } },
    });
    expect(completed).toBe(0);
  });

  describe('several submissions claimed together', () => {
    /** Claims that many and counts the statements of one passage. */
    const statementsFor = async (count: number, allowed: boolean): Promise<number> => {
      const { outbox } = app.service('submissions');
      const knex = app.strapi.db.connection;
      const open = await mailboxAt(app, server.port, {}, { limits: { connections: 20 } });
      const gate = createGate();
      server.play({ replies: { connect: gate } });
      const ids = await Promise.all(
        Array.from({ length: count }, async () => (await submit(app, `mailbox:${open}`, { actor: ROBOT })).id)
      );
      const claims = async () =>
        (await knex('mailboxes_submissions').whereIn('id', ids).andWhere('phase', 'claimed').select('*')) as {
          id: string;
          lease_token: string;
          claims: number;
        }[];
      let rows = await claims();
      while (rows.length < count) rows = await claims();
      if (!allowed) await app.service('mailboxes').update(open, { enabled: false }, { actor: OPERATOR });
      let passages: string[] = [];
      const statements = await statementsOf(app.strapi, async () => {
        passages = await outbox.beginTransmission(
          rows.map(({ id, lease_token, claims: claim }) => ({ id, leaseToken: lease_token, claim })),
          60_000
        );
      });
      expect(passages).toEqual(Array(count).fill(allowed ? 'go' : 'refused'));
      gate.open({ drop: true });
      // The app records earlier results concurrently: count only the transaction that let these submissions pass.
      const passing = statements.find(
        ({ sql, bindings }) => sql.startsWith('update') && bindings.includes('transmitting')
      )?.transaction;
      const inside = statements.filter(({ transaction }) => passing !== undefined && transaction === passing);
      return inside.filter(({ sql }) => /^(select|insert|update|delete)/i.test(sql)).length;
    };

    it('are decided in one transaction, with as many statements as for one', async () => {
      const one = await statementsFor(1, true);
      const ten = await statementsFor(10, true);
      expect(ten).toBe(one);
      expect(one).toBeGreaterThan(3);
      expect(one).toBeLessThanOrEqual(9);
    });

    it('are refused in one transaction', async () => {
      await statementsFor(3, false);
    });
  });
});
