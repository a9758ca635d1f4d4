import type { NamedActor } from '../domain/actor';
import type { DraftContent } from '../domain/draft';
import type { Because, Identity, IdentityId, IdentityList, Transport, Unavailable } from '../domain/identity';
import type { Encryption, PauseCode } from '../domain/mailbox';
import type { OutcomeCode } from '../domain/outcome';
import type { Signature } from '../domain/signature';
import type { Suggestion } from '../domain/suggestion';
import type { RecipientField, RecipientState, SubmissionState } from '../domain/submission';
import type { Warning } from '../domain/warnings';
import type { DuplicatePolicy, OwnAddressRule, SystemSenderRule } from '../domain/tenant';

/** What the admin API answers: shared by the server that writes it and the pages that read it. */
export type {
  NamedActor as Actor,
  Because,
  DuplicatePolicy,
  Identity,
  IdentityId,
  IdentityList,
  OutcomeCode,
  OwnAddressRule,
  PauseCode,
  RecipientState,
  Signature,
  SubmissionState,
  Suggestion,
  SystemSenderRule,
  Transport,
  Unavailable,
  Warning,
};

/** What the API says of a mailbox: its input with every default, without the password. */
export interface Mailbox {
  id: string;
  email: string;
  name: string;
  /** documentId */
  tenant: string;
  enabled: boolean;
  sender: boolean;
  reply: boolean;
  global: boolean;
  restricted: boolean;
  authenticated: boolean;
  smtp: {
    host: string;
    port: number;
    encryption: Encryption;
    auth: 'password' | 'none';
    username: string | null;
    hasPassword: boolean;
    passwordSetAt: string | null;
  } | null;
  signature: { html: string; text: string };
  limits: { perMinute: number; connections: number };
  state: 'ok' | 'paused';
  pausedBecause: { code: PauseCode; message: string; at: string } | null;
}

/** A grant as the API says it. */
export interface Grant {
  id: string;
  /** documentId */
  mailbox: string;
  user: number | null;
  role: number | null;
  expiresAt: string | null;
  createdAt: string;
}

/** Why a grant has no effect now: of a user, or (`no-users`, `none-can-send`) of a role. */
export type GrantProblem = 'blocked' | 'inactive' | 'cannot-send' | 'not-a-member' | 'no-users' | 'none-can-send';

/** Whom a mailbox is granted to, and whether that lets anybody send. */
export interface GrantSubject extends Member {
  problem: GrantProblem | null;
}

/** A tenant as the API says it. */
export interface Tenant {
  /** documentId */
  id: string;
  key: string;
  name: string;
  default: boolean;
  members: 'everyone' | { users: number[]; roles: number[] };
  /** null: the configuration's limit */
  mailboxLimit: number | null;
  mailboxDomains: string[];
  ownAddress: OwnAddressRule;
  ownAddressDomains: string[];
  duplicatePolicy: DuplicatePolicy;
  systemSender: SystemSenderRule;
  system: { name?: string; email?: string } | null;
  quota: { used: number; limit: number };
}

/** A user or role that is a member of a tenant, by name. */
export interface Member {
  kind: 'user' | 'role';
  id: number;
  name: string;
  /** null: of a role */
  email: string | null;
}

export interface TenantRef {
  /** documentId */
  id: string;
  key: string;
  name: string;
  default: boolean;
}

/** What holds for a message of somebody who writes on the pages. */
export interface AuthorLimits {
  /** To, Cc and Bcc together, each address once. */
  recipients: number;
  /** The whole message as it leaves: a file takes 4/3 of its size. */
  messageBytes: number;
  /** How long it waits where nobody says otherwise. */
  undoSeconds: number;
}

/** A message as it would leave. */
export interface Preview {
  from: { name: string | null; email: string };
  replyTo: { name: string | null; email: string } | null;
  envelope: {
    /** MAIL FROM */
    from: string;
    /** `name`: of the mailbox; null: the system mailbox */
    through: { kind: Transport['kind']; name: string | null; email: string };
  };
  subject: string;
  /** Cleaned; pictures that come with it are named `cid:` as they were given. */
  html: string | null;
  text: string;
  /** Bytes of the whole message, files included, encoded as it leaves */
  size: number;
  /** `size` at most */
  limit: number;
  remoteImages: number;
  warnings: Warning[];
}

/** Who is signed in, and where they may write. */
export interface Me {
  tenants: TenantRef[];
  ownAddress: OwnAddressStatus;
  limits: AuthorLimits;
}

/** A role that had ticked permissions of ours before a start without the plugin, and has not got them back. */
export interface LostPermissions {
  role: number;
  name: string;
  /** Without `plugin::mailboxes.` before them. */
  actions: string[];
}

/** What keeps mail from leaving or editors from writing it, told above the list of mailboxes. */
export interface Setup {
  /** No role but Super Admin may send. */
  nobodyMaySend: boolean;
  /** Strapi's e-mail provider, where the system mailbox uses one that gives less than the promise. */
  weakProvider: string | null;
  lostPermissions: LostPermissions[];
}

/** How many grants of a restricted mailbox hold now. */
export interface AccessCount {
  users: number;
  roles: number;
}

export interface WhoMayUseRow {
  user: number;
  name: string;
  email: string;
  /** documentId */
  tenant: string;
  because: Because[];
}

/** A submission with what became of each recipient. */
export interface Submission {
  id: string;
  state: SubmissionState;
  actor: NamedActor;
  /** Name of the admin user who wrote it, where the reader is another one. */
  author?: string;
  /** documentId */
  tenant: string;
  from: { name: string | null; email: string };
  replyTo: { name: string | null; email: string } | null;
  transport: Transport;
  messageId: string;
  subject: string;
  createdAt: string;
  sendAt: string | null;
  /** IANA name of the zone that `sendAt` was chosen in; null: none was named. */
  sendZone: string | null;
  settledAt: string | null;
  attempts: number;
  nextAttemptAt: string | null;
  error: { code: OutcomeCode; message: string; details?: object } | null;
  /** Its draft, where a cancel brought that back and it is still there; told to its author only. */
  draft: string | null;
  /** The submission that it sends again, to other recipients. */
  resentFrom: string | null;
  recipients: { email: string; name?: string; field: RecipientField; state: RecipientState; reply: string | null }[];
}

/** Somebody's unfinished input, as it was typed. */
export interface Draft extends DraftContent {
  id: string;
  /** 1, and one more with each change: a change names the one that it changes. */
  version: number;
  /** documentId */
  tenant: string;
  createdAt: string;
  updatedAt: string;
}

/** A draft in a list, the one changed last first. */
export interface DraftEntry extends Pick<Draft, 'id' | 'version' | 'tenant' | 'createdAt' | 'updatedAt'> {
  /** Its first 998 characters. */
  subject: string;
  /** How many entries To, Cc and Bcc have. */
  recipients: number;
}

export interface OwnAddressStatus {
  email: string;
  confirmed: boolean;
  requestedAt: string | null;
}

/** One step of a connection test. */
export interface Step {
  step: 'dns' | 'connect' | 'tls' | 'auth' | 'mail-from' | 'rcpt-to';
  /** null: not reached, not wanted, or (with a `problem`) refused though it keeps no mail from leaving */
  ok: boolean | null;
  message: string;
  /** The server's words; of a step that passed also what was found. */
  detail?: string;
  problem?: string;
  /** What the server proved itself with; `validTo` is ISO 8601. */
  certificate?: { subject: string; issuer: string; validTo: string };
}

export interface ConnectionTestResult {
  ok: boolean;
  steps: Step[];
  /** What became of the test mail; null: none was wanted, or a step failed before. */
  mail: { ok: boolean; message: string; detail?: string } | null;
}

/** One thing that happened to a submission, oldest first. Times are ISO 8601. */
export type TimelineEntry =
  | { kind: 'accepted'; at: string }
  /** `by`: who did it; `name` is the user's, null for a system actor or a user who is gone. */
  | {
      kind: 'canceled' | 'retried' | 'settled';
      at: string;
      by: NamedActor;
      name: string | null;
      as?: 'submitted' | 'failed';
    }
  /** `submission`: the one that went to other recipients. */
  | { kind: 'resent'; at: string; by: NamedActor; name: string | null; submission: string }
  /** `sendAt`: when it is sent since then. */
  | { kind: 'rescheduled'; at: string; by: NamedActor; name: string | null; sendAt: string }
  | {
      kind: 'attempt';
      at: string;
      /** 1-based: which claim of the submission it was. */
      claim: number;
      /** The server had asked for the text: from here on it may have it. */
      transmittingAt: string | null;
      endedAt: string | null;
      /** A recipient's state, an outcome's or a pause's code, or 'crash', 'shutdown', 'timeout'; null while it runs. */
      result: string | null;
      reply: string | null;
      /** The server's answer came after a later attempt had begun. */
      late: boolean;
    };

/** What needs attention in a tenant, and what happened last: the home page's widget. */
export interface Overview {
  /** Of the author's own, or with `log.read` of all of the tenant. */
  failed: number;
  uncertain: number;
  waiting: number;
  /** Due for more than 30 minutes and not handed over yet. */
  late: number;
  /** Transports that rest: of identities that the asker may use. */
  paused: { kind: Transport['kind']; name: string; email: string; code: PauseCode; message: string; at: string }[];
  recent: Submission[];
}

/** What was accepted in the last 30 days, by the state that it has now; oldest day first, none left out. */
export interface SubmissionsByDay {
  /** IANA name: where the days begin and end */
  zone: string;
  days: {
    /** `2026-11-25` */
    day: string;
    counts: Record<SubmissionState, number>;
  }[];
}

export interface SystemMailboxStatus {
  email: string | null;
  configured: boolean;
  /** `provider`: Strapi's e-mail plugin, where only a test mail that goes can prove anything. */
  transport: 'smtp' | 'provider';
  state: 'ok' | 'paused';
  pausedBecause: { code: PauseCode; message: string; at: string } | null;
}
