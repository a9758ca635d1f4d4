import type { DraftContent } from '../domain/draft';
import { inChunks } from './chunks';
import type { Queries } from './dialect';
import { TABLES } from './tables';

/* Stores the content of a draft as JSON in chunks. */

export const encodeDraft = (content: DraftContent): Buffer => Buffer.from(JSON.stringify(content));

/** @param chunks all of them, in order */
export const decodeDraft = (chunks: readonly { bytes?: unknown }[]): DraftContent =>
  JSON.parse(Buffer.concat(chunks.map(({ bytes }) => bytes as Buffer)).toString()) as DraftContent;

/** @returns number of chunks */
export const writeDraftChunks = async (queries: Queries, draft: string, bytes: Buffer): Promise<number> => {
  const chunks = inChunks(bytes);
  for (const [position, chunk] of chunks.entries())
    await queries(TABLES.draftChunks)
      .insert({ draft, position, bytes: chunk })
      .onConflict(['draft', 'position'])
      .merge();
  return chunks.length;
};

/** Overwrites the stored chunks, and deletes surplus ones. */
export const replaceDraftChunks = async (queries: Queries, draft: string, bytes: Buffer): Promise<void> => {
  const written = await writeDraftChunks(queries, draft, bytes);
  await queries(TABLES.draftChunks).where({ draft }).andWhere('position', '>=', written).delete();
};
