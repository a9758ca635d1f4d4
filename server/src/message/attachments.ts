import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { isEncoded, isShown, type Attachment, type FilePart, type MeasuredFile } from '../domain/message';
import { accept, reject, type Parsed } from '../contracts/parse';
import { asFileName } from '../contracts/submission';

interface MediaFile {
  id: number;
  name: string;
  ext: string | null;
  mime: string;
  size: number | string;
  url: string;
  provider: string;
  createdBy?: { id: number } | null;
}

interface Ability {
  cannot(action: string, subject: unknown): boolean;
}

interface PermissionsManager {
  ability: Ability;
  action: string;
  toSubject(target: unknown): unknown;
}

const FILE_UID = 'plugin::upload.file';
const READ = 'plugin::upload.read';

/** A file that the actor may read. */
export interface FoundFile extends FilePart {
  file: MediaFile;
  /** Null: known when it is read. */
  bytes: number | null;
}

interface Source {
  content: AsyncIterable<Uint8Array>;
  /** Null: known when it is read. */
  bytes: number | null;
  close: () => Promise<void>;
}

/**
 * Copies files of the media library as they are now: what was accepted does not change when a file is replaced or
 * deleted later.
 *
 * @param fetchFile for files that another provider than Strapi's local one keeps; null: there is none
 */
export const createAttachmentReader = (strapi: Core.Strapi, fetchFile: (url: URL) => Promise<Source | null>) => {
  /** May the user read the file by `plugin::upload.read` and its conditions? As the upload plugin itself asks. */
  const readableBy = async (user: number): Promise<(file: MediaFile) => Promise<boolean>> => {
    const engine = strapi.service('admin::permission') as unknown as {
      engine: { generateUserAbility(user: unknown): Promise<Ability> };
      createPermissionsManager(options: { ability: Ability; action: string; model: string }): PermissionsManager;
    };
    const withRoles = await strapi.db.query('admin::user').findOne({ where: { id: user }, populate: ['roles'] });
    if (!withRoles) return async () => false;
    const ability = await engine.engine.generateUserAbility(withRoles);
    const manager = engine.createPermissionsManager({ ability, action: READ, model: FILE_UID });
    return async (file) => {
      const creator = file.createdBy?.id;
      const createdBy = creator
        ? await strapi.db.query('admin::user').findOne({ where: { id: creator }, populate: ['roles'] })
        : null;
      return !manager.ability.cannot(manager.action, manager.toSubject({ ...file, createdBy }));
    };
  };

  /** Where a file of Strapi's own provider lies; null: nowhere. */
  const locationOf = ({ url }: MediaFile): string | null => {
    const root = path.resolve(strapi.dirs.static.public);
    const location = path.resolve(root, `.${path.posix.normalize(`/${url}`)}`);
    return location.startsWith(root + path.sep) ? location : null;
  };

  const open = async (file: MediaFile): Promise<Source | null> => {
    if (file.provider === 'local') {
      const location = locationOf(file);
      if (location === null) return null;
      const stream = createReadStream(location);
      return { content: stream, bytes: null, close: async () => void stream.destroy() };
    }
    const signed = await (
      strapi.plugin('upload').service('file') as { signFileUrls(file: MediaFile): Promise<MediaFile> }
    ).signFileUrls(file);
    return fetchFile(new URL(signed.url, 'https://invalid.invalid'));
  };

  /** @returns null where it is larger than `limit` bytes */
  const read = async ({ content }: Source, limit: number): Promise<Uint8Array | null> => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      if (size > limit) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  };

  /** @returns more than `limit` where it is larger: then it is not read to its end */
  const count = async ({ content, bytes, close }: Source, limit: number): Promise<number> => {
    if (bytes !== null) {
      await close();
      return bytes;
    }
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      if (size > limit) break;
    }
    return size;
  };

  const missing = (file: number) => reject('ATTACHMENT_NOT_FOUND', { file });

  const rowOf = (id: number): Promise<MediaFile | null> =>
    strapi.db.query(FILE_UID).findOne({
      where: { id },
      populate: { createdBy: { select: ['id'] }, folder: true },
    }) as Promise<MediaFile | null>;

  /** Null: it is not there. */
  const sizeOf = async (file: MediaFile): Promise<{ bytes: number | null } | null> => {
    if (file.provider !== 'local') return { bytes: null };
    const location = locationOf(file);
    const found = location === null ? null : await stat(location).catch(() => null);
    return found?.isFile() ? { bytes: found.size } : null;
  };

  /** Opens each file and uses it, within what the message has left. */
  const each = async <T extends FilePart>(
    files: readonly FoundFile[],
    limit: number,
    use: (file: FoundFile, left: number) => Promise<{ part: T; bytes: number } | null>
  ): Promise<Parsed<T[]>> => {
    const parts: T[] = [];
    let left = limit;
    for (const file of files) {
      const used = await use(file, left).catch(() => null);
      if (used === null) return missing(file.file.id);
      left -= used.bytes;
      if (left < 0) return reject('TOO_LARGE', { limit });
      parts.push(used.part);
    }
    return accept(parts);
  };

  const readOne = async ({ file, filename, contentType, cid }: FoundFile, left: number) => {
    const source = await open(file);
    if (!source) return null;
    const content = await read(source, left);
    const bytes = content === null ? left + 1 : content.length;
    return { part: { filename, contentType, cid, content: content ?? new Uint8Array(0) }, bytes };
  };

  return {
    /**
     * @param limit bytes of the whole message; the sum of the files may not pass it
     * @returns `ATTACHMENT_NOT_FOUND` for one that is unknown, unreadable or not the actor's to read; `INVALID_INPUT`
     *   for one that is to be shown and is no picture; `TOO_LARGE`
     */
    find: async (
      wanted: readonly { file: number; name: string | null; cid: string | null }[],
      actor: Actor,
      limit: number
    ): Promise<Parsed<FoundFile[]>> => {
      if (wanted.length === 0) return accept([]);
      const readable = actor.type === 'user' ? await readableBy(actor.id) : async () => true;
      const files: FoundFile[] = [];
      let left = limit;
      for (const [index, { file: id, name, cid }] of wanted.entries()) {
        const file = await rowOf(id);
        if (!file || !(await readable(file))) return missing(id);
        if (cid !== null && !isShown(file.mime))
          return reject('INVALID_INPUT', {
            path: `attachments[${index}].cid`,
            reason: 'the file is no PNG, JPEG, GIF or WebP',
          });
        const size = await sizeOf(file);
        if (!size) return missing(id);
        left -= size.bytes ?? 0;
        if (left < 0) return reject('TOO_LARGE', { limit });
        const contentType = file.mime || 'application/octet-stream';
        files.push({ file, filename: name ?? asFileName(file.name), contentType, cid, bytes: size.bytes });
      }
      return accept(files);
    },

    /**
     * Copies the files as they are now.
     *
     * @returns `ATTACHMENT_NOT_FOUND`, `TOO_LARGE`
     */
    read: (files: readonly FoundFile[], limit: number): Promise<Parsed<Attachment[]>> => each(files, limit, readOne),

    /**
     * Finds out how large the files are. Only what is in a file that goes without an encoding is read.
     *
     * @returns `ATTACHMENT_NOT_FOUND`, `TOO_LARGE`
     */
    measure: (files: readonly FoundFile[], limit: number): Promise<Parsed<(Attachment | MeasuredFile)[]>> =>
      each<Attachment | MeasuredFile>(files, limit, async (found, left) => {
        const { file, filename, contentType, cid } = found;
        if (!isEncoded(contentType)) return readOne(found, left);
        const source = found.bytes === null ? await open(file) : null;
        const bytes = found.bytes ?? (source && (await count(source, left)));
        return bytes === null ? null : { part: { filename, contentType, cid, bytes }, bytes };
      }),
  };
};

export type AttachmentReader = ReturnType<typeof createAttachmentReader>;
