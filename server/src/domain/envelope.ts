import { sameAddress } from './address';
import type { Identity } from './identity';

/** Built from the chosen identities (rules §4); the author can set none of it. */
export interface Envelope {
  /** RFC 5321 MAIL FROM: the address of the transport's mailbox. */
  mailFrom: string;
  /** RFC 5322 §3.6.2: `mailFrom` if it differs from the From address; else null. */
  sender: string | null;
}

export const envelopeOf = ({ email, transport }: Pick<Identity, 'email' | 'transport'>): Envelope => ({
  mailFrom: transport.email,
  sender: sameAddress(email, transport.email) ? null : transport.email,
});
