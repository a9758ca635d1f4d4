import type { Draft } from './draft';
import type { Kept } from './store';

/** What a browser remembers of a message while the server does not have it all. */
export interface LocalCopy {
  draft: Draft;
  kept: Kept | null;
  /** The page that wrote it, see `tabs.ts`. */
  tab: string;
  /** Milliseconds since the epoch, by this browser. */
  at: number;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'strapi-plugin-mailboxes:unsaved';

const isCopy = (value: unknown): value is LocalCopy => {
  const copy = value as Partial<LocalCopy> | null;
  return typeof copy?.at === 'number' && typeof copy.draft?.subject === 'string' && Array.isArray(copy.draft.to?.value);
};

const parsed = (text: string | null): LocalCopy | null => {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isCopy(value) ? value : null;
  } catch {
    return null;
  }
};

/**
 * In the browser's own storage, by user and message, for the moments in which the server has not got it: no connection,
 * a session that ended, a browser that dies. It is removed as soon as the server has it all.
 */
export const createLocalCopies = (storage: Storage) => {
  const prefixOf = (owner: string): string => `${PREFIX}:${owner}:`;
  return {
    write: (owner: string, copy: LocalCopy): void => {
      try {
        storage.setItem(`${prefixOf(owner)}${copy.draft.key}`, JSON.stringify(copy));
      } catch {
        // Full or forbidden: the server's copy is the one that counts.
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
    all: (owner: string): LocalCopy[] => {
      try {
        return Array.from({ length: storage.length }, (_, index) => storage.key(index))
          .filter((key): key is string => key?.startsWith(prefixOf(owner)) === true)
          .map((key) => parsed(storage.getItem(key)))
          .filter((copy): copy is LocalCopy => copy !== null)
          .sort((a, b) => b.at - a.at);
      } catch {
        return [];
      }
    },
  };
};
