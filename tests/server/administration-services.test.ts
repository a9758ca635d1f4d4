import { bootSite, type Site } from '../support/site';
import { EVERYTHING, OPERATOR, type Person } from '../support/strapi';
import type { Actor } from '../../server/src/domain/actor';

/* Services ask again: called from code, they ask the same rights as the routes (contract "Services"). */

let app: Site;
let tenant: string, mailbox: string, grant: string;
let editor: Person, outsider: Person, root: Person, idle: Person, blocked: Person;
let counter = 0;

beforeAll(async () => {
  app = await bootSite({ config: { systemActors: { newsletter: { mailboxes: 'all' } } } });
  editor = await app.person();
  outsider = await app.person({ actions: EVERYTHING.filter((action) => action !== 'tenants.manage') });
  root = await app.superAdmin();
  idle = await app.superAdmin();
  blocked = await app.superAdmin();
  const users = app.strapi.db.query('admin::user');
  await users.update({ where: { id: idle.id }, data: { isActive: false } });
  await users.update({ where: { id: blocked.id }, data: { blocked: true } });
});

afterAll(() => app.stop());

interface Call {
  what: string;
  call: (by: { actor: Actor }) => Promise<unknown>;
  /** Code for a holder of every scoped permission outside its tenants. */
  outside: 'NOT_FOUND' | 'FORBIDDEN' | null;
}
const call = (what: string, outside: Call['outside'], run: Call['call']): Call => ({ what, call: run, outside });
const asUser = ({ id }: Person): Actor => ({ type: 'user', id });
const email = (): string => `new-${(counter += 1)}@club.example`;
const mailboxes = () => app.service('mailboxes');
const grants = () => app.service('grants');
const tenants = () => app.service('tenants');

const CALLS: readonly Call[] = [
  call('mailboxes.create', 'NOT_FOUND', (by) => mailboxes().create({ email: email(), name: 'New', tenant }, by)),
  call('mailboxes.update', 'NOT_FOUND', (by) => mailboxes().update(mailbox, { name: 'New' }, by)),
  call('mailboxes.delete', 'NOT_FOUND', (by) => mailboxes().delete(mailbox, by)),
  call('mailboxes.findOne', null, (by) => mailboxes().findOne(mailbox, by)),
  call('mailboxes.findMany', 'NOT_FOUND', (by) => mailboxes().findMany({ ...by, tenant })),
  call('grants.create', 'NOT_FOUND', (by) => grants().create({ mailbox, user: editor.id }, by)),
  call('grants.delete', 'NOT_FOUND', (by) => grants().delete(grant, by)),
  call('grants.findMany', 'NOT_FOUND', (by) => grants().findMany({ ...by, mailbox })),
  call('tenants.create', 'FORBIDDEN', (by) => tenants().create({ name: 'New' }, by)),
  call('tenants.update', 'FORBIDDEN', (by) => tenants().update(tenant, { name: 'New' }, by)),
  call('tenants.delete', 'FORBIDDEN', (by) => tenants().delete(tenant, by)),
  call('tenants.findOne', 'FORBIDDEN', (by) => tenants().findOne(tenant, by)),
  call('tenants.findMany', 'FORBIDDEN', (by) => tenants().findMany(by)),
];

beforeEach(async () => {
  // Deleted by the case that may: a fresh one for the next.
  const { seeds } = app;
  tenant = (await seeds.tenant({ members: { users: [], roles: [] } })).id;
  mailbox = (await seeds.mailbox(tenant, { restricted: true })).id;
  grant = (await seeds.grant(mailbox, { user: editor.id })).id;
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => (value === null ? 'null' : 'done'),
    (error: { details?: { code?: string } }) => error.details?.code ?? String(error)
  );

describe.each(CALLS)('$what', ({ what, call: run, outside }) => {
  it('refuses a user without the permission', async () => {
    expect(await codeOf(run({ actor: asUser(editor) }))).toBe('FORBIDDEN');
  });

  it('refuses users who do not exist, are not active, or are blocked', async () => {
    for (const id of [999_999, idle.id, blocked.id])
      expect(await codeOf(run({ actor: { type: 'user', id } }))).toBe('FORBIDDEN');
  });

  it.each(['guard', 'newsletter', 'unknown', 'constructor'])('refuses the system actor %s', async (name) => {
    expect(await codeOf(run({ actor: { type: 'system', name } }))).toBe('FORBIDDEN');
  });

  it('hides other tenants from a user who holds every other permission', async () => {
    expect(await codeOf(run({ actor: asUser(outsider) }))).toBe(outside ?? 'null');
  });

  it.each<[string, () => Actor]>([
    ['the operator', () => OPERATOR],
    ['a super admin', () => asUser(root)],
  ])('obeys %s', async (_, actor) => {
    if (what === 'tenants.delete') await mailboxes().delete(mailbox, { actor: OPERATOR });
    expect(await codeOf(run({ actor: actor() }))).toBe('done');
  });
});

describe('the permissions', () => {
  it('are registered with the final ids', () => {
    const { actionProvider } = app.strapi.service('admin::permission') as unknown as {
      actionProvider: { values: () => { actionId: string; pluginName?: string; section: string }[] };
    };
    const ours = actionProvider.values().filter(({ actionId }) => actionId.startsWith('plugin::mailboxes.'));
    expect(ours.map(({ actionId }) => actionId).sort()).toEqual(
      [
        'communication.send',
        'grants.manage',
        'guard.read',
        'log.manage',
        'log.read',
        'mailboxes.create',
        'mailboxes.delete',
        'mailboxes.read',
        'mailboxes.update',
        'tenants.manage',
      ].map((action) => `plugin::mailboxes.${action}`)
    );
    expect(ours.every(({ section }) => section === 'plugins')).toBe(true);
  });
});
