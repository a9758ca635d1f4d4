import type { Attached } from './attached';

/** What may be in a preview: nothing that runs, loads or navigates. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

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

/** As the server finds pictures (`message/content-ids.ts`): `src="cid:…"` may also be words of the text. */
const SHOWN = /(<img [^<>]*?\bsrc=")cid:([^"]*)(?=")/g;

/**
 * A document for a frame whose sandbox allows nothing. Its body is the HTML that leaves, and nothing around it changes
 * how that looks: what a mail program adds of its own is not known here.
 *
 * @param html cleaned by the server
 */
export const documentOf = (html: string, pictures: ReadonlyMap<string, string>): string => {
  const shown = html.replace(SHOWN, (_, before: string, cid: string) => before + (pictures.get(cid) ?? ''));
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><base target="_blank"></head><body>${shown}</body></html>`;
};
