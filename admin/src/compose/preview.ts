import type { Attached } from './attached';

/** Content security policy of a preview: no scripts, requests or navigation. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

const dataUrlOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });

/** Returns data URLs of the message's pictures by Content-ID, because the sandboxed document loads nothing. */
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

/** Matches pictures as the server does (`message/content-ids.ts`): `src="cid:…"` may also be part of the text. */
const SHOWN = /(<img [^<>]*?\bsrc=")cid:([^"]*)(?=")/g;

/**
 * Builds the document of a sandboxed frame. Its body is the HTML of the message; it adds no styles, because those of mail
 * programs differ.
 *
 * @param html cleaned by the server
 */
export const documentOf = (html: string, pictures: ReadonlyMap<string, string>): string => {
  const shown = html.replace(SHOWN, (_, before: string, cid: string) => before + (pictures.get(cid) ?? ''));
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><base target="_blank"></head><body>${shown}</body></html>`;
};
