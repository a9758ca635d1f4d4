import type { TenantRules } from '../../domain/tenant';

export interface Tenant extends TenantRules {
  /** documentId */
  id: string;
  key: string;
  name: string;
  default: boolean;
  members: 'everyone' | { users: number[]; roles: number[] };
  system: { name?: string; email?: string } | null;
  quota: { used: number; limit: number };
}

export interface TenantRef {
  /** documentId */
  id: string;
  key: string;
  name: string;
  default: boolean;
}

/** A user or role that is a member of a tenant, by name. */
export interface Member {
  kind: 'user' | 'role';
  id: number;
  name: string;
  /** null: a role */
  email: string | null;
}
