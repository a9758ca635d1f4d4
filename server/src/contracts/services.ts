import type { By as CalledBy, NamedActor } from '../domain/actor';
import type { Auth } from '../domain/auth';
import type { ContentInput } from '../domain/draft';
import type { Decision, IdentityId, IdentityList } from '../domain/identity';
import type { Encryption, MailboxFlags } from '../domain/mailbox';
import type { TenantRules } from '../domain/tenant';
import type { Grant, Mailbox, OwnAddressStatus, SavedMailbox, Submission, Tenant, WhoMayUseRow } from './answers';

/* Public types of the services. The container checks the implementations against them. */

type By = CalledBy<NamedActor>;

/** An addr-spec alone, or with a name. */
export type EmailAddress = { email: string; name?: string } | string;

export interface SubmitInput extends By, ContentInput {
  /** documentId or key; default: the actor's tenant */
  tenant?: string;
  from: IdentityId;
  replyTo?: IdentityId;
  /** At least one address in to, cc and bcc. */
  to?: EmailAddress[];
  cc?: EmailAddress[];
  bcc?: EmailAddress[];
  subject: string;
  /** Id of the user's draft that it is made of: submitted at most once, restored when the submission is canceled */
  draft?: string;
  /** Version of that draft: `INVALID_STATE` with `version` if another one has been stored since */
  draftVersion?: number;
  /**
   * Codes of the preview's warnings that do not prevent the submission; any other one is refused with `WARNINGS`. Absent: no
   * warning prevents it
   */
  acceptWarnings?: string[];
}

export interface SmtpSettings {
  host: string;
  /** 1 to 65535, and one of `network.ports` */
  port: number;
  encryption: Encryption;
  auth: Auth['type'];
  /** Default: the mailbox's address */
  username?: string;
  /** Absent: the stored password is kept, unless host, port, encryption, auth or username change. */
  password?: string | null;
}

export interface MailboxInput extends Partial<MailboxFlags> {
  email: string;
  name: string;
  /** documentId or key */
  tenant?: string;
  /** Replaced as a whole. */
  smtp?: SmtpSettings;
  signature?: { html?: string; text?: string };
  limits?: { perMinute?: number; connections?: number };
  /**
   * Requires `grants.manage`. Up to 100 entries in each list, saved with the mailbox in one transaction: first `remove`
   * (ids), then `add`, in their order.
   */
  grants?: { add?: Omit<GrantInput, 'mailbox'>[]; remove?: string[] };
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

export interface TenantInput extends Partial<TenantRules> {
  name: string;
  /** Lower case, unique, cannot be changed; default: derived from the name */
  key?: string;
  /** Numeric ids. Default: no members, except everyone for the default tenant */
  members?: 'everyone' | { users: number[]; roles: number[] };
  system?: { name?: string; email?: string } | null;
}

export interface IdentitiesService {
  /** @throws only TENANT_MISMATCH, FORBIDDEN_TO_SEND */
  listFor: (q: By & { tenant?: string }) => Promise<IdentityList>;
  /** Never throws for a refusal. */
  check: (q: By & { tenant?: string; from: IdentityId; replyTo?: IdentityId }) => Promise<Decision>;
  /** Lists every user that may use the mailbox (documentId), with the reasons. Requires no permission of the caller. */
  whoMayUse: (
    mailbox: string,
    q?: { tenant?: string; page?: number; pageSize?: number }
  ) => Promise<{ rows: WhoMayUseRow[]; total: number }>;
}

export interface SubmissionsService {
  /** Durable when it resolves; in a transaction of the caller, when that commits. @throws MailboxesError */
  submit: (input: SubmitInput) => Promise<Submission>;
  /** @throws NOT_FOUND unless the actor is the author or has `log.read` in the tenant */
  get: (id: string, q: By) => Promise<Submission>;
  /** @throws NOT_FOUND, FORBIDDEN, CANNOT_UNSEND */
  cancel: (id: string, q: By) => Promise<Submission>;
  /** Sends the same bytes with the same Message-ID; its age starts anew. @throws NOT_FOUND, FORBIDDEN, INVALID_STATE, every refusal of a sender */
  retry: (id: string, q: By) => Promise<Submission>;
  /** Moves a submission that waits for its `sendAt` (ISO 8601, limits as in `submit`). Without `sendZone` the zone stays. @throws INVALID_INPUT, NOT_FOUND, FORBIDDEN, INVALID_STATE, every refusal of a sender */
  reschedule: (id: string, q: By & { sendAt: string; sendZone?: string }) => Promise<Submission>;
  /** Sends the stored message to other recipients, as another submission of the same actor. @throws INVALID_STATE, every refusal of `submit` and `retry` */
  resend: (id: string, q: By & { to: EmailAddress[]; idempotencyKey?: string }) => Promise<Submission>;
  /** Sets the final state of an uncertain submission. @throws NOT_FOUND, FORBIDDEN, INVALID_STATE */
  settle: (id: string, q: By & { as: 'submitted' | 'failed' }) => Promise<Submission>;
  /** Resolves at submitted, failed, canceled or uncertain; after `timeoutMs` (60 000) with the current state. */
  whenSettled: (id: string, q: By & { timeoutMs?: number }) => Promise<Submission>;
}

export interface MailboxesService {
  create: (input: MailboxInput, q: By) => Promise<SavedMailbox>;
  update: (id: string, input: Partial<MailboxInput>, q: By) => Promise<SavedMailbox>;
  /** @throws MAILBOX_IN_USE if it has unfinished submissions, unless `cancelUnfinished` */
  delete: (id: string, q: By & { cancelUnfinished?: boolean }) => Promise<void>;
  findOne: (id: string, q: By) => Promise<Mailbox | null>;
  findMany: (q: By & { tenant?: string }) => Promise<Mailbox[]>;
}

export interface GrantsService {
  /** Replaces an existing grant of the same user or role. */
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
  /** Sends the code by mail. @throws RATE_LIMITED */
  request: (q: By) => Promise<void>;
  /** @throws CODE_INVALID */
  confirm: (q: By & { code: string }) => Promise<void>;
}

/** By their names in `strapi.plugin('mailboxes').service(…)`. */
export interface Services {
  identities: IdentitiesService;
  submissions: SubmissionsService;
  mailboxes: MailboxesService;
  grants: GrantsService;
  tenants: TenantsService;
  'own-address': OwnAddressService;
}
