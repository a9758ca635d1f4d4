import { MESSAGE, type RefusalCode } from '../refusal';
import { mayAct } from './entitlement';
import { listIdentities } from './list';
import type { Decision, Facts, Identity, IdentityId, IdentityList, ListName, Wanted } from './types';

/** Returns the identity of this id in the list, or the code of its refusal: one code for every unknown id (rules §9). */
export const pick = (lists: IdentityList, list: ListName, id: IdentityId | null): Identity | RefusalCode =>
  lists[list].find((identity) => identity.id === id) ??
  lists.unavailable.find((entry) => entry.list === list && entry.identity.id === id)?.code ??
  (list === 'from' ? 'FORBIDDEN_FROM' : 'FORBIDDEN_REPLY_TO');

const refuse = (code: RefusalCode): Decision => ({ allowed: false, code, message: MESSAGE[code] });

/**
 * Decides whether the actor may send as `from` with replies to `replyTo` (rules §8). Never throws for a refusal.
 *
 * @returns the first refusal in the order of rules §9
 */
export const resolve = (facts: Facts, wanted: Wanted): Decision => {
  const refusal = mayAct(facts);
  if (refusal) return refuse(refusal);
  const lists = listIdentities(facts);
  const from = pick(lists, 'from', wanted.from);
  if (typeof from === 'string') return refuse(from);
  if (wanted.replyTo === undefined || wanted.replyTo === null) return { allowed: true, from, replyTo: null };
  const replyTo = pick(lists, 'replyTo', wanted.replyTo);
  if (typeof replyTo === 'string') return refuse(replyTo);
  return { allowed: true, from, replyTo };
};
