import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { Attachment } from '../domain/message';
import { asFileName } from '../contracts/submission';

/** The author's input, parsed from the bytes of a message that this plugin built. */
export interface StoredMessage {
  text: string | null;
  html: string | null;
  /** Custom headers of the author, `X-…`. */
  headers: Record<string, string>;
  /** `cid`: Content-ID of an inline image, without angle brackets; null for an ordinary attachment. */
  attachments: (Attachment & { cid: string | null })[];
}

/** Reads the raw lines: the library's map has lower-case names and parses some headers into objects. */
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

/** The line break before the next part belongs to the MIME format. */
const withoutLastBreak = (text: string | undefined): string | null => text?.replace(/\r?\n$/, '') ?? null;

/** Takes a few milliseconds: the library decodes each chunk synchronously. */
const PIECE_BYTES = 192 * 1024;

/** Yields to other requests between two pieces. */
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
 * @param chunks the message in order, split anywhere
 */
export const parseOwn = (chunks: readonly Uint8Array[]): Promise<ParsedMail> =>
  simpleParser(Readable.from(piecesOf(chunks), { objectMode: false }), {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
  });

/** @param chunks the message in order, split anywhere */
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
