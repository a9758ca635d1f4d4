import type { Attached } from './attached';

/** What may be in a preview: nothing that runs, loads or navigates. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/** Readable before a message's own styles say otherwise: mail programs show black on white. */
const STYLE =
  'body{margin:16px;font:16px/1.5 Arial,sans-serif;color:#000;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}' +
  'blockquote{margin:0 0 0 8px;padding-left:12px;border-left:3px solid #ccc}';

const dataUrlOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });

/** Pictures of the message as data, by their name in it: a document in a sandbox may load nothing. */
export const picturesOf = async (attachments: readonly Attached[]): Promise<ReadonlyMap<string, string>> => {
  const pictures = attachments.flatMap(({ cid, url }) => (cid !== null && url ? [{ cid, url }] : []));
  const loaded = await Promise.all(
    pictures.map(async ({ cid, url }) => {
      try {
        const response = await fetch(url, { credentials: 'omit' });
        return response.ok ? ([cid, await dataUrlOf(await response.blob())] as const) : null;
      } catch {
        return null;
      }
    })
  );
  return new Map(loaded.filter((one) => one !== null));
};

/**
 * A document for a frame whose sandbox allows nothing.
 *
 * @param html cleaned by the server
 */
export const documentOf = (html: string, pictures: ReadonlyMap<string, string>): string => {
  const shown = html.replace(/src="cid:([^"]*)"/g, (_, cid: string) => `src="${pictures.get(cid) ?? ''}"`);
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>${STYLE}</style><base target="_blank"></head><body>${shown}</body></html>`;
};
