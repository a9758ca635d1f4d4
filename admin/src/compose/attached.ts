import { backendUrl } from '../shared/api/backend';

/** An attachment of the message, or a picture in its text: a file of the media library. */
export interface Attached {
  /** Id in the media library. */
  file: number;
  name: string;
  mime: string;
  /** null: unknown or loading */
  bytes: number | null;
  /** null: unknown or loading; '': unknown after a failed request */
  url: string | null;
  /** Content-ID of a picture in the text; null: an attachment. */
  cid: string | null;
  /** Deleted from the media library, or not readable for the author. */
  missing: boolean;
}

/** File as returned by the media library's dialog and its API. */
export interface MediaFile {
  id: number;
  name: string;
  mime?: string | null;
  /** In units of 1000 bytes. */
  size?: number | null;
  url?: string | null;
  alternativeText?: string | null;
}

const absoluteUrl = (url: string | null | undefined): string | null =>
  url?.startsWith('/') ? `${backendUrl()}${url}` : (url ?? null);

export const attachedOf = (file: MediaFile, cid: string | null = null): Attached => ({
  file: file.id,
  name: file.name,
  mime: file.mime ?? '',
  bytes: typeof file.size === 'number' ? Math.round(file.size * 1000) : null,
  url: absoluteUrl(file.url),
  cid,
  missing: false,
});

const uses = (html: string, cid: string): boolean => html.includes(`"cid:${cid}"`);

/** Returns the attachments to send, without pictures that were removed from the text. */
export const pruned = ({ html, attachments }: { html: string; attachments: readonly Attached[] }): Attached[] =>
  attachments.filter(({ cid }) => cid === null || uses(html, cid));

/** Returns the attachments in the shape of the API of drafts and submissions. */
export const filesOf = (draft: Parameters<typeof pruned>[0]): { file: number; name: string; cid?: string }[] =>
  pruned(draft).map(({ file, name, cid }) => ({ file, name, ...(cid === null ? {} : { cid }) }));

/** Growth by Base64: four bytes for three (RFC 2045 §6.8), and a line break after each 76. */
const ENCODED = (4 / 3) * (78 / 76);

/**
 * Returns the size of the attachments and the size left for them, in bytes before encoding.
 *
 * @param messageBytes maximum encoded size of a message
 */
export const sizeOf = (
  draft: { html: string; attachments: readonly Attached[] },
  messageBytes: number
): { bytes: number; limit: number; over: boolean } => {
  // The message contains the text twice, as HTML and as plain text.
  const text = 2 * new Blob([draft.html]).size;
  const limit = Math.max(0, Math.floor((messageBytes - text) / ENCODED));
  const bytes = pruned(draft).reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return { bytes, limit, over: bytes > limit };
};
