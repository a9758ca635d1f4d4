/**
 * An admin user, or a named system actor of the configuration (rules §1).
 * Reserved system actors: `operator` administers and never acts; `guard` acts for Strapi's own mail.
 */
export type NamedActor = { type: 'user'; id: number } | { type: 'system'; name: string };

/** The actor of a request. */
export type Actor =
  /** `only`: the actions that an admin token leaves its owner; without it, every action of the user. */
  { type: 'user'; id: number; only?: readonly string[] } | { type: 'system'; name: string };

/** The actor of a service call. Its permissions are read anew with every call. */
export interface By<A extends Actor = Actor> {
  actor: A;
}

export const OPERATOR = 'operator';
export const GUARD = 'guard';
export const RESERVED_ACTORS: readonly string[] = [OPERATOR, GUARD];

/** An admin user at the time of the decision. */
export interface UserFacts {
  type: 'user';
  id: number;
  /** `false`: there is no such user; the other fields are meaningless. */
  exists: boolean;
  isActive: boolean;
  blocked: boolean;
  /** One of its roles has the permission `plugin::mailboxes.communication.send`. */
  maySend: boolean;
  /** Ids of its roles. */
  roles: readonly number[];
  firstname: string | null;
  lastname: string | null;
  /** The account e-mail as stored. */
  email: string;
  /** Compared form (rules §7) of the address that the user confirmed; null: none. */
  confirmedKey: string | null;
}

/** A system actor of the configuration. */
export interface SystemActorFacts {
  type: 'system';
  name: string;
  /** `false`: not in the configuration, or reserved and never acting. */
  exists: boolean;
  /** Compared forms (rules §7) of the mailboxes' addresses. */
  mailboxes: 'all' | readonly string[];
  /** Key of its tenant. */
  tenant: string;
}

export type ActorFacts = UserFacts | SystemActorFacts;
