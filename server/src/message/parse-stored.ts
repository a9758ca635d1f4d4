import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { Attachment } from '../domain/message';
import { asFileName } from '../contracts/submission';

/** What the author gave, read back from the bytes of a message of ours. */
export interface StoredMessage {
  text: string | null;
  html: string | null;
  /** The author's own: `X-…` */
  headers: Record<string, string>;
  /** `cid`: the id by which the HTML shows it, without angle brackets; null: it stands beside the text. */
  attachments: (Attachment & { cid: string | null })[];
}

/** As they were typed: the library's own map has names in lower case, and reads some headers as something else. */
const headersOf = ({ headerLines, headers }: ParsedMail): Record<string, string> =>
  Object.fromEntries(
    headerLines
      .filter(({ key }) => key.startsWith('x-'))
      .map(({ key, line }): [string, string] => {
        const colon = line.indexOf(':');
        const raw = line
          .slice(colon + 1)
          .replace(/\r?\n(?=[ \t])/g, '')
          .trim();
        const decoded = headers.get(key);
        return [line.slice(0, colon), raw.includes('=?') && typeof decoded === 'string' ? decoded : raw];
      })
  );

/** The line break before the next part of the message is the format's, not the author's. */
const withoutLastBreak = (text: string | undefined): string | null => text?.replace(/\r?\n$/, '') ?? null;

/** The library decodes whatever comes at once in one go. */
const PIECE_BYTES = 192 * 1024;

/** Others have their turn between two pieces. */
async function* piecesOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks)
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      yield chunk.subarray(start, start + PIECE_BYTES);
      await turn();
    }
}

/**
 * Parses a message of ours. The library converts nothing: its HTML-to-text takes seconds for a megabyte of pictures.
 *
 * @param chunks the message in its order, however it is cut
 */
export const parseOwn = (chunks: readonly Uint8Array[]): Promise<ParsedMail> =>
  simpleParser(Readable.from(piecesOf(chunks), { objectMode: false }), {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
  });

/** @param chunks the message in its order, however it is cut */
export const readStored = async (chunks: readonly Uint8Array[]): Promise<StoredMessage> => {
  const mail = await parseOwn(chunks);
  const html = withoutLastBreak(mail.html || undefined);
  return {
    text: withoutLastBreak(mail.text) ?? (html === null ? '' : null),
    html,
    headers: headersOf(mail),
    attachments: mail.attachments.map(({ filename, contentType, content, contentDisposition, cid }) => ({
      filename: asFileName(filename ?? ''),
      contentType,
      content,
      cid: contentDisposition === 'inline' ? (cid ?? null) : null,
    })),
  };
};
