import type { Draft } from './draft';
import type { StoredVersion } from './state';

/** Copy of a dirty draft in the browser's storage. */
export interface LocalBackup {
  draft: Draft;
  /** The draft on the server. Backups in browsers have this property name: it cannot be changed. */
  kept: StoredVersion | null;
  /** The page that wrote it, see `open-tabs.ts`. */
  tab: string;
  /** Milliseconds since the epoch, by this browser. */
  at: number;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'strapi-plugin-mailboxes:unsaved';

const isBackup = (value: unknown): value is LocalBackup => {
  const backup = value as Partial<LocalBackup> | null;
  return (
    typeof backup?.at === 'number' && typeof backup.draft?.subject === 'string' && Array.isArray(backup.draft.to?.value)
  );
};

const parsed = (text: string | null): LocalBackup | null => {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isBackup(value) ? value : null;
  } catch {
    return null;
  }
};

/**
 * Keeps dirty drafts in the browser's storage, by user and draft, against a lost connection, an expired session or a
 * crash of the browser.
 */
export const createLocalBackups = (storage: Storage) => {
  const prefixOf = (owner: string): string => `${PREFIX}:${owner}:`;
  return {
    write: (owner: string, backup: LocalBackup): void => {
      try {
        storage.setItem(`${prefixOf(owner)}${backup.draft.key}`, JSON.stringify(backup));
      } catch {
        // Full or forbidden: autosave does not depend on the backup.
      }
    },
    remove: (owner: string, key: string): void => {
      try {
        storage.removeItem(`${prefixOf(owner)}${key}`);
      } catch {
        // As above.
      }
    },
    /** The latest first. */
    all: (owner: string): LocalBackup[] => {
      try {
        return Array.from({ length: storage.length }, (_, index) => storage.key(index))
          .filter((key): key is string => key?.startsWith(prefixOf(owner)) === true)
          .map((key) => parsed(storage.getItem(key)))
          .filter((backup): backup is LocalBackup => backup !== null)
          .sort((a, b) => b.at - a.at);
      } catch {
        return [];
      }
    },
  };
};
