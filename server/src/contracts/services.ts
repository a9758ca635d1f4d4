import type { NamedActor } from '../domain/actor';
import type { Decision, IdentityId, IdentityList } from '../domain/identity';
import type { Auth, Encryption } from '../domain/mailbox';
import type { DuplicatePolicy, OwnAddressRule, SystemSenderRule } from '../domain/tenant';
import type { Grant, Mailbox, OwnAddressStatus, Submission, Tenant, WhoMayUseRow } from './answers';

/* The services as other code may rely on them. They are held to these types where they are composed. */

/** Who asks; rights are read anew with every call. */
export interface By {
  actor: NamedActor;
}

/** An addr-spec alone, or with a name. */
export type EmailAddress = { email: string; name?: string } | string;

export interface SubmitInput {
  actor: NamedActor;
  /** documentId or key; without it the actor's own */
  tenant?: string;
  from: IdentityId;
  replyTo?: IdentityId;
  /** At least one address in to, cc and bcc. */
  to?: EmailAddress[];
  cc?: EmailAddress[];
  bcc?: EmailAddress[];
  subject: string;
  /** At least one of text and html. */
  text?: string;
  html?: string;
  /**
   * `file`: id in the media library; its content is copied when the submission is accepted. `cid`: 1 to 64 of
   * `[A-Za-z0-9._-]`, once in the message; the HTML shows the picture by `<img src="cid:…">`
   */
  attachments?: { file: number; name?: string; cid?: string }[];
  /** Names begin with `X-`. */
  headers?: Record<string, string>;
  /** ISO 8601 with zone, not more than 5 minutes ago, at most 366 days ahead */
  sendAt?: string;
  /** IANA name of the zone in which pages show `sendAt`; only with `sendAt` */
  sendZone?: string;
  /** 0 to 120; by default as configured for a user, 0 for a system actor */
  undoSeconds?: number;
  /** 1 to 255 printable ASCII characters: the same key and the same input give the same submission */
  idempotencyKey?: string;
  /** Id of the user's draft that it is made of: sent once, back when the submission is canceled */
  draft?: string;
  /** The draft's version that this is: `INVALID_STATE` with `version` where another was stored since */
  draftVersion?: number;
}

export interface SmtpSettings {
  host: string;
  /** 1 to 65535, and one of `network.ports` */
  port: number;
  encryption: Encryption;
  auth: Auth;
  /** Default: the mailbox's address. */
  username?: string;
  /** Absent: the stored one stays, if host, port, encryption, auth and username stay. */
  password?: string | null;
}

export interface MailboxInput {
  email: string;
  name: string;
  /** documentId or key */
  tenant?: string;
  /** true */
  enabled?: boolean;
  /** Offered in From; true. */
  sender?: boolean;
  /** Offered in Reply-To; true. */
  reply?: boolean;
  /** Usable in every tenant; false. */
  global?: boolean;
  /** Usable by grant only; false. */
  restricted?: boolean;
  /** Sends over `smtp`; false. Switching it off deletes settings and password. */
  authenticated?: boolean;
  /** Replaced as a whole. */
  smtp?: SmtpSettings;
  signature?: { html?: string; text?: string };
  limits?: { perMinute?: number; connections?: number };
}

/** Exactly one of user and role, each the numeric id of Strapi's. */
export interface GrantInput {
  /** documentId */
  mailbox: string;
  user?: number;
  role?: number;
  /** ISO 8601, later than now; null: no end */
  expiresAt?: string | null;
}

export interface TenantInput {
  name: string;
  /** Lower case, unique, never changed; default: made from the name. */
  key?: string;
  /** Numeric ids. Default: nobody, but everyone of the default tenant. */
  members?: 'everyone' | { users: number[]; roles: number[] };
  /** null: the configuration's */
  mailboxLimit?: number | null;
  /** Empty: any. */
  mailboxDomains?: string[];
  /** 'off' */
  ownAddress?: OwnAddressRule;
  /** Empty: any. */
  ownAddressDomains?: string[];
  /** 'own-name' */
  duplicatePolicy?: DuplicatePolicy;
  /** 'everyone' */
  systemSender?: SystemSenderRule;
  system?: { name?: string; email?: string } | null;
}

export interface IdentitiesService {
  /** @throws TENANT_MISMATCH, FORBIDDEN_TO_SEND, nothing else */
  listFor: (q: By & { tenant?: string }) => Promise<IdentityList>;
  /** Never throws for a refusal. */
  check: (q: By & { tenant?: string; from: IdentityId; replyTo?: IdentityId }) => Promise<Decision>;
  /** Everyone who may use the mailbox (documentId), and why. Asks no rights of the caller. */
  whoMayUse: (
    mailbox: string,
    q?: { tenant?: string; page?: number; pageSize?: number }
  ) => Promise<{ rows: WhoMayUseRow[]; total: number }>;
}

export interface SubmissionsService {
  /** Durable when it resolves; in a transaction of the caller, when that commits. @throws MailboxesError */
  submit: (input: SubmitInput) => Promise<Submission>;
  /** @throws NOT_FOUND for what is neither the actor's own nor read by right of `log.read` */
  get: (id: string, q: By) => Promise<Submission>;
  /** @throws NOT_FOUND, FORBIDDEN, CANNOT_UNSEND */
  cancel: (id: string, q: By) => Promise<Submission>;
  /** Same Message-ID, same bytes, a new age. @throws NOT_FOUND, FORBIDDEN, INVALID_STATE, every refusal of a sender */
  retry: (id: string, q: By) => Promise<Submission>;
  /** Moves what waits for its `sendAt` (ISO 8601, limits as in `submit`). Without `sendZone` the zone stays. @throws INVALID_INPUT, NOT_FOUND, FORBIDDEN, INVALID_STATE, every refusal of a sender */
  reschedule: (id: string, q: By & { sendAt: string; sendZone?: string }) => Promise<Submission>;
  /** Sends what is stored to other recipients, as another submission of the same actor. @throws INVALID_STATE, what `submit` and `retry` throw */
  resend: (id: string, q: By & { to: EmailAddress[]; idempotencyKey?: string }) => Promise<Submission>;
  /** Says what became of an uncertain one. @throws NOT_FOUND, FORBIDDEN, INVALID_STATE */
  settle: (id: string, q: By & { as: 'submitted' | 'failed' }) => Promise<Submission>;
  /** Resolves at submitted, failed, canceled or uncertain; after `timeoutMs` (60 000) with the state it has. */
  whenSettled: (id: string, q: By & { timeoutMs?: number }) => Promise<Submission>;
}

export interface MailboxesService {
  create: (input: MailboxInput, q: By) => Promise<Mailbox>;
  update: (id: string, input: Partial<MailboxInput>, q: By) => Promise<Mailbox>;
  /** @throws MAILBOX_IN_USE where something unfinished would be lost */
  delete: (id: string, q: By & { cancelUnfinished?: boolean }) => Promise<void>;
  findOne: (id: string, q: By) => Promise<Mailbox | null>;
  findMany: (q: By & { tenant?: string }) => Promise<Mailbox[]>;
}

export interface GrantsService {
  /** A second one for the same user or role replaces the first. */
  create: (input: GrantInput, q: By) => Promise<Grant>;
  delete: (id: string, q: By) => Promise<void>;
  findMany: (q: By & { mailbox: string }) => Promise<Grant[]>;
}

export interface TenantsService {
  create: (input: TenantInput, q: By) => Promise<Tenant>;
  update: (id: string, input: Partial<TenantInput>, q: By) => Promise<Tenant>;
  delete: (id: string, q: By) => Promise<void>;
  findOne: (id: string, q: By) => Promise<Tenant | null>;
  findMany: (q: By) => Promise<Tenant[]>;
  default: () => Promise<Tenant>;
}

export interface OwnAddressService {
  status: (q: By) => Promise<OwnAddressStatus>;
  /** Mails the code. @throws RATE_LIMITED */
  request: (q: By) => Promise<void>;
  /** @throws CODE_INVALID */
  confirm: (q: By & { code: string }) => Promise<void>;
}

/** By the names that `strapi.plugin('mailboxes').service(…)` knows them by. */
export interface Services {
  identities: IdentitiesService;
  submissions: SubmissionsService;
  mailboxes: MailboxesService;
  grants: GrantsService;
  tenants: TenantsService;
  'own-address': OwnAddressService;
}
