import type { Core } from '@strapi/types';
import { CONTENT_TABLES } from './tables';
import { memberTableNames } from './member-tables';

/** The core store's key that schema diffing asks before it drops a table that left the schema. */
const KEY = { type: 'core', key: 'persisted_tables' } as const;

type Entry = string | { name: string };

const nameOf = (entry: Entry): string => (typeof entry === 'string' ? entry : entry.name);

/** A plugin that is disabled for a boot must lose nothing. Entries of others stay as they are. */
export const persistTables = async (strapi: Core.Strapi): Promise<void> => {
  const ours = [...Object.values(CONTENT_TABLES), ...memberTableNames(strapi)];
  const known = ((await strapi.store.get(KEY)) as Entry[] | null) ?? [];
  const missing = ours.filter((name) => !known.some((entry) => nameOf(entry) === name));
  if (missing.length > 0) await strapi.store.set({ ...KEY, value: [...known, ...missing] });
};
