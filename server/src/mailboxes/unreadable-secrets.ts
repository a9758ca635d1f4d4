import type { Core } from '@strapi/types';
import { pauseOf } from '../domain/outcome';
import type { Pause } from '../domain/mailbox';
import { inTransaction } from '../database/transaction';
import { pausedFor, pauseTransport, resumeTransport } from '../outbox/transport-state';
import type { SecretStore } from '../secrets/store';

export interface UnreadableSecretsDependencies {
  strapi: Core.Strapi;
  secrets: Pick<SecretStore, 'canWrite' | 'unreadable'>;
  paused: (id: string, pause: Pause) => void;
  recovered: (id: string) => void;
}

const NO_KEY = 'There is no encryption key at all: "admin.secrets.encryptionKey" is empty. ';
const NEXT =
  '"npx mailboxes health" names them. Add the former key to "secrets.formerStrapiKeys" or "secrets.keys" and restart, or enter the passwords again';

/**
 * Checks the stored passwords with the configured keys at a start, so that a lost key is reported before the first
 * message: pauses a mailbox whose password no key opens, resumes one whose password opens again.
 *
 * @returns the check; it resolves with the line for Strapi's log, null if every password opens
 */
export const createUnreadableSecretsCheck =
  ({ strapi, secrets, paused, recovered }: UnreadableSecretsDependencies) =>
  async (): Promise<string | null> => {
    const db = strapi.db.connection;
    const unreadable = new Set((await secrets.unreadable(db)).map(({ id }) => id));
    for (const id of unreadable) {
      const pause = pauseOf('SECRET_UNREADABLE');
      if (await inTransaction(strapi, (trx) => pauseTransport(trx, id, pause))) paused(id, pause);
    }
    for (const { id } of await pausedFor(db, ['SECRET_UNREADABLE']))
      if (!unreadable.has(id) && (await inTransaction(strapi, (trx) => resumeTransport(trx, id)))) recovered(id);
    if (unreadable.size === 0) return null;
    const count = `stored passwords that no key of this site opens: ${unreadable.size}. Their mailboxes are paused. `;
    return `${count}${secrets.canWrite() ? '' : NO_KEY}${NEXT}`;
  };
