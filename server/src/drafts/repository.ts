import { recipientCount, subjectStart, type DraftContent } from '../domain/draft';
import type { DraftEntry } from '../contracts/answers';
import type { Page } from '../contracts/query';
import { iso } from '../contracts/instant';
import { contains, type Queries } from '../database/dialect';
import { decodeDraft, replaceDraftChunks, writeDraftChunks } from '../database/draft-chunks';
import { TABLES } from '../database/tables';
import { offsetOf } from '../contracts/page';

/** Times are milliseconds by the database's clock. */
export interface DraftRow {
  id: string;
  user: number;
  /** documentId */
  tenant: string;
  version: number;
  createdAt: number;
  updatedAt: number;
  content: DraftContent;
  /** Bytes of the encoded content. */
  size: number;
  /** The submission of a sent draft; null again after a cancel. */
  submission: string | null;
}

/** A row with its encoded content. */
export interface EncodedDraft extends Omit<DraftRow, 'size'> {
  bytes: Buffer;
}

export interface Filter {
  user: number;
  tenant: string;
  q?: string;
}

type Raw = Record<string, unknown>;

const rowOf = (chunks: readonly Raw[], raw: Raw): DraftRow => ({
  id: String(raw.id),
  user: Number(raw.user_id),
  tenant: String(raw.tenant),
  version: Number(raw.version),
  createdAt: Number(raw.created_at),
  updatedAt: Number(raw.updated_at),
  content: decodeDraft(chunks),
  size: Number(raw.size_bytes),
  submission: raw.submission === null ? null : String(raw.submission),
});

const entryOf = (raw: Raw): DraftEntry => ({
  id: String(raw.id),
  version: Number(raw.version),
  tenant: String(raw.tenant),
  subject: String(raw.subject),
  recipients: Number(raw.recipients),
  createdAt: iso(raw.created_at),
  updatedAt: iso(raw.updated_at),
});

const columnsOf = ({ tenant, version, updatedAt, content, bytes }: EncodedDraft): Raw => ({
  tenant,
  version,
  subject: subjectStart(content),
  recipients: recipientCount(content),
  updated_at: updatedAt,
  size_bytes: bytes.length,
});

const filtered = (queries: Queries, { user, tenant, q = '' }: Filter) => {
  const query = queries(TABLES.drafts).where({ user_id: user, tenant, submission: null });
  if (q !== '') query.where(contains(queries, 'subject', q));
  return query;
};

/** Reads and writes drafts. Every function filters by the owner. */
export const draftsRepository = {
  /** Reads in one statement, so that content and version match under concurrent writes. */
  find: async (queries: Queries, id: string, user: number): Promise<DraftRow | null> => {
    const rows: Raw[] = await queries(`${TABLES.drafts} as d`)
      .join(`${TABLES.draftChunks} as c`, 'c.draft', 'd.id')
      .where({ 'd.id': id, 'd.user_id': user })
      .orderBy('c.position')
      .select('d.*', 'c.bytes');
    return rows[0] ? rowOf(rows, rows[0]) : null;
  },

  page: async (queries: Queries, filter: Filter, page: Page): Promise<{ rows: DraftEntry[]; total: number }> => {
    const rows: Raw[] = await filtered(queries, filter)
      .orderBy([
        { column: 'updated_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(page.pageSize)
      .offset(offsetOf(page))
      .select('*');
    const [count]: { n: unknown }[] = await filtered(queries, filter).count({ n: '*' });
    return { rows: rows.map(entryOf), total: Number(count?.n ?? 0) };
  },

  /** Returns true if a draft matches the filter. */
  hasAny: async (queries: Queries, filter: Filter): Promise<boolean> =>
    ((await filtered(queries, filter).limit(1).select('id')) as Raw[]).length > 0,

  countOf: async (queries: Queries, user: number): Promise<number> => {
    const [count]: { n: unknown }[] = await queries(TABLES.drafts)
      .where({ user_id: user, submission: null })
      .count({ n: '*' });
    return Number(count?.n ?? 0);
  },

  /** Sums the bytes of the user's drafts except this one. */
  bytesOfOthers: async (queries: Queries, user: number, id: string): Promise<number> => {
    const [row]: { bytes: unknown }[] = await queries(TABLES.drafts)
      .where({ user_id: user, submission: null })
      .whereNot({ id })
      .sum({ bytes: 'size_bytes' });
    return Number(row?.bytes ?? 0);
  },

  insert: async (queries: Queries, draft: EncodedDraft): Promise<void> => {
    const { id, user, createdAt } = draft;
    await queries(TABLES.drafts).insert({ id, user_id: user, created_at: createdAt, ...columnsOf(draft) });
    await writeDraftChunks(queries, id, draft.bytes);
  },

  /**
   * Writes the next version; of two concurrent writes one conditional update lets one succeed.
   *
   * @returns false if the draft has another version, was sent, or does not exist
   */
  replace: async (queries: Queries, draft: EncodedDraft): Promise<boolean> => {
    const { id, user, version } = draft;
    const changed = await queries(TABLES.drafts)
      .where({ id, user_id: user, version: version - 1, submission: null })
      .update(columnsOf(draft));
    if (changed !== 1) return false;
    await replaceDraftChunks(queries, id, draft.bytes);
    return true;
  },

  /** @returns false if the user has no such draft, or it was sent */
  delete: async (queries: Queries, id: string, user: number): Promise<boolean> => {
    if ((await queries(TABLES.drafts).where({ id, user_id: user, submission: null }).delete()) !== 1) return false;
    await queries(TABLES.draftChunks).where({ draft: id }).delete();
    return true;
  },
};
