import { ACTIONS } from '../../server/src/contracts/permissions';
import { createEmptyDatabase } from '../support/database';
import { boot } from '../support/strapi';

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
