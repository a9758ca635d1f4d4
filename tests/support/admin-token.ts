import { actionId, type Action } from '../../server/src/contracts/permissions';
import type { App, Person } from './strapi';

/** One of Strapi's admin tokens: a machine with some of its owner's permissions. */
export const adminToken = async (
  { strapi }: App,
  owner: Person,
  actions: readonly Action[]
): Promise<{ token: string }> => {
  const user = await strapi.db.query('admin::user').findOne({ where: { id: owner.id }, populate: ['roles'] });
  const tokens = strapi.service('admin::api-token-admin') as unknown as {
    create: (attributes: Record<string, unknown>, caller: unknown) => Promise<{ accessKey: string }>;
  };
  const { accessKey } = await tokens.create(
    {
      name: `${owner.email} ${actions.join(' ')}`,
      kind: 'admin',
      description: '',
      lifespan: null,
      adminPermissions: actions.map((action) => ({
        action: actionId(action),
        subject: null,
        properties: {},
        conditions: [],
      })),
    },
    user
  );
  return { token: accessKey };
};
