import type { Attempt } from '../domain/outcome';
import type { SecretProblem } from '../domain/auth';
import type { Pause } from '../domain/mailbox';
import type { SmtpTransport } from './pool';
import type { HandOver } from './transmission';

/** Strapi's e-mail provider: opaque, no 354, no replies per recipient (delivery §3a). */
export interface ProviderTransport {
  kind: 'provider';
  send: (message: { envelope: HandOver['envelope']; messageId: string; bytes: Buffer }) => Promise<Attempt>;
}

export type Route =
  | SmtpTransport
  | ProviderTransport
  /** Paused until an administrator resumes it: no connection is made. */
  | { kind: 'paused'; pause: Pause }
  /** Its settings are missing or were deleted; the decision returns the reason. */
  | { kind: 'gone' }
  /** The secret of its login is not available. */
  | { kind: 'no-secret'; problem: SecretProblem };
