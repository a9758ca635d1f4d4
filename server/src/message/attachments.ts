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
  /** Null: unknown until the content is read. */
  bytes: number | null;
}

interface Source {
  content: AsyncIterable<Uint8Array>;
  /** Null: unknown until the content is read. */
  bytes: number | null;
  close: () => Promise<void>;
}

/**
 * Copies files of the media library, so that an accepted message does not change when a file is replaced or deleted
 * later.
 *
 * @param fetchFile reads a file of a provider other than Strapi's local one; null: no such file
 */
export const createAttachmentReader = (strapi: Core.Strapi, fetchFile: (url: URL) => Promise<Source | null>) => {
  /**
   * Finds the files of a request and checks that the actor may read them.
   *
   * @param limit bytes of the whole message; bounds the sum of the files
   * @returns `ATTACHMENT_NOT_FOUND` for an unknown file, or one that the actor may not read; `INVALID_INPUT` for an inline
   *   file that is no image; `TOO_LARGE`
   */
  async function find(
    requested: readonly { file: number; name: string | null; cid: string | null }[],
    actor: Actor,
    limit: number
  ): Promise<Parsed<FoundFile[]>> {
    if (requested.length === 0) return accept([]);
    const isReadable = actor.type === 'user' ? await readableBy(actor.id) : async () => true;
    const files: FoundFile[] = [];
    let left = limit;
    for (const [index, { file: id, name, cid }] of requested.entries()) {
      const file = await rowOf(id);
      if (!file || !(await isReadable(file))) return notFound(id);
      if (cid !== null && !isShown(file.mime))
        return reject('INVALID_INPUT', {
          path: `attachments[${index}].cid`,
          reason: 'the file is no PNG, JPEG, GIF or WebP',
        });
      const size = await sizeOf(file);
      if (!size) return notFound(id);
      left -= size.bytes ?? 0;
      if (left < 0) return reject('TOO_LARGE', { limit });
      const contentType = file.mime || 'application/octet-stream';
      files.push({ file, filename: name ?? asFileName(file.name), contentType, cid, bytes: size.bytes });
    }
    return accept(files);
  }

  /**
   * Copies the files.
   *
   * @returns `ATTACHMENT_NOT_FOUND`, `TOO_LARGE`
   */
  function read(files: readonly FoundFile[], limit: number): Promise<Parsed<Attachment[]>> {
    return readEach(files, limit, readOne);
  }

  /**
   * Measures the files. Only the content of types that are sent unencoded is read.
   *
   * @returns `ATTACHMENT_NOT_FOUND`, `TOO_LARGE`
   */
  function measure(files: readonly FoundFile[], limit: number): Promise<Parsed<(Attachment | MeasuredFile)[]>> {
    return readEach<Attachment | MeasuredFile>(files, limit, measureOne);
  }

  /** Checks `plugin::upload.read` and its conditions as the upload plugin does. */
  async function readableBy(user: number): Promise<(file: MediaFile) => Promise<boolean>> {
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
  }

  /** Returns the path of a file of Strapi's local provider; null for a path outside of the public folder. */
  function locationOf({ url }: MediaFile): string | null {
    const root = path.resolve(strapi.dirs.static.public);
    const location = path.resolve(root, `.${path.posix.normalize(`/${url}`)}`);
    return location.startsWith(root + path.sep) ? location : null;
  }

  async function open(file: MediaFile): Promise<Source | null> {
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
  }

  /** @returns null for content of more than `limit` bytes */
  async function readContent({ content }: Source, limit: number): Promise<Uint8Array | null> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      if (size > limit) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Counts bytes; stops reading once the count exceeds `limit`. */
  async function countBytes({ content, bytes, close }: Source, limit: number): Promise<number> {
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
  }

  function notFound(file: number) {
    return reject('ATTACHMENT_NOT_FOUND', { file });
  }

  function rowOf(id: number): Promise<MediaFile | null> {
    return strapi.db.query(FILE_UID).findOne({
      where: { id },
      populate: { createdBy: { select: ['id'] }, folder: true },
    }) as Promise<MediaFile | null>;
  }

  /** @returns null for a missing file */
  async function sizeOf(file: MediaFile): Promise<{ bytes: number | null } | null> {
    if (file.provider !== 'local') return { bytes: null };
    const location = locationOf(file);
    const found = location === null ? null : await stat(location).catch(() => null);
    return found?.isFile() ? { bytes: found.size } : null;
  }

  /** Reads the files in order, with the rest of the message's limit for each. */
  async function readEach<T extends FilePart>(
    files: readonly FoundFile[],
    limit: number,
    readFile: (file: FoundFile, left: number) => Promise<{ part: T; bytes: number } | null>
  ): Promise<Parsed<T[]>> {
    const parts: T[] = [];
    let left = limit;
    for (const file of files) {
      const result = await readFile(file, left).catch(() => null);
      if (result === null) return notFound(file.file.id);
      left -= result.bytes;
      if (left < 0) return reject('TOO_LARGE', { limit });
      parts.push(result.part);
    }
    return accept(parts);
  }

  async function readOne({ file, filename, contentType, cid }: FoundFile, left: number) {
    const source = await open(file);
    if (!source) return null;
    const content = await readContent(source, left);
    const bytes = content === null ? left + 1 : content.length;
    return { part: { filename, contentType, cid, content: content ?? new Uint8Array(0) }, bytes };
  }

  async function measureOne(found: FoundFile, left: number) {
    const { file, filename, contentType, cid } = found;
    if (!isEncoded(contentType)) return readOne(found, left);
    const source = found.bytes === null ? await open(file) : null;
    const bytes = found.bytes ?? (source && (await countBytes(source, left)));
    return bytes === null ? null : { part: { filename, contentType, cid, bytes }, bytes };
  }

  return { find, read, measure };
};

export type AttachmentReader = ReturnType<typeof createAttachmentReader>;
