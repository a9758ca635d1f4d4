import { databaseName, type DatabaseName } from './database';

/** Eight hex digits that choose which part of a product runs; the same seed runs the same part. */
export const seedText = process.env.TEST_SEED || '00000000';

const seed = parseInt(seedText, 16);
/** `TEST_ALL=1` runs every product in full, before a release. */
const everything = process.env.TEST_ALL === '1';
/** SQLite has one process and its own locks; the two servers differ in statements, which the smaller part runs, too. */
const FULL: readonly DatabaseName[] = ['sqlite', seed % 2 === 0 ? 'postgres' : 'mariadb'];

/** Is the whole of a product run on this database, or a part of it? */
export const runsInFull = everything || FULL.includes(databaseName);

/**
 * Engines of a product on this database. A part of it runs over BullMQ on the database that runs only a part over the
 * embedded engine, so that no database takes much longer than the others.
 */
export const engines: readonly ('embedded' | 'bullmq')[] =
  everything || !runsInFull ? ['embedded', 'bullmq'] : ['embedded'];
