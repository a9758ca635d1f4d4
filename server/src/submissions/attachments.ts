import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { isShown, type Attachment } from '../domain/message';
import { refusal, type Refusal } from '../domain/refusal';

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
const FETCH_TIMEOUT_MS = 30_000;

type Read = { ok: true; attachments: Attachment[] } | { ok: false; refusal: Refusal };

/**
 * Copies files of the media library as they are now: what was accepted does not change when a file is replaced or
 * deleted later.
 */
export const createAttachmentReader = (strapi: Core.Strapi) => {
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

  const open = async (file: MediaFile): Promise<AsyncIterable<Uint8Array> | null> => {
    if (file.provider === 'local') {
      const root = path.resolve(strapi.dirs.static.public);
      const location = path.resolve(root, `.${path.posix.normalize(`/${file.url}`)}`);
      return location.startsWith(root + path.sep) ? createReadStream(location) : null;
    }
    const signed = await (
      strapi.plugin('upload').service('file') as { signFileUrls(file: MediaFile): Promise<MediaFile> }
    ).signFileUrls(file);
    const response = await fetch(new URL(signed.url, 'https://invalid.invalid'), {
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    return response.ok && response.body ? (response.body as unknown as AsyncIterable<Uint8Array>) : null;
  };

  /** @returns null where it is larger than `limit` bytes */
  const read = async (source: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | null> => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  };

  /**
   * @param limit bytes of the whole message; the sum of the files may not pass it
   * @returns `ATTACHMENT_NOT_FOUND` for one that is unknown, unreadable or not the actor's to read; `INVALID_INPUT` for
   *   one that is to be shown and is no picture; `TOO_LARGE`
   */
  return async (
    wanted: readonly { file: number; name: string | null; cid: string | null }[],
    actor: Actor,
    limit: number
  ): Promise<Read> => {
    if (wanted.length === 0) return { ok: true, attachments: [] };
    const missing = (file: number): Read => ({ ok: false, refusal: refusal('ATTACHMENT_NOT_FOUND', { file }) });
    const readable = actor.type === 'user' ? await readableBy(actor.id) : async () => true;
    const attachments: Attachment[] = [];
    let left = limit;
    for (const [index, { file: id, name, cid }] of wanted.entries()) {
      const file = (await strapi.db
        .query(FILE_UID)
        .findOne({ where: { id }, populate: { createdBy: { select: ['id'] }, folder: true } })) as MediaFile | null;
      if (!file || !(await readable(file))) return missing(id);
      if (cid !== null && !isShown(file.mime)) {
        const path = `attachments[${index}].cid`;
        return {
          ok: false,
          refusal: refusal('INVALID_INPUT', { path, reason: 'the file is no PNG, JPEG, GIF or WebP' }),
        };
      }
      const source = await open(file).catch(() => null);
      if (!source) return missing(id);
      const content = await read(source, left).catch(() => undefined);
      if (content === undefined) return missing(id);
      if (content === null) return { ok: false, refusal: refusal('TOO_LARGE', { limit }) };
      left -= content.length;
      const contentType = file.mime || 'application/octet-stream';
      attachments.push({ filename: name ?? file.name, contentType, content, cid });
    }
    return { ok: true, attachments };
  };
};

export type AttachmentReader = ReturnType<typeof createAttachmentReader>;
