import type { Actor } from '../domain/actor';
import type { Because, Identity, IdentityId, IdentityList, Transport, Unavailable } from '../domain/identity';
import type { PauseCode } from '../domain/mailbox';
import type { OutcomeCode } from '../domain/outcome';
import type { RecipientField, RecipientState, SubmissionState } from '../domain/submission';
import type { Encryption } from './mailbox';

/** What the admin API answers: shared by the server that writes it and the pages that read it. */
export type {
  Actor,
  Because,
  Identity,
  IdentityId,
  IdentityList,
  OutcomeCode,
  PauseCode,
  RecipientState,
  SubmissionState,
  Transport,
  Unavailable,
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
  actor: Actor;
  /** documentId */
  tenant: string;
  from: { name: string | null; email: string };
  replyTo: { name: string | null; email: string } | null;
  transport: Transport;
  messageId: string;
  subject: string;
  createdAt: string;
  sendAt: string | null;
  settledAt: string | null;
  attempts: number;
  nextAttemptAt: string | null;
  error: { code: OutcomeCode; message: string; details?: object } | null;
  recipients: { email: string; name?: string; field: RecipientField; state: RecipientState; reply: string | null }[];
}

export interface OwnAddressStatus {
  email: string;
  confirmed: boolean;
  requestedAt: string | null;
}

/** One step of a connection test. */
export interface Step {
  step: 'dns' | 'connect' | 'tls' | 'auth' | 'mail-from' | 'rcpt-to';
  /** null: not reached, or not wanted */
  ok: boolean | null;
  message: string;
  /** The server's words, or what was found. */
  detail?: string;
  problem?: string;
}

export interface ConnectionTestResult {
  ok: boolean;
  steps: Step[];
  /** What became of the test mail; null: none was wanted, or a step failed before. */
  mail: { ok: boolean; message: string; detail?: string } | null;
}
