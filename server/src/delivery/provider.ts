import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import { addressKey } from '../domain/address';
import type { Attempt, Reply } from '../domain/outcome';
import { printable } from '../secrets/redact';

/** Strapi's e-mail provider, as far as it is used. */
export interface EmailProvider {
  send(options: Record<string, unknown>): Promise<unknown>;
}

export interface RawMessage {
  envelope: { from: string; to: readonly string[] };
  messageId: string;
  bytes: Buffer;
}

interface ProviderError {
  code?: unknown;
  responseCode?: unknown;
  response?: unknown;
}

/** Refused before anything could be handed over; everything else without a reply may have been accepted. */
const NOTHING_HANDED_OVER = ['ECONNREFUSED', 'EDNS', 'EAUTH', 'EENVELOPE'];

const replyOf = ({ responseCode, response }: ProviderError): Reply | null =>
  typeof responseCode === 'number' && typeof response === 'string'
    ? { code: responseCode, text: printable(response) }
    : null;

const callProvider = async (provider: EmailProvider, options: Record<string, unknown>): Promise<Attempt> => {
  try {
    await provider.send(options);
    return { kind: 'accepted', reply: null, refused: [] };
  } catch (thrown) {
    const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ProviderError;
    const reply = replyOf(error);
    if (reply) return { kind: 'failed', stage: 'dot', reply, trouble: null, refused: [] };
    if (NOTHING_HANDED_OVER.includes(String(error.code)))
      return { kind: 'failed', stage: 'connect', reply: null, trouble: 'connection', refused: [] };
    return { kind: 'uncertain', refused: [] };
  }
};

/** Hands our bytes to a provider that takes them with an explicit envelope (delivery §3a). */
export const sendRaw = (provider: EmailProvider, { envelope, messageId, bytes }: RawMessage): Promise<Attempt> =>
  callProvider(provider, {
    from: envelope.from,
    to: [...envelope.to],
    envelope: { from: envelope.from, to: [...envelope.to] },
    messageId,
    raw: bytes,
  });

type Written = { address?: string | undefined; name: string };

const write = ({ name, address = '' }: Written): string =>
  name === '' ? address : `"${name.replace(/(["\\])/g, '\\$1')}" <${address}>`;

const mailboxesOf = (header: AddressObject | AddressObject[] | undefined): Written[] =>
  (header === undefined ? [] : Array.isArray(header) ? header : [header]).flatMap(({ value }) => value);

/** Any other provider gets Strapi's own options, read back from the same message. */
export const sendOptions = async (
  provider: EmailProvider,
  { envelope, messageId, bytes }: RawMessage
): Promise<Attempt> => {
  const message = await simpleParser(bytes, { skipTextToHtml: true, skipImageLinks: true });
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
  return callProvider(provider, {
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
          attachments: message.attachments.map(({ filename, content, contentType }) => ({
            filename: filename ?? 'attachment',
            content,
            contentType,
          })),
        }
      : {}),
    headers: { ...ownHeaders(message), 'Message-ID': messageId },
  });
};

/** The author's own headers: X-… only, as they were accepted. */
const ownHeaders = ({ headerLines }: ParsedMail): Record<string, string> =>
  Object.fromEntries(
    headerLines.flatMap(({ key, line }) => {
      const name = line.slice(0, line.indexOf(':'));
      return key.startsWith('x-')
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
