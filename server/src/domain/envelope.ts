import { sameAddress } from './address';
import type { Identity } from './identity';

/** What the server builds from the chosen identities (rules §4); the author can type none of it. */
export interface Envelope {
  /** RFC 5321 MAIL FROM: the address of the mailbox whose transport is used. */
  mailFrom: string;
  /** RFC 5322 §3.6.2: only where that address differs from the From address. */
  sender: string | null;
}

export const envelopeOf = ({ email, transport }: Pick<Identity, 'email' | 'transport'>): Envelope => ({
  mailFrom: transport.email,
  sender: sameAddress(email, transport.email) ? null : transport.email,
});
