import type { Transport } from '../../domain/identity';
import type { Warning } from '../../domain/warnings';

/** A message as it would be sent. */
export interface Preview {
  from: { name: string | null; email: string };
  replyTo: { name: string | null; email: string } | null;
  envelope: {
    /** MAIL FROM */
    from: string;
    /** `name`: the mailbox's; null: the system mailbox */
    through: { kind: Transport['kind']; name: string | null; email: string };
  };
  subject: string;
  /** Cleaned; inline images keep the `cid:` of the input. */
  html: string | null;
  text: string;
  /** Bytes of the whole encoded message, files included */
  size: number;
  /** Maximum of `size` */
  limit: number;
  remoteImages: number;
  warnings: Warning[];
}
