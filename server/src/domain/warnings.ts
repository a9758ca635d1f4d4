import { domainOf } from './address';
import type { Identity } from './identity';
import type { PauseCode } from './mailbox';
import { normalise } from './text';

/** What a person may want to know before a message leaves. None keeps it from leaving. */
export type Warning =
  | { code: 'NO_SUBJECT' | 'NO_TEXT' | 'ATTACHMENT_FORGOTTEN' }
  | { code: 'MANY_VISIBLE_RECIPIENTS' | 'REMOTE_IMAGES'; details: { count: number } }
  | { code: 'SENDER_PAUSED'; details: { cause: PauseCode } }
  | { code: 'UNALIGNED_SENDER'; details: { domain: string; systemDomain: string } };

export interface Outgoing {
  from: Pick<Identity, 'email' | 'source' | 'transport' | 'paused'>;
  subject: string;
  /** Plain, without the signature; quoted lines begin with `>`. */
  text: string;
  /** Addresses in To and Cc */
  visibleRecipients: number;
  /** Files beside the text: pictures inside of it are not meant by "attached". */
  attachments: number;
  /** Pictures that the reader's program loads from elsewhere */
  remoteImages: number;
}

/** From so many on each of them would rather not be shown to all others. */
const MANY_RECIPIENTS = 20;

/** Characters that draw nothing: an empty line of an editor may hold them. */
const UNSEEN = /[\s\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** As whole words, English and German: "unattached" and "anbeißen" promise nothing. */
const PROMISES_A_FILE =
  /(?<![\p{L}\p{M}\p{N}_])(?:attached|attachments?|enclosed|angehängt(?:e[mnrs]?)?|im\s+anhang|anbei|beigefügt(?:e[mnrs]?)?)(?![\p{L}\p{M}\p{N}_])/iu;

/** What the author wrote, without what is quoted of others. */
const ownWords = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n');

/**
 * Does the server of the system mailbox send for another domain than its own? Receivers look for the domain of From in
 * what that server signs and is listed for (RFC 7489 §3.1), and may refuse or mark the message. Whether a subdomain is
 * the same organisation only a list of public suffixes could say: it counts as another one.
 */
const unaligned = ({ email, source, transport }: Outgoing['from']): Warning[] => {
  if (source === 'system' || transport.kind !== 'system') return [];
  const details = { domain: domainOf(email), systemDomain: domainOf(transport.email) };
  return details.domain === details.systemDomain ? [] : [{ code: 'UNALIGNED_SENDER', details }];
};

/** A paused mailbox accepts a message, and sends it when somebody has mended the cause. */
const paused = ({ paused: pause }: Outgoing['from']): Warning[] =>
  pause === null ? [] : [{ code: 'SENDER_PAUSED', details: { cause: pause.code } }];

export const warningsOf = (message: Outgoing): Warning[] => {
  const { subject, text, visibleRecipients, attachments, remoteImages } = message;
  const words = normalise(`${subject}\n${ownWords(text)}`);
  return [
    ...(subject.trim() === '' ? [{ code: 'NO_SUBJECT' as const }] : []),
    ...(text.replace(UNSEEN, '') === '' ? [{ code: 'NO_TEXT' as const }] : []),
    ...(attachments === 0 && PROMISES_A_FILE.test(words) ? [{ code: 'ATTACHMENT_FORGOTTEN' as const }] : []),
    ...(visibleRecipients > MANY_RECIPIENTS
      ? [{ code: 'MANY_VISIBLE_RECIPIENTS' as const, details: { count: visibleRecipients } }]
      : []),
    ...paused(message.from),
    ...unaligned(message.from),
    ...(remoteImages > 0 ? [{ code: 'REMOTE_IMAGES' as const, details: { count: remoteImages } }] : []),
  ];
};
