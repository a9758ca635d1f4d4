import type { Core } from '@strapi/types';
import type { LostPermissions } from '../contracts/answers';
import { ACTIONS, actionId, PLUGIN_ID } from '../contracts/permissions';

const PREFIX = `plugin::${PLUGIN_ID}.`;
const SUPER_ADMIN = 'strapi-super-admin';

/** Keys of the plugin's store. */
const REMEMBERED = 'rolePermissions';
const LOST = 'lostPermissions';

/** Our actions by the role's id. Super Admin gets all of them back by itself, so it is never among them. */
type ByRole = Record<string, string[]>;

interface PermissionRow {
  action: string;
  role: { id: number; code: string } | null;
}

/** A version may register fewer: Strapi deletes what is ticked of them, and nothing is lost by that. */
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

/**
 * Strapi deletes the ticked permissions of a plugin that is disabled for a start, without a word. So which role has
 * which is written down whenever it changes; what is missing at a start was lost while the plugin was not there.
 */
export const createRolePermissions = (strapi: Core.Strapi) => {
  const store = () => strapi.store({ type: 'plugin', name: PLUGIN_ID });

  const read = async (): Promise<ByRole> => {
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

  const stored = async (key: string): Promise<ByRole> =>
    registeredIn(((await store().get({ key })) as ByRole | null) ?? {});

  const write = async (key: string, before: ByRole, value: ByRole): Promise<void> => {
    if (JSON.stringify(before) !== JSON.stringify(value)) await store().set({ key, value });
  };

  /** Writes down which role has which permission now. What a role got back is no longer lost, also if it is unticked later. */
  const remember = async (): Promise<void> => {
    const byRole = await read();
    await write(REMEMBERED, await stored(REMEMBERED), byRole);
    const lost = await stored(LOST);
    await write(LOST, lost, stillMissing(lost, byRole));
  };

  /** At a start, before anything else changes permissions: what is missing against what was written down is lost. */
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

  /** The roles that have not got their permissions back; one that is gone is not told. */
  const lostPermissions = async (byRole: ByRole): Promise<LostPermissions[]> => {
    const missing = stillMissing(await stored(LOST), byRole);
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

  return {
    compare,
    remember,
    status: async (): Promise<{ nobodyMaySend: boolean; lostPermissions: LostPermissions[] }> => {
      const byRole = await read();
      const send = actionId('communication.send');
      return {
        nobodyMaySend: !Object.values(byRole).some((actions) => actions.includes(send)),
        lostPermissions: await lostPermissions(byRole),
      };
    },
    /** The operator has read it and leaves the roles as they are. */
    forgetLost: (): Promise<void> => store().delete({ key: LOST }),
  };
};
