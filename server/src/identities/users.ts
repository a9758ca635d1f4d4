import type { Core } from '@strapi/types';
import type { UserFacts } from '../domain/actor';
import { actionId, type Action } from '../contracts/permissions';
import { bool, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

/** An admin user with the plugin's actions that its roles hold. */
export interface LoadedUser {
  facts: UserFacts;
  holds: Set<Action>;
}

interface UserRow {
  id: number;
  firstname: string | null;
  lastname: string | null;
  email: string | null;
  is_active: unknown;
  blocked: unknown;
  role_id: number | null;
  confirmed_key: string | null;
}

interface PermissionRow {
  role_id: number;
  action: string;
  conditions: unknown;
  properties: unknown;
}

interface PermissionEngine {
  generateTokenAbility(permissions: unknown[], user: { id: number }): Promise<{ can(action: string): boolean }>;
}

export const NOBODY: Omit<UserFacts, 'id'> = {
  type: 'user',
  exists: false,
  isActive: false,
  blocked: true,
  maySend: false,
  roles: [],
  firstname: null,
  lastname: null,
  email: '',
  confirmedKey: null,
};

export const joinTableOf = (
  strapi: Core.Strapi,
  uid: 'admin::user' | 'admin::permission',
  attribute: 'roles' | 'role'
) => {
  const relation = strapi.db.metadata.get(uid).attributes[attribute] as unknown as {
    joinTable: { name: string; joinColumn: { name: string }; inverseJoinColumn: { name: string } };
  };
  const { name, joinColumn, inverseJoinColumn } = relation.joinTable;
  return { table: name, own: joinColumn.name, other: inverseJoinColumn.name };
};

const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);
const isEmptyList = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/**
 * Reads admin users in two statements for any number of ids: the users with their roles and confirmed address, and
 * the permissions of those roles. Nothing is cached.
 *
 * Strapi's ability engine decides about permissions with conditions; a condition that fails counts as no.
 *
 * @returns one entry per requested id; an unknown one has `exists: false`
 */
export const loadUsers = async (
  strapi: Core.Strapi,
  queries: Queries,
  ids: readonly number[],
  actions: readonly Action[]
): Promise<Map<number, LoadedUser>> => {
  const users = new Map<number, LoadedUser>(ids.map((id) => [id, { facts: { ...NOBODY, id }, holds: new Set() }]));
  if (users.size === 0) return users;
  const userRoles = joinTableOf(strapi, 'admin::user', 'roles');
  const rows = (await queries('admin_users as u')
    .leftJoin(`${userRoles.table} as r`, `r.${userRoles.own}`, 'u.id')
    .leftJoin(`${TABLES.confirmations} as c`, 'c.user_id', 'u.id')
    .whereIn('u.id', [...users.keys()])
    .select('u.id', 'u.firstname', 'u.lastname', 'u.email', 'u.is_active', 'u.blocked')
    .select({ role_id: `r.${userRoles.other}`, confirmed_key: 'c.address_key' })) as UserRow[];

  for (const row of rows) {
    const known = users.get(row.id)?.facts;
    const roles = row.role_id === null ? [] : [row.role_id];
    const facts: UserFacts = known?.exists
      ? { ...known, roles: [...known.roles, ...roles] }
      : {
          type: 'user',
          id: row.id,
          exists: true,
          isActive: bool(row.is_active),
          blocked: bool(row.blocked),
          maySend: false,
          roles,
          firstname: row.firstname,
          lastname: row.lastname,
          email: row.email ?? '',
          confirmedKey: row.confirmed_key,
        };
    users.set(row.id, { facts, holds: new Set() });
  }

  const roleIds = [...new Set([...users.values()].flatMap(({ facts }) => facts.roles))];
  if (roleIds.length === 0 || actions.length === 0) return users;
  const permissionRole = joinTableOf(strapi, 'admin::permission', 'role');
  const permissions = (await queries(`${permissionRole.table} as l`)
    .join('admin_permissions as p', 'p.id', `l.${permissionRole.own}`)
    .whereIn(`l.${permissionRole.other}`, roleIds)
    .whereIn('p.action', actions.map(actionId))
    .select({ role_id: `l.${permissionRole.other}` })
    .select('p.action', 'p.conditions', 'p.properties')) as PermissionRow[];

  const engine = (strapi.service('admin::permission') as unknown as { engine: PermissionEngine }).engine;
  for (const { facts, holds } of users.values()) {
    for (const action of actions) {
      const mine = permissions.filter(
        (permission) => permission.action === actionId(action) && facts.roles.includes(permission.role_id)
      );
      if (await grants(engine, mine, facts)) holds.add(action);
    }
    if (holds.has('communication.send')) facts.maySend = true;
  }
  return users;
};

const grants = async (
  engine: PermissionEngine,
  permissions: readonly PermissionRow[],
  user: UserFacts
): Promise<boolean> => {
  if (permissions.length === 0) return false;
  const read = permissions.map(({ action, conditions, properties }) => ({
    action,
    subject: null,
    conditions: parsed(conditions) ?? [],
    properties: parsed(properties) ?? {},
    actionParameters: {},
  }));
  if (read.some(({ conditions }) => isEmptyList(conditions))) return true;
  const action = permissions[0]?.action ?? '';
  return (await engine.generateTokenAbility(read, { id: user.id })).can(action);
};
