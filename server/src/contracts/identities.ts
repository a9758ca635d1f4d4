import type { Identity, IdentityId, IdentityList, Unavailable } from '../domain/identity';
import { isPlainObject, accept, type Parsed } from './parse';
import { parseListQuery, type Page } from './query';

/** A page of the identities; null: all of them. */
export type Part = (Page & { q: string }) | null;

/** @returns `UNKNOWN_FIELD`, `INVALID_INPUT` */
export const parseIdentitiesQuery = (input: unknown): Parsed<{ tenant: string | undefined; part: Part }> => {
  const parsed = parseListQuery(input, ['tenant']);
  if (!parsed.ok) return parsed;
  const { tenant, page, pageSize, q } = parsed.value;
  const given = isPlainObject(input) && ['page', 'pageSize', 'q'].some((key) => input[key] !== undefined);
  return accept({ tenant, part: given ? { page, pageSize, q } : null });
};

/** One identity with its state in each of the two lists. */
export interface IdentityEntry {
  identity: Identity;
  /** null: not in this list */
  from: 'offered' | Unavailable | null;
  replyTo: 'offered' | Unavailable | null;
}

const RANK: Record<Identity['source'], number> = { own: 0, mailbox: 1, system: 2 };

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Merges both lists in the order of rules §3: own, mailboxes by name, system. */
export const entriesOf = ({ from, replyTo, unavailable }: IdentityList): IdentityEntry[] => {
  const entries = new Map<IdentityId, IdentityEntry>();
  const put = (identity: Identity, said: Partial<IdentityEntry>) =>
    entries.set(identity.id, { from: null, replyTo: null, ...entries.get(identity.id), identity, ...said });
  for (const entry of unavailable) put(entry.identity, { [entry.list]: entry });
  for (const identity of replyTo) put(identity, { replyTo: 'offered' });
  for (const identity of from) put(identity, { from: 'offered' });
  return [...entries.values()].sort(
    ({ identity: a }, { identity: b }) =>
      compare(RANK[a.source], RANK[b.source]) ||
      compare((a.name ?? '').toLowerCase(), (b.name ?? '').toLowerCase()) ||
      compare(a.email.toLowerCase(), b.email.toLowerCase()) ||
      compare(a.id, b.id)
  );
};

const holds = ({ name, email }: Identity, q: string): boolean =>
  [name ?? '', email].some((text) => text.toLowerCase().includes(q.toLowerCase()));

/** Filters the lists to the identities of one page. `preselected` stays: it applies to the whole list. */
export const partOf = (list: IdentityList, part: Part): { list: IdentityList; total: number } => {
  const entries = entriesOf(list).filter(({ identity }) => part === null || holds(identity, part.q));
  if (part === null) return { list, total: entries.length };
  const first = (part.page - 1) * part.pageSize;
  const shown = new Set(entries.slice(first, first + part.pageSize).map(({ identity }) => identity.id));
  return {
    list: {
      from: list.from.filter(({ id }) => shown.has(id)),
      replyTo: list.replyTo.filter(({ id }) => shown.has(id)),
      unavailable: list.unavailable.filter(({ identity }) => shown.has(identity.id)),
      preselected: list.preselected,
    },
    total: entries.length,
  };
};
