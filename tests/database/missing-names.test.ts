import { apiToken, roleOf } from '../support/content-api';
import { seedsOf } from '../support/site';
import { OPERATOR, boot, type App } from '../support/strapi';
import { statementsOf } from '../support/statements';
import { pluginOf } from '../../server/src/container';
import { createDatabase } from '../support/template';

/* Names in the configuration that nothing in the database has. */

const warningsIn = ({ logs }: App): string[] =>
  logs
    .map((entry) => JSON.parse(entry) as { level: string; message: string })
    .filter(({ level, message }) => level.includes('warn') && /systemActors|contentApi/.test(message))
    .map(({ message }) => message);

const actor = (mailboxes: 'all' | string[], tenant?: string) => ({ mailboxes, ...(tenant && { tenant }) });

describe('a start with a configuration that names what does not exist', () => {
  it('warns once per entry, with the field and the remedy, until the entry names something', async () => {
    const database = await createDatabase();
    const start = () =>
      boot({
        database,
        usersPermissions: true,
        config: {
          mailboxLimit: 10,
          delivery: { role: 'accept' },
          systemActors: {
            digest: actor(['News@Club.example', 'global@club.example', 'office@club.example']),
            shop: actor(['office@club.example'], 'academy'),
            lost: actor(['news@club.example'], 'acadmey'),
            all: actor('all'),
          },
          contentApi: { tokens: { 'Web shop': 'shop', 'web Shöp': 'shop' }, roles: { staff: 'all', Staff: 'all' } },
        },
      });
    let app = await start();
    try {
      expect(warningsIn(app)).toEqual([
        '[mailboxes] config "systemActors.digest.mailboxes[0]": no mailbox of the tenant "default" has the address news@club.example: add the mailbox in Settings → Mailboxes, or correct the entry',
        '[mailboxes] config "systemActors.digest.mailboxes[1]": no mailbox of the tenant "default" has the address global@club.example: add the mailbox in Settings → Mailboxes, or correct the entry',
        '[mailboxes] config "systemActors.digest.mailboxes[2]": no mailbox of the tenant "default" has the address office@club.example: add the mailbox in Settings → Mailboxes, or correct the entry',
        '[mailboxes] config "systemActors.shop.tenant": no tenant has the key "academy": add the tenant in Settings → Mailboxes → Rules, or correct the entry',
        '[mailboxes] config "systemActors.lost.tenant": no tenant has the key "acadmey": add the tenant in Settings → Mailboxes → Rules, or correct the entry',
        '[mailboxes] config "contentApi.tokens": no API token has the name "Web shop": add the token in Settings → API Tokens, or correct the entry',
        '[mailboxes] config "contentApi.tokens": no API token has the name "web Shöp": add the token in Settings → API Tokens, or correct the entry',
        '[mailboxes] config "contentApi.roles": no role of users-permissions has the type "staff": add the role, or correct the entry',
        '[mailboxes] config "contentApi.roles": no role of users-permissions has the type "Staff": add the role, or correct the entry',
      ]);

      const seeds = seedsOf(app);
      const { id: home } = await app.service('tenants').default();
      const { id: academy } = await app
        .service('tenants')
        .create({ name: 'Academy', members: 'everyone' }, { actor: OPERATOR });
      await seeds.mailbox(home, { email: 'news@club.example' });
      await seeds.mailbox(academy, { email: 'global@club.example', global: true });
      await seeds.mailbox(academy, { email: 'office@club.example' });
      await apiToken(app, 'Web shop');
      await roleOf(app, 'staff');

      await app.stop();
      app = await start();
      // Of another tenant and not global; another tenant's key; another case.
      expect(warningsIn(app)).toEqual([
        '[mailboxes] config "systemActors.digest.mailboxes[2]": no mailbox of the tenant "default" has the address office@club.example: add the mailbox in Settings → Mailboxes, or correct the entry',
        '[mailboxes] config "systemActors.lost.tenant": no tenant has the key "acadmey": add the tenant in Settings → Mailboxes → Rules, or correct the entry',
        '[mailboxes] config "contentApi.tokens": no API token has the name "web Shöp": add the token in Settings → API Tokens, or correct the entry',
        '[mailboxes] config "contentApi.roles": no role of users-permissions has the type "Staff": add the role, or correct the entry',
      ]);
      expect(await statementsOf(app.strapi, pluginOf(app.strapi).missingNames)).toHaveLength(1);
    } finally {
      await app.stop();
      await database.drop();
    }
  });

  it('logs ten entries and the number of the others, and reads more addresses than a statement can bind', async () => {
    const mailboxes = Array.from({ length: 40_000 }, (_, n) => `box-${n}@club.example`);
    const app = await boot({ config: { systemActors: { digest: actor(mailboxes) } } });
    try {
      const warnings = warningsIn(app);
      expect(warnings).toHaveLength(11);
      expect(warnings[9]).toContain('"systemActors.digest.mailboxes[9]"');
      expect(warnings[10]).toBe(
        '[mailboxes] config: 39990 more entries of "systemActors" and "contentApi" name nothing'
      );
    } finally {
      await app.stop();
    }
  });

  it('runs no statement without such entries', async () => {
    const app = await boot();
    try {
      expect(await statementsOf(app.strapi, pluginOf(app.strapi).missingNames)).toEqual([]);
      expect(warningsIn(app)).toEqual([]);
    } finally {
      await app.stop();
    }
  });
});
