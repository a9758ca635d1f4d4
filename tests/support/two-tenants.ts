import { sentBy } from './site';
import { actorOf, EDITOR, KEEPER, MANAGER, OPERATOR, type App, type Person } from './strapi';

/*
 * Ada and Ben write in the default tenant, which Manager administers, its log too. Carl is alone in another one.
 * Each of the three has sent a mail; each tenant has a restricted mailbox with a grant, the other one a global one, too.
 */

type Input = Record<string, unknown>;

export interface TwoTenants {
  people: Record<'ada' | 'ben' | 'carl' | 'manager' | 'operator', Person>;
  ids: Record<
    | 'tenant'
    | 'foreignTenant'
    | 'mailbox'
    | 'foreignMailbox'
    | 'globalMailbox'
    | 'grant'
    | 'foreignGrant'
    | 'globalGrant'
    | 'adas'
    | 'bens'
    | 'carls',
    string
  >;
}

export const twoTenants = async (app: App): Promise<TwoTenants> => {
  const by = { actor: OPERATOR };
  const ada = await app.person({ actions: EDITOR });
  const ben = await app.person({ actions: EDITOR });
  const carl = await app.person({ actions: KEEPER });
  const manager = await app.person({ actions: [...MANAGER, ...KEEPER] });
  const operator = await app.person({ actions: ['tenants.manage'] });

  const members = (...users: Person[]) => ({ members: { users: users.map(({ id }) => id), roles: [] } });
  const { id: tenant } = await app.service('tenants').default();
  await app.service('tenants').update(tenant, members(ada, ben, manager), by);
  const { id: foreignTenant } = await app.service('tenants').create({ name: 'Foreign', ...members(carl) }, by);

  const mailboxOf = async (differs: Input): Promise<string> =>
    (await app.service('mailboxes').create({ name: 'News', restricted: true, ...differs }, by)).id;
  const grantOf = async (to: string, user: Person): Promise<string> =>
    (await app.service('grants').create({ mailbox: to, user: user.id }, by)).id;

  const mailbox = await mailboxOf({ email: 'news@club.example' });
  const foreignMailbox = await mailboxOf({ email: 'news@foreign.example', tenant: foreignTenant });
  const globalMailbox = await mailboxOf({ email: 'news@world.example', tenant: foreignTenant, global: true });
  return {
    people: { ada, ben, carl, manager, operator },
    ids: {
      tenant,
      foreignTenant,
      mailbox,
      foreignMailbox,
      globalMailbox,
      grant: await grantOf(mailbox, ada),
      foreignGrant: await grantOf(foreignMailbox, carl),
      globalGrant: await grantOf(globalMailbox, carl),
      adas: await sentBy(app, actorOf(ada)),
      bens: await sentBy(app, actorOf(ben)),
      carls: await sentBy(app, actorOf(carl)),
    },
  };
};
