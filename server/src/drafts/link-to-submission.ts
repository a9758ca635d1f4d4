import type { DraftContent } from '../domain/draft';
import { latest, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { decodeDraft, encodeDraft, replaceDraftChunks } from '../database/draft-chunks';
import { TABLES } from '../database/tables';

/* A sent draft is hidden and linked to its submission: cancelling restores it, completion deletes it. */

/** How long the draft of a failed submission is kept, so that a retry can still be canceled. */
const FAILED_KEPT_MS = 7 * 24 * 3_600_000;

interface Link {
  draft: string;
  /** Null: any. */
  version: number | null;
  user: number;
  submission: string;
}

/**
 * Links a draft to its submission; of two concurrent submissions one conditional update lets one succeed.
 *
 * @returns the submission that it is already linked to, or its stored version if another one; 'unknown' for a draft that
 *   is not the user's
 */
export const linkDraft = async (
  queries: Queries,
  { draft, version, user, submission }: Link
): Promise<'linked' | 'unknown' | { submission: string } | { version: number }> => {
  const owned = { id: draft, user_id: user };
  const changed = await queries(TABLES.drafts)
    .where({ ...owned, submission: null, ...(version === null ? {} : { version }) })
    .update({ submission });
  if (Number(changed) === 1) return 'linked';
  const [row]: { submission: string | null; version: number }[] = await latest(
    queries,
    queries(TABLES.drafts).where(owned).select('submission', 'version')
  );
  if (!row) return 'unknown';
  const current = Number(row.version);
  if (row.submission === null && version !== null && current !== version) return { version: current };
  // A cancel restored it between the update and the read.
  if (row.submission === null) return linkDraft(queries, { draft, version, user, submission });
  // A retry after a lost answer to COMMIT finds its own link.
  return row.submission === submission ? 'linked' : { submission: row.submission };
};

/** Restores the drafts of these submissions, unchanged. */
export const giveDraftsBack = async (
  queries: Queries,
  submissions: readonly { id: string; draft: string | null }[]
): Promise<void> => {
  const linked = submissions.filter(({ draft }) => draft !== null);
  if (linked.length === 0) return;
  await queries(TABLES.drafts)
    .whereIn('id', linked.map(({ draft }) => draft) as string[])
    .whereIn(
      'submission',
      linked.map(({ id }) => id)
    )
    .update({ submission: null, version: queries.raw('version + 1'), updated_at: nowMs(queries) });
};

/** Writes a rescheduled time into the submission's draft, so that a cancel restores it with that time. */
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

/** Deletes drafts whose submission was submitted, or failed more than `FAILED_KEPT_MS` ago. */
export const deleteSentDrafts = async (queries: Queries, limit: number): Promise<void> => {
  const rows: { id: string; submission: string }[] = await queries(`${TABLES.drafts} as d`)
    .join(`${TABLES.submissions} as s`, 's.id', 'd.submission')
    .where((state) => {
      state.where('s.state', 'submitted').orWhere((failed) => {
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
