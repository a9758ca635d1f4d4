/** A reply as it may be shown: printable, one line. RFC 5321 §4.2. */
export interface Reply {
  code: number;
  text: string;
}

export interface RecipientReply {
  email: string;
  reply: Reply;
}

/** The last step of the SMTP session before its end. */
export type Stage = 'connect' | 'greeting' | 'ehlo' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';

/** The cause of a failure without a reply. */
export type Trouble =
  | 'connection'
  | 'timeout'
  | 'certificate'
  | 'host-unknown'
  | 'host-not-allowed'
  | 'auth-not-offered'
  | 'too-large'
  /** Bytes of the stored message are missing: a file, or a part of the text. */
  | 'incomplete'
  | 'secret-required'
  | 'secret-unreadable';

/** The end of one attempt. */
export type Attempt =
  /** A 2yz reply to the end of data; `refused`: recipients refused at RCPT. A provider of Strapi gives no reply: null. */
  | { kind: 'accepted'; reply: Reply | null; refused: readonly RecipientReply[] }
  /** No reply to the end of data: the server may have accepted the message. */
  | { kind: 'uncertain'; refused: readonly RecipientReply[] }
  /** The lease was lost before the final dot: nothing was sent, and another process owns the row. */
  | { kind: 'lost' }
  | { kind: 'failed'; stage: Stage; reply: Reply | null; trouble: Trouble | null; refused: readonly RecipientReply[] };
