import type { Attempt } from '../domain/outcome';
import type { Pause } from '../domain/mailbox';
import type { HandOver, SmtpTransport } from './pool';

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
  /** It has no settings (any more): the decision has the reason. */
  | { kind: 'gone' }
  | { kind: 'unreadable' | 'no-secret' };
