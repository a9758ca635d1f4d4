import { backendUrl } from '../shared/api/backend';

/** A file of the media library that goes with the message. */
export interface Attached {
  /** Its id there. */
  file: number;
  name: string;
  mime: string;
  /** null: not known (yet) */
  bytes: number | null;
  /** Where a browser finds it; null: nowhere (any more). */
  url: string | null;
  /** A picture in the text, by this name; null: beside the text. */
  cid: string | null;
  /** It is not in the media library any more, or not to be read by the author. */
  missing: boolean;
}

/** As the media library's dialog and its API give it. */
export interface MediaFile {
  id: number;
  name: string;
  mime?: string | null;
  /** Thousands of bytes. */
  size?: number | null;
  url?: string | null;
  alternativeText?: string | null;
}

const located = (url: string | null | undefined): string | null =>
  url?.startsWith('/') ? `${backendUrl()}${url}` : (url ?? null);

export const attachedOf = (file: MediaFile, cid: string | null = null): Attached => ({
  file: file.id,
  name: file.name,
  mime: file.mime ?? '',
  bytes: typeof file.size === 'number' ? Math.round(file.size * 1000) : null,
  url: located(file.url),
  cid,
  missing: false,
});

const uses = (html: string, cid: string): boolean => html.includes(`"cid:${cid}"`);

/** What goes with the message: pictures that were taken out of the text do not. */
export const pruned = ({ html, attachments }: { html: string; attachments: readonly Attached[] }): Attached[] =>
  attachments.filter(({ cid }) => cid === null || uses(html, cid));

/** As drafts and submissions name them. */
export const filesOf = (draft: Parameters<typeof pruned>[0]): { file: number; name: string; cid?: string }[] =>
  pruned(draft).map(({ file, name, cid }) => ({ file, name, ...(cid === null ? {} : { cid }) }));

/** Base64 makes four bytes of three (RFC 2045 §6.8), and a line break for each 76. */
const ENCODED = (4 / 3) * (78 / 76);

/** How much of the message is left for files, and how much they take. Both in bytes of files. */
export const sizeOf = (
  draft: { html: string; attachments: readonly Attached[] },
  messageBytes: number
): { bytes: number; limit: number; over: boolean } => {
  // The text is there twice, as HTML and without.
  const text = 2 * new Blob([draft.html]).size;
  const limit = Math.max(0, Math.floor((messageBytes - text) / ENCODED));
  const bytes = pruned(draft).reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return { bytes, limit, over: bytes > limit };
};
