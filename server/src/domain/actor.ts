/**
 * Who asks (rules §1): an admin user, or a named system actor that the configuration declares.
 * Reserved system actors: `operator` administers and never acts; `guard` acts for Strapi's own mail.
 */
export type NamedActor = { type: 'user'; id: number } | { type: 'system'; name: string };

/** As it comes with a request. */
export type Actor =
  /** `only`: what an admin token leaves of its owner's actions; without it, all that the user holds. */
  { type: 'user'; id: number; only?: readonly string[] } | { type: 'system'; name: string };

export const OPERATOR = 'operator';
export const GUARD = 'guard';
export const RESERVED_ACTORS: readonly string[] = [OPERATOR, GUARD];

/** What is known of an admin user at the moment of the decision. */
export interface UserFacts {
  type: 'user';
  id: number;
  /** `false`: no such user (any more); the other fields then hold nothing of value. */
  exists: boolean;
  isActive: boolean;
  blocked: boolean;
  /** Holds `plugin::mailboxes.communication.send` through a role it has now. */
  maySend: boolean;
  /** Ids of the roles it has now. */
  roles: readonly number[];
  firstname: string | null;
  lastname: string | null;
  /** The account e-mail as stored. */
  email: string;
  /** Compared form (rules §7) of the address this user confirmed; null: none. */
  confirmedKey: string | null;
}

/** What the configuration says of a system actor. */
export interface SystemActorFacts {
  type: 'system';
  name: string;
  /** `false`: the configuration does not declare it, or it is reserved and never acts. */
  exists: boolean;
  /** Compared forms (rules §7) of the addresses it may use. */
  mailboxes: 'all' | readonly string[];
  /** Key of the tenant it acts in. */
  tenant: string;
}

export type ActorFacts = UserFacts | SystemActorFacts;
