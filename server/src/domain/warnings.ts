import { domainOf } from './address';
import type { Identity } from './identity';
import type { PauseCode } from './mailbox';
import { normalise } from './text';

/** Warnings before a message is submitted. None of them prevents that once it is accepted. */
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
  /** Number of files, inline images excluded: "attached" does not mean them. */
  attachments: number;
  /** Number of images that the recipient's mail program loads from other servers */
  remoteImages: number;
}

/** Number of visible recipients above which their addresses should be in Bcc. */
const MANY_RECIPIENTS = 20;

/** Invisible characters, which an empty line of an editor may contain. */
const UNSEEN = /[\s\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** Whole words, English and German: "unattached" and "anbeißen" mention no attachment. */
const PROMISES_A_FILE =
  /(?<![\p{L}\p{M}\p{N}_])(?:attached|attachments?|enclosed|angehängt(?:e[mnrs]?)?|im\s+anhang|anbei|beigefügt(?:e[mnrs]?)?)(?![\p{L}\p{M}\p{N}_])/iu;

/** Removes quoted lines. */
const ownWords = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n');

/**
 * Warns if the system mailbox sends for another domain than its own. Receivers compare the domain of From with those of
 * SPF and DKIM (RFC 7489 §3.1), and may refuse or mark the message. A subdomain counts as another domain: only a list of
 * public suffixes could tell otherwise.
 */
const unaligned = ({ email, source, transport }: Outgoing['from']): Warning[] => {
  if (source === 'system' || transport.kind !== 'system') return [];
  const details = { domain: domainOf(email), systemDomain: domainOf(transport.email) };
  return details.domain === details.systemDomain ? [] : [{ code: 'UNALIGNED_SENDER', details }];
};

/** A paused mailbox accepts submissions and sends them after an administrator resumed it. */
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

/** Returns the warnings that the request does not accept. A code that is no warning of this message has no effect. */
export const notAccepted = (warnings: readonly Warning[], accepted: readonly string[]): Warning[] =>
  warnings.filter(({ code }) => !accepted.includes(code));
