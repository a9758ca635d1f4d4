import type { DraftContent } from '../domain/draft';
import { latest, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { decodeDraft, encodeDraft, replaceDraftChunks } from '../database/draft-chunks';
import { TABLES } from '../database/tables';

/* A draft that was sent names its submission: it is nobody's to see until that is canceled, and goes when that is done. */

/** A person may try what failed again, and cancel that: so long its draft is kept. */
const FAILED_KEPT_MS = 7 * 24 * 3_600_000;

interface Link {
  draft: string;
  /** Null: whichever it is. */
  version: number | null;
  user: number;
  submission: string;
}

/**
 * Makes the draft the submission's: one conditional update decides between two.
 *
 * @returns the other submission that was made of it before, or the other version that it has; 'unknown' where it is not
 *   the user's
 */
export const linkDraft = async (
  queries: Queries,
  { draft, version, user, submission }: Link
): Promise<'linked' | 'unknown' | { submission: string } | { version: number }> => {
  const mine = { id: draft, user_id: user };
  const changed = await queries(TABLES.drafts)
    .where({ ...mine, submission: null, ...(version === null ? {} : { version }) })
    .update({ submission });
  if (Number(changed) === 1) return 'linked';
  const [row]: { submission: string | null; version: number }[] = await latest(
    queries,
    queries(TABLES.drafts).where(mine).select('submission', 'version')
  );
  if (!row) return 'unknown';
  const current = Number(row.version);
  if (row.submission === null && version !== null && current !== version) return { version: current };
  // It came back between the two looks at it.
  if (row.submission === null) return linkDraft(queries, { draft, version, user, submission });
  // The answer to a COMMIT got lost, and this is its second try.
  return row.submission === submission ? 'linked' : { submission: row.submission };
};

/** Gives the drafts of these submissions back to their authors, as they were. */
export const giveDraftsBack = async (
  queries: Queries,
  submissions: readonly { id: string; draft: string | null }[]
): Promise<void> => {
  const made = submissions.filter(({ draft }) => draft !== null);
  if (made.length === 0) return;
  await queries(TABLES.drafts)
    .whereIn('id', made.map(({ draft }) => draft) as string[])
    .whereIn(
      'submission',
      made.map(({ id }) => id)
    )
    .update({ submission: null, version: queries.raw('version + 1'), updated_at: nowMs(queries) });
};

/** Rewrites when the submission's draft is to be sent, so that a cancel returns it as it was moved. */
export const moveSentDraft = async (
  queries: Queries,
  submission: string,
  moved: Pick<DraftContent, 'sendAt' | 'sendZone'>
): Promise<void> => {
  const chunks: { id: string; bytes: Buffer }[] = await queries(`${TABLES.drafts} as d`)
    .join(`${TABLES.draftChunks} as c`, 'c.draft', 'd.id')
    .where('d.submission', submission)
    .orderBy('c.position')
    .select('d.id', 'c.bytes');
  const [first] = chunks;
  if (!first) return;
  const bytes = encodeDraft({ ...decodeDraft(chunks), ...moved });
  await replaceDraftChunks(queries, first.id, bytes);
  await queries(TABLES.drafts).where({ id: first.id, submission }).update({ size_bytes: bytes.length });
};

/** Deletes drafts that nobody needs any more: what was made of them was submitted, or failed long ago. */
export const deleteSentDrafts = async (queries: Queries, limit: number): Promise<void> => {
  const rows: { id: string; submission: string }[] = await queries(`${TABLES.drafts} as d`)
    .join(`${TABLES.submissions} as s`, 's.id', 'd.submission')
    .where((done) => {
      done.where('s.state', 'submitted').orWhere((failed) => {
        failed.where('s.state', 'failed').andWhere('s.settled_at', '<', nowPlusMs(queries, -FAILED_KEPT_MS));
      });
    })
    .orderBy('d.id')
    .limit(limit)
    .select('d.id', 'd.submission');
  for (const draft of rows)
    if (Number(await queries(TABLES.drafts).where(draft).delete()) === 1)
      await queries(TABLES.draftChunks).where({ draft: draft.id }).delete();
};
