import { ACTIONS } from '../../server/src/contracts/permissions';
import { pauseTransport } from '../../server/src/outbox/transport-state';
import type { PauseCode } from '../../server/src/domain/mailbox';
import { pauseOf } from '../../server/src/domain/outcome';
import { createEmptyDatabase } from '../support/database';
import { boot, OPERATOR, type App } from '../support/strapi';
import { createDatabase } from '../support/template';

describe('the first start of a site', () => {
  it('grants the permissions of the plugin to Super Admin alone', async () => {
    const database = await createEmptyDatabase();
    const app = await boot({ database });
    try {
      const held: { role: { code: string } }[] = await app.strapi.db
        .query('admin::permission')
        .findMany({ where: { action: { $startsWith: 'plugin::mailboxes.' } }, populate: ['role'] });
      const ofTheSite = held.filter(({ role }) => /^strapi-/.test(role.code));
      expect(new Set(ofTheSite.map(({ role }) => role.code))).toEqual(new Set(['strapi-super-admin']));
      expect(ofTheSite).toHaveLength(ACTIONS.length);
    } finally {
      await app.stop();
      await database.drop();
    }
  });
});

describe('every start of a site', () => {
  it('takes options of the e-mail provider that refer to themselves, and tells them apart', async () => {
    const database = await createDatabase();
    const start = (region: string) =>
      boot({
        database,
        config: { delivery: { role: 'accept' } },
        email: {
          provider: require.resolve('../support/self-referring-provider.cjs'),
          providerOptions: { region },
          settings: { defaultFrom: 'system@site.example' },
        },
      });
    const isPaused = async (): Promise<boolean> =>
      (await app.service('health').report()).paused.some(({ id }) => id === 'system');
    let app = await start('north');
    try {
      await pauseTransport(app.strapi.db.connection, 'system', pauseOf('AUTH_FAILED'));
      await app.stop();
      app = await start('north');
      expect(await isPaused()).toBe(true);
      await app.stop();
      app = await start('south');
      expect(await isPaused()).toBe(false);
    } finally {
      await app.stop();
      await database.drop();
    }
  });
});

describe('a start with another configuration', () => {
  const FROM = { email: 'system@site.example' };
  const LOCAL = { host: 'localhost', port: 1025, encryption: 'none', auth: 'password', username: 'site' };
  const ODD_PORT = { host: 'mail.site.example', port: 2626, encryption: 'starttls', auth: 'none' };

  const warningsIn = ({ logs }: App): string[] =>
    logs.flatMap((entry) => /\[mailboxes\] (config .*?)"(?:,|})/.exec(entry.replaceAll('\\"', "'"))?.[1] ?? []);

  it('names the wrong keys of the system mailbox, and ends the pauses whose cause it fixes', async () => {
    const database = await createDatabase();
    const start = (transport: object, network: object = {}) =>
      boot({
        database,
        config: { mailboxLimit: 10, delivery: { role: 'accept' }, system: { from: FROM, transport }, network },
      });
    const pause = (code: PauseCode, id: string) => pauseTransport(app.strapi.db.connection, id, pauseOf(code));
    const mailbox = async (code: PauseCode): Promise<string> => {
      const { id } = await app.service('mailboxes').create(
        {
          email: `${code.toLowerCase()}@club.example`,
          name: code,
          authenticated: true,
          smtp: { host: 'mail.club.example', port: 587, encryption: 'starttls', auth: 'none' },
        },
        { actor: OPERATOR }
      );
      await pause(code, id);
      return id;
    };
    const states = async (): Promise<Record<string, string>> => {
      const rows = await app.service('mailboxes').findMany({ actor: OPERATOR });
      const paused = (await app.service('health').report()).paused.map(({ id }) => id);
      return Object.fromEntries([
        ...rows.map(({ name, state }) => [name, state]),
        ['system', paused.includes('system') ? 'paused' : 'ok'],
      ]) as Record<string, string>;
    };

    let app = await start(LOCAL);
    try {
      expect(warningsIn(app)).toEqual([
        "config 'system.transport.password' is missing: nothing leaves over the system mailbox until it is set",
        "config 'system.transport.host': localhost is in a private network, where mail servers are refused: name it in 'network.allow'",
      ]);
      for (const code of ['HOST_NOT_ALLOWED', 'TLS_FAILED', 'AUTH_FAILED'] as const) await mailbox(code);
      await pause('HOST_NOT_ALLOWED', 'system');

      await app.stop();
      app = await start(ODD_PORT);
      expect(warningsIn(app)).toEqual([
        "config 'system.transport.port': 2626 is not among 'network.ports' (25, 465, 587, 2525, 2587): add it there, or name the host in 'network.allow'",
      ]);
      expect(await states()).toEqual({
        HOST_NOT_ALLOWED: 'paused',
        TLS_FAILED: 'paused',
        AUTH_FAILED: 'paused',
        system: 'ok',
      });
      await pause('HOST_NOT_ALLOWED', 'system');

      await app.stop();
      app = await start(ODD_PORT, { ports: [587, 2626] });
      expect(warningsIn(app)).toEqual([]);
      expect(await states()).toEqual({ HOST_NOT_ALLOWED: 'ok', TLS_FAILED: 'ok', AUTH_FAILED: 'paused', system: 'ok' });
    } finally {
      await app.stop();
      await database.drop();
    }
  });
});
