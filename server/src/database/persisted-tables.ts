import type { Core } from '@strapi/types';
import { CONTENT_TABLES } from './tables';
import { memberTableNames } from './member-tables';

/** Key of the core store with the tables that Strapi's schema sync must not drop. */
const KEY = { type: 'core', key: 'persisted_tables' } as const;

type Entry = string | { name: string };

const nameOf = (entry: Entry): string => (typeof entry === 'string' ? entry : entry.name);

/** Adds the plugin's tables, so that a start with the plugin disabled does not drop them. Keeps other entries. */
export const persistTables = async (strapi: Core.Strapi): Promise<void> => {
  const ours = [...Object.values(CONTENT_TABLES), ...memberTableNames(strapi)];
  const known = ((await strapi.store.get(KEY)) as Entry[] | null) ?? [];
  const missing = ours.filter((name) => !known.some((entry) => nameOf(entry) === name));
  if (missing.length > 0) await strapi.store.set({ ...KEY, value: [...known, ...missing] });
};
