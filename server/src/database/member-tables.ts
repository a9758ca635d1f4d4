import type { Core } from '@strapi/types';
import { UIDS } from './tables';

interface JoinTable {
  table: string;
  /** Column of the tenant */
  own: string;
  /** Column of the user or role */
  other: string;
}

/** Returns Strapi's join tables of tenants with their member users and roles. */
export const memberTables = (strapi: Core.Strapi): { users: JoinTable; roles: JoinTable } => {
  const attributes = strapi.db.metadata.get(UIDS.tenant).attributes as unknown as Record<
    string,
    { joinTable: { name: string; joinColumn: { name: string }; inverseJoinColumn: { name: string } } }
  >;
  const of = (attribute: string): JoinTable => {
    const relation = attributes[attribute];
    if (!relation) throw new Error(`[mailboxes] tenant has no attribute ${attribute}`);
    const { name, joinColumn, inverseJoinColumn } = relation.joinTable;
    return { table: name, own: joinColumn.name, other: inverseJoinColumn.name };
  };
  return { users: of('memberUsers'), roles: of('memberRoles') };
};

export const memberTableNames = (strapi: Core.Strapi): string[] =>
  Object.values(memberTables(strapi)).map(({ table }) => table);
