import { domainOf } from '../address';
import { MESSAGE } from '../refusal';
import { candidatesOf, type Candidate, type Candidates } from './candidates';
import type { Facts, Identity, IdentityId, IdentityList, ListName, Unavailable } from './types';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byNameAddressId = (a: Candidate, b: Candidate): number =>
  compare((a.identity.name ?? '').toLowerCase(), (b.identity.name ?? '').toLowerCase()) ||
  compare(a.key, b.key) ||
  compare(a.identity.id, b.identity.id);

const listOf = (
  candidates: Candidates,
  list: ListName,
  { tenant }: Facts
): { offered: Identity[]; unavailable: Unavailable[] } => {
  const own = candidates.own(list);
  const mailboxes = candidates.mailboxes(list).sort(byNameAddressId);
  const system = candidates.system(list);

  const free = ({ blockers }: Candidate): boolean => blockers.length === 0;
  const equalsOwn = ({ key }: Candidate): boolean => own !== null && key === own.key;
  // A blocked entry is not in the list, so it hides no duplicate.
  const hidesMailbox = tenant.duplicatePolicy === 'own-name' && own !== null && free(own);
  const hidesOwn =
    tenant.duplicatePolicy === 'mailbox-name' && mailboxes.some((mailbox) => free(mailbox) && equalsOwn(mailbox));

  const visible = [
    ...(own !== null && !hidesOwn ? [own] : []),
    ...mailboxes.filter((mailbox) => !(hidesMailbox && equalsOwn(mailbox))),
  ];
  const nothingElse = !visible.some(free);
  if (tenant.systemSender === 'everyone' || nothingElse) visible.push(system);

  return {
    offered: visible.filter(free).map(({ identity }) => identity),
    unavailable: visible.flatMap(({ identity, blockers: [code, ...others] }) =>
      code !== undefined && others.length === 0 ? [{ identity, list, code, message: MESSAGE[code] }] : []
    ),
  };
};

const isOffered = (list: readonly Identity[], id: IdentityId | null | undefined): id is IdentityId =>
  id !== null && id !== undefined && list.some((identity) => identity.id === id);

/** Kinds of entries in the order of preselection (rules §3). */
const KINDS = ['granted', 'open', 'own', 'global', 'system'] as const;

const kindOf = (identity: Identity, owned: ReadonlySet<string>): (typeof KINDS)[number] => {
  if (identity.source !== 'mailbox') return identity.source;
  if (!owned.has(identity.id)) return 'global';
  return identity.because.includes('open') ? 'open' : 'granted';
};

/** Neither paused nor unaligned: the domains of From and envelope are equal, as receivers expect. */
const isGoodChoice = ({ email, transport, paused }: Identity): boolean =>
  paused === null && domainOf(email) === domainOf(transport.email);

/** Returns the From to preselect without a last choice: a paused or unaligned identity only if there is no other. */
const firstChoice = ({ mailboxes, tenant }: Facts, offered: readonly Identity[]): IdentityId | null => {
  const owned = new Set<string>();
  for (const mailbox of mailboxes) if (mailbox.tenant === tenant.id) owned.add(`mailbox:${mailbox.id}`);
  const ordered = KINDS.flatMap((kind) => offered.filter((identity) => kindOf(identity, owned) === kind));
  return (ordered.find(isGoodChoice) ?? ordered[0])?.id ?? null;
};

/** Lists the identities of an actor that may act (rules §3). `resolve` decides by the same lists. */
export const listIdentities = (facts: Facts): IdentityList => {
  const candidates = candidatesOf(facts);
  const from = listOf(candidates, 'from', facts);
  const replyTo = listOf(candidates, 'replyTo', facts);
  return {
    from: from.offered,
    replyTo: replyTo.offered,
    unavailable: [...from.unavailable, ...replyTo.unavailable],
    preselected: {
      from: isOffered(from.offered, facts.last?.from) ? facts.last.from : firstChoice(facts, from.offered),
      replyTo: isOffered(replyTo.offered, facts.last?.replyTo) ? facts.last.replyTo : null,
    },
  };
};
