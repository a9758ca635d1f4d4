import type { AddressObject, ParsedMail } from 'mailparser';
import { addressKey } from '../domain/address';
import type { Attempt, Reply } from '../domain/outcome';
import { parseOwn } from '../message/parse-stored';
import { refusalOf, stageOf, troubleOf, type MailError } from './errors';

/** The part of Strapi's e-mail provider in use. */
export interface EmailProvider {
  send(options: Record<string, unknown>): Promise<unknown>;
}

export interface RawMessage {
  envelope: { from: string; to: readonly string[] };
  messageId: string;
  bytes: Buffer;
}

/** Limit for a silent provider: the time a mail server may take for the final dot (RFC 5321 §4.5.3.2.6). */
const REPLY_TIMEOUT_MS = 10 * 60_000;

interface ProviderError extends MailError {
  responseCode?: unknown;
  rejectedErrors?: MailError[];
  syscall?: string;
}

/** Codes of failures before the hand-over; any other error without a reply may follow an accepted message. */
const NOTHING_HANDED_OVER = ['ECONNREFUSED', 'EDNS', 'EAUTH', 'EENVELOPE'];

/** Returns the refusing reply, in full or reduced to its code. */
const replyOf = (error: ProviderError): Reply | null => {
  const { responseCode, response } = error;
  const reply = typeof response === 'string' ? refusalOf(error, []) : null;
  if (reply || typeof responseCode !== 'number' || responseCode < 400 || responseCode > 599) return reply;
  return { code: responseCode, text: String(responseCode) };
};

const failureOf = (thrown: unknown, { envelope }: RawMessage): Attempt => {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ProviderError;
  const reply = replyOf(error);
  const failed = { kind: 'failed' as const, reply, trouble: null, refused: [] };
  if (reply && typeof error.command !== 'string') return { ...failed, stage: 'dot' };
  if (reply) {
    const refused = (Array.isArray(error.rejectedErrors) ? error.rejectedErrors : []).flatMap((one) => {
      const email = envelope.to.find((to) => addressKey(to) === addressKey(one.recipient ?? ''));
      const own = replyOf(one);
      return email !== undefined && own ? [{ email, reply: own }] : [];
    });
    return { ...failed, stage: stageOf(error, reply), refused };
  }
  const codes = [error.code, error.originalCode];
  if (error.syscall === 'connect' || NOTHING_HANDED_OVER.some((code) => codes.includes(code)))
    return { ...failed, stage: 'connect', trouble: troubleOf({ ...error, message: String(error.message) }) };
  return { kind: 'uncertain', refused: [] };
};

const callProvider = async (
  provider: EmailProvider,
  message: RawMessage,
  options: Record<string, unknown>
): Promise<Attempt> => {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Attempt>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'uncertain', refused: [] }), REPLY_TIMEOUT_MS);
  });
  const sent = async (): Promise<Attempt> => {
    try {
      await provider.send(options);
      return { kind: 'accepted', reply: null, refused: [] };
    } catch (thrown) {
      return failureOf(thrown, message);
    }
  };
  const ended = await Promise.race([sent(), silence]);
  clearTimeout(timer);
  return ended;
};

/** Hands our bytes to a provider that accepts raw messages with an explicit envelope (delivery §3a). */
export const sendRaw = (provider: EmailProvider, message: RawMessage): Promise<Attempt> => {
  const { envelope, messageId, bytes } = message;
  return callProvider(provider, message, {
    from: envelope.from,
    to: [...envelope.to],
    envelope: { from: envelope.from, to: [...envelope.to] },
    messageId,
    raw: bytes,
  });
};

type Written = { address?: string | undefined; name: string };

const write = ({ name, address = '' }: Written): string =>
  name === '' ? address : `"${name.replace(/(["\\])/g, '\\$1')}" <${address}>`;

const mailboxesOf = (header: AddressObject | AddressObject[] | undefined): Written[] =>
  (header === undefined ? [] : Array.isArray(header) ? header : [header]).flatMap(({ value }) => value);

/** Hands a message to any other provider as Strapi's own options, parsed from the same bytes. */
export const sendOptions = async (provider: EmailProvider, raw: RawMessage): Promise<Attempt> => {
  const { envelope, messageId, bytes } = raw;
  const message = await parseOwn([bytes]);
  const open = new Set(envelope.to.map(addressKey));
  const named = (header: ParsedMail['to']): Written[] =>
    mailboxesOf(header).filter(({ address }) => open.has(addressKey(address ?? '')));
  const to = named(message.to);
  const cc = named(message.cc);
  const visible = new Set([...to, ...cc].map(({ address }) => addressKey(address ?? '')));
  const bcc = envelope.to.filter((email) => !visible.has(addressKey(email)));
  const [from] = mailboxesOf(message.from);
  const [replyTo] = mailboxesOf(message.replyTo);
  const html = message.html === false ? undefined : message.html;
  return callProvider(provider, raw, {
    from: from ? write(from) : envelope.from,
    ...(to.length > 0 ? { to: to.map(write) } : {}),
    ...(cc.length > 0 ? { cc: cc.map(write) } : {}),
    ...(bcc.length > 0 ? { bcc } : {}),
    ...(replyTo ? { replyTo: write(replyTo) } : {}),
    subject: message.subject ?? '',
    ...(message.text === undefined ? {} : { text: message.text }),
    ...(html === undefined ? {} : { html }),
    ...(message.attachments.length > 0
      ? {
          attachments: message.attachments.map(({ filename, content, contentType, cid, related }) => ({
            filename: filename ?? 'attachment',
            content,
            contentType,
            ...(related && cid ? { cid } : {}),
          })),
        }
      : {}),
    headers: { ...ownHeaders(message), 'Message-ID': messageId },
  });
};

/** Returns the author's X-… headers as accepted, and Auto-Submitted (RFC 3834). */
const ownHeaders = ({ headerLines }: ParsedMail): Record<string, string> =>
  Object.fromEntries(
    headerLines.flatMap(({ key, line }) => {
      const name = line.slice(0, line.indexOf(':'));
      return key.startsWith('x-') || key === 'auto-submitted'
        ? [
            [
              name,
              line
                .slice(name.length + 1)
                .replace(/\r?\n[ \t]+/g, ' ')
                .trim(),
            ],
          ]
        : [];
    })
  );
