import type { Core } from '@strapi/types';
import type { LostPermissions } from '../contracts/answers';
import { ACTIONS, actionId, PLUGIN_ID } from '../contracts/permissions';

const PREFIX = `plugin::${PLUGIN_ID}.`;
const SUPER_ADMIN = 'strapi-super-admin';

/** Keys of the plugin's store. */
const REMEMBERED = 'rolePermissions';
const LOST = 'lostPermissions';

/** Actions of the plugin by role id, without Super Admin, which Strapi grants every action at each start. */
type ByRole = Record<string, string[]>;

interface PermissionRow {
  action: string;
  role: { id: number; code: string } | null;
}

/** Another version may register fewer actions: Strapi deletes the permissions of the others, which is no loss. */
const REGISTERED: ReadonlySet<string> = new Set(ACTIONS.map(({ uid }) => actionId(uid)));

const registeredIn = (byRole: ByRole): ByRole =>
  Object.fromEntries(
    Object.entries(byRole)
      .map(([role, actions]) => [role, actions.filter((action) => REGISTERED.has(action))] as const)
      .filter(([, actions]) => actions.length > 0)
  );

const without = (actions: readonly string[], others: readonly string[] = []): string[] =>
  actions.filter((action) => !others.includes(action));

const stillMissing = (lost: ByRole, byRole: ByRole): ByRole =>
  Object.fromEntries(
    Object.entries(lost)
      .map(([role, actions]) => [role, without(actions, byRole[role])] as const)
      .filter(([, actions]) => actions.length > 0)
  );

/** Reads the current permissions of each role. */
const readPermissions = async (strapi: Core.Strapi): Promise<ByRole> => {
  const rows = (await strapi.db.query('admin::permission').findMany({
    where: { action: { $startsWith: PREFIX } },
    populate: { role: { select: ['id', 'code'] } },
    orderBy: { id: 'asc' },
  })) as PermissionRow[];
  const byRole: ByRole = {};
  for (const { action, role } of rows) {
    if (!role || role.code === SUPER_ADMIN) continue;
    const actions = (byRole[role.id] ??= []);
    if (!actions.includes(action)) actions.push(action);
  }
  return registeredIn(byRole);
};

/** Adds the names of the roles; omits deleted roles. */
const withRoleNames = async (strapi: Core.Strapi, missing: ByRole): Promise<LostPermissions[]> => {
  const ids = Object.keys(missing).map(Number);
  if (ids.length === 0) return [];
  const roles: { id: number; name: string }[] = await strapi.db
    .query('admin::role')
    .findMany({ where: { id: { $in: ids } }, select: ['id', 'name'], orderBy: { name: 'asc' } });
  return roles.map(({ id, name }) => ({
    role: id,
    name,
    actions: (missing[id] ?? []).map((action) => action.slice(PREFIX.length)),
  }));
};

/**
 * Detects lost permissions: Strapi silently deletes the permissions of a plugin that is disabled for a start. The
 * permissions of each role are stored at every change; those missing at the next start were lost.
 */
export const createRolePermissions = (strapi: Core.Strapi) => {
  const store = () => strapi.store({ type: 'plugin', name: PLUGIN_ID });

  const read = () => readPermissions(strapi);

  const stored = async (key: string): Promise<ByRole> =>
    registeredIn(((await store().get({ key })) as ByRole | null) ?? {});

  const write = async (key: string, before: ByRole, value: ByRole): Promise<void> => {
    if (JSON.stringify(before) !== JSON.stringify(value)) await store().set({ key, value });
  };

  /** Stores the current permissions of each role. A permission granted again is no longer lost, even if revoked later. */
  const remember = async (): Promise<void> => {
    const byRole = await read();
    await write(REMEMBERED, await stored(REMEMBERED), byRole);
    const lost = await stored(LOST);
    await write(LOST, lost, stillMissing(lost, byRole));
  };

  /** Compares the permissions with the stored ones. Call it at a start, before any change of permissions. */
  const compare = async (): Promise<void> => {
    const byRole = await read();
    const before = await stored(REMEMBERED);
    const lost = await stored(LOST);
    for (const [role, actions] of Object.entries(before)) {
      const missing = without(actions, byRole[role]);
      if (missing.length > 0) lost[role] = [...new Set([...(lost[role] ?? []), ...missing])];
    }
    await write(LOST, await stored(LOST), lost);
    await remember();
  };

  return {
    compare,
    remember,
    status: async (): Promise<{ nobodyMaySend: boolean; lostPermissions: LostPermissions[] }> => {
      const byRole = await read();
      const send = actionId('communication.send');
      return {
        nobodyMaySend: !Object.values(byRole).some((actions) => actions.includes(send)),
        lostPermissions: await withRoleNames(strapi, stillMissing(await stored(LOST), byRole)),
      };
    },
    /** Dismisses the notice about lost permissions. */
    forgetLost: (): Promise<void> => store().delete({ key: LOST }),
  };
};
