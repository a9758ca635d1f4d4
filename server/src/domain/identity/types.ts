import type { ActorFacts } from '../actor';
import type { GrantFacts } from '../grant';
import type { MailboxFacts, Pause } from '../mailbox';
import type { RefusalCode } from '../refusal';
import type { TenantFacts } from '../tenant';

export type IdentityId = 'system' | 'own' | `mailbox:${string}`;

export type ListName = 'from' | 'replyTo';

export type Because = 'system' | 'own' | 'open' | 'user-grant' | `role-grant:${number}` | 'system-actor';

/** The SMTP connection a submission is sent through. `email` is the envelope's MAIL FROM (rules §4). */
export type Transport =
  { kind: 'system'; email: string } | { kind: 'mailbox'; mailbox: string; name: string; email: string };

/** One entry of a drop-down (RFC 8621 §6). */
export interface Identity {
  id: IdentityId;
  name: string | null;
  /** '' only in `unavailable`, if the address is not known. */
  email: string;
  source: 'system' | 'own' | 'mailbox';
  global: boolean;
  transport: Transport;
  because: Because[];
  paused: Pause | null;
}

export interface Unavailable {
  identity: Identity;
  list: ListName;
  code: RefusalCode;
  message: string;
}

export interface IdentityList {
  from: Identity[];
  replyTo: Identity[];
  unavailable: Unavailable[];
  preselected: { from: IdentityId | null; replyTo: IdentityId | null };
}

/** The installation's system mailbox, before a tenant's override. */
export interface SystemFacts {
  name: string | null;
  /** null: configuration and the e-mail plugin give no single valid address (rules §3). */
  email: string | null;
  /** `system-address-only`: a provider that cannot carry any other From (delivery §3a). */
  carries: 'any' | 'system-address-only';
  paused: Pause | null;
}

/** Everything the decision depends on: no clock, storage or request besides. */
export interface Facts {
  actor: ActorFacts;
  tenant: TenantFacts;
  /** All mailboxes of the tenant, and all global ones. */
  mailboxes: readonly MailboxFacts[];
  /** Every grant of the user or one of its roles. Other grants have no effect. */
  grants: readonly GrantFacts[];
  system: SystemFacts;
  /** `ownAddress.requireConfirmation` of the configuration. */
  requireConfirmation: boolean;
  /** Milliseconds since the epoch. */
  now: number;
  /** Identities of the user's last submission in this tenant. */
  last: { from: IdentityId; replyTo: IdentityId | null } | null;
}

/** A mailbox the actor may use, with the reasons. */
export interface Usable {
  mailbox: MailboxFacts;
  because: Because[];
}

/** The identities that a submission names. */
export interface Wanted {
  from: IdentityId;
  replyTo?: IdentityId | null;
}

export type Decision =
  { allowed: true; from: Identity; replyTo: Identity | null } | { allowed: false; code: RefusalCode; message: string };
