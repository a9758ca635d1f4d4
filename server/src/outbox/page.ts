import { offsetOf } from '../contracts/page';
import type { Page } from '../contracts/query';
import type { Cursor } from '../contracts/submissions-filter';
import { contains, int, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { searchTerms } from '../domain/search-words';
import { filtered, newestFirst, rowsOf, submissionsOf, type Filter, type Query } from './repository';
import type { Raw, SubmissionRow } from './repository';
import { hasWord, wordsFrom } from './words';

export interface ListPage extends Page {
  /** Begins after this submission instead of at the page. */
  after?: Cursor | undefined;
  /** Beginnings of words of the subject, or of a recipient's address or name; '' finds everything. */
  q?: string | undefined;
}

export interface SubmissionPage {
  rows: SubmissionRow[];
  total: number;
  /** `total` is a lower bound. */
  atLeast: boolean;
  /** Null: the page is the last. */
  next: Cursor | null;
}

interface Limits {
  /** Submissions that are counted, and that are sorted to find a page. */
  many: number;
  /** Submissions that are read to count or to find a page among more than `many`. */
  window: number;
}

const LIMITS: Limits = { many: 10_000, window: 20_000 };

/** Yields submissions by one index, every one of the filter among them, with the columns of `restrict`. */
interface Source {
  query: () => Query;
  columns: readonly string[];
  /** The beginning of words: some submissions are yielded twice, with their tenant and time only. */
  term: string | null;
}

interface Search {
  /** The tenant or author; then state, sender and words. */
  sources: [Source, ...Source[]];
  /** Adds every condition to a query of submissions as `s`, except that of the source that yields them. */
  restrict: (query: Query, source?: Source) => Query;
  /** Words of a submission are enough to decide. */
  isOfWords: boolean;
  /** The search holds no word. */
  isImpossible: boolean;
  limits: Limits;
}

const COLUMNS = ['id', 'message', 'tenant', 'created_at', 'state', 'from_identity', 'actor_user', 'actor_system'].map(
  (column) => `s.${column}`
);
const WORD_COLUMNS = ['w.submission as id', 'w.tenant', 'w.created_at'];

/** Restricts to a tenant or author and a time: both are in one index with the order of the list. */
const within = (query: Query, { tenant, user, since, until }: Filter): Query =>
  filtered(query, { tenant, user, since, until });

const isAfter = (query: Query, cursor: Cursor | undefined): void => {
  if (!cursor) return;
  const { createdAt, id } = cursor;
  // The first condition is one range of the index.
  query.andWhere('s.created_at', '<=', createdAt).andWhere((tie) => {
    tie.where('s.created_at', '<', createdAt).orWhere('s.id', '<', id);
  });
};

/** Searches by words, or in the texts as long as words of rows are missing. */
const searchOf = (queries: Queries, filter: Filter, q: string, hasWords: boolean, limits: Limits): Search => {
  const { tenant, user, system, states, from } = filter;
  const source = (restrict: (query: Query) => Query): Source => ({
    query: () => restrict(submissionsOf(queries)),
    columns: COLUMNS,
    term: null,
  });
  const sources: Search['sources'] = [source((query) => within(query, filter))];
  if (states !== undefined) sources.push(source((query) => query.whereIn('s.state', [...states]) as Query));
  if (from !== undefined) sources.push(source((query) => query.where('s.from_identity', from) as Query));
  const terms = hasWords ? searchTerms(q) : [];
  for (const term of terms)
    sources.push({ query: () => wordsFrom(queries, tenant, term) as Query, columns: WORD_COLUMNS, term });
  return {
    sources,
    restrict: (query, yielding) => {
      filtered(query, filter);
      for (const term of terms.filter((one) => one !== yielding?.term)) query.andWhere(hasWord(queries, term));
      if (!hasWords) query.andWhere((found) => inTexts(queries, found as Query, q));
      return query;
    },
    isOfWords: [user, system, states, from].every((value) => value === undefined),
    isImpossible: q !== '' && hasWords && terms.length === 0,
    limits,
  };
};

const inTexts = (queries: Queries, query: Query, q: string): void => {
  const has = (column: string) => contains(queries, column, q);
  query
    .whereExists(
      queries(`${TABLES.messages} as m`).whereRaw('m.id = s.message').andWhere(has('m.subject')).select('m.id')
    )
    .orWhereExists(
      queries(`${TABLES.recipients} as r`)
        .whereRaw('r.submission = s.id')
        .andWhere((named) => void named.where(has('r.email')).orWhere(has('r.name')))
        .select('r.position')
    );
};

const isUnsearchable = async (queries: Queries, { tenant }: Filter): Promise<boolean> => {
  const rows: Raw[] = await submissionsOf(queries)
    .where('s.tenant', tenant)
    .whereNull('s.searchable')
    .limit(1)
    .select('s.id');
  return rows.length > 0;
};

/** Selects no column: an index is enough. */
const countUpTo = (queries: Queries, query: Query, limit: number): Query =>
  queries.count({ n: '*' }).from(query.limit(limit).select(queries.raw('1 AS one')).as('few')) as Query;

const readCount = async (query: Query): Promise<number> => {
  const [row]: Raw[] = await query;
  return Number(row?.n ?? 0);
};

/** Reads which source has the fewest ids, at most one more than `many`, and where the window ends. */
const measure = async (queries: Queries, filter: Filter, { sources, limits }: Search, after: Cursor | undefined) => {
  const end = within(submissionsOf(queries), filter)
    .modify((query) => void (after && query.andWhere('s.created_at', '<=', after.createdAt)))
    .orderBy('s.created_at', 'desc')
    .offset(limits.window)
    .limit(1)
    .select('s.created_at');
  const counts = sources.map((source, index) => [
    `source_${index}`,
    countUpTo(queries, source.query(), limits.many + 1),
  ]);
  const [row = {}]: Raw[] = await queries.select({ window_end: end, ...Object.fromEntries(counts) } as never);
  const sizes = sources.map((source, index) => ({ source, size: Number(row[`source_${index}`]) }));
  return { ...sizes.reduce((least, one) => (one.size <= least.size ? one : least)), windowEnd: int(row.window_end) };
};

/** Queries the submissions of a search as `s` among the first ones of a source. */
const among = (queries: Queries, search: Search, source: Source, limit: number | null): Query => {
  const few = source.query().select([...source.columns]);
  if (limit !== null) few.limit(limit);
  if (source.term === null) return search.restrict(queries.from(few.as('s')) as unknown as Query);
  const distinct = queries.distinct('few.*').from(few.as('few'));
  if (search.isOfWords) return search.restrict(queries.from(distinct.as('s')) as unknown as Query, source);
  // A cross join: SQLite keeps its order, and finds each submission by its id.
  const joined = queries.from(distinct.as('found')).crossJoin(`${TABLES.submissions} as s` as never);
  return search.restrict(joined.whereRaw('s.id = found.id') as unknown as Query, source);
};

const readRows = (queries: Queries, query: Query, { page, pageSize, after }: ListPage): Promise<SubmissionRow[]> => {
  isAfter(query, after);
  // One more shows whether a page follows.
  const some = query.orderBy(newestFirst).limit(pageSize + 1);
  return rowsOf(queries, after ? some : some.offset(offsetOf({ page, pageSize })));
};

interface Found {
  rows: SubmissionRow[];
  count: () => Promise<Pick<SubmissionPage, 'total' | 'atLeast'>>;
}

/** Follows the order of the list. */
const readAll = async (queries: Queries, search: Search, page: ListPage): Promise<Found> => {
  const { many } = search.limits;
  const all = () => search.restrict(submissionsOf(queries));
  return {
    rows: await readRows(queries, all(), page),
    count: async () => {
      const count = await readCount(countUpTo(queries, all(), many + 1));
      return { total: Math.min(count, many), atLeast: count > many };
    },
  };
};

/**
 * Sorts the ids of the smallest source. If there are too many, most pages are found by the order of the list, which ends
 * after a window of submissions; the others take longer.
 */
const readFiltered = async (queries: Queries, filter: Filter, search: Search, page: ListPage): Promise<Found> => {
  const { source, size, windowEnd } = await measure(queries, filter, search, page.after);
  const { many, window } = search.limits;
  const exactly = (total: number) => ({ total, atLeast: false });
  if (size === 0) return { rows: [], count: async () => exactly(0) };
  if (size <= many) {
    const few = () => among(queries, search, source, many);
    return {
      rows: await readRows(queries, few(), page),
      count: async () => exactly(await readCount(few().count({ n: '*' }) as Query)),
    };
  }
  const recent = search.restrict(submissionsOf(queries));
  if (windowEnd !== null) recent.andWhere('s.created_at', '>=', windowEnd);
  let rows = await readRows(queries, recent, page);
  if (windowEnd !== null && rows.length <= page.pageSize)
    rows = await readRows(queries, among(queries, search, source, null), page);
  const counted = among(queries, search, source, window);
  return { rows, count: async () => ({ total: await readCount(countUpTo(queries, counted, many)), atLeast: true }) };
};

/** Reads a page of a list, newest first. Beyond `many` submissions, the total is a lower bound. */
export const readPage = async (
  queries: Queries,
  filter: Filter,
  page: ListPage,
  limits: Limits = LIMITS
): Promise<SubmissionPage> => {
  const { q = '', pageSize, after } = page;
  const hasWords = q === '' || !(await isUnsearchable(queries, filter));
  const search = searchOf(queries, filter, q, hasWords, limits);
  if (search.isImpossible) return { rows: [], total: 0, atLeast: false, next: null };
  const found =
    search.sources.length === 1
      ? await readAll(queries, search, page)
      : await readFiltered(queries, filter, search, page);
  const rows = found.rows.slice(0, pageSize);
  const last = rows.at(-1);
  const next = last && found.rows.length > pageSize ? { createdAt: last.createdAt, id: last.id } : null;
  if (after) return { rows, next, ...(await found.count()) };
  const seen = offsetOf(page) + rows.length;
  // The last page counts the others.
  if (next === null && (rows.length > 0 || seen === 0)) return { rows, next, total: seen, atLeast: false };
  const { total, atLeast } = await found.count();
  return { rows, next, total: atLeast ? Math.max(total, rows.length > 0 ? seen : 0) : total, atLeast };
};
