import type { UserFacts } from '../actor';
import { isValid, type GrantFacts } from '../grant';
import type { MailboxFacts } from '../mailbox';
import { isMember } from '../tenant';
import type { Because, Facts, Usable } from './types';

/**
 * Decides whether the actor may act in the tenant (rules §2).
 *
 * @returns null: it may; `TENANT_MISMATCH` takes precedence
 */
export const mayAct = ({
  actor,
  tenant,
}: Pick<Facts, 'actor' | 'tenant'>): null | 'TENANT_MISMATCH' | 'FORBIDDEN_TO_SEND' => {
  if (!isMember(actor, tenant)) return 'TENANT_MISMATCH';
  if (!actor.exists) return 'FORBIDDEN_TO_SEND';
  if (actor.type === 'system') return null;
  return actor.isActive && !actor.blocked && actor.maySend ? null : 'FORBIDDEN_TO_SEND';
};

/**
 * Returns the reasons why the actor may use a mailbox, ignoring `enabled` (rules §2, conditions 2 to 4); null: it may
 * not.
 */
export const entitlements = ({
  actor,
  tenant,
  mailboxes,
  grants,
  now,
}: Facts): ((mailbox: MailboxFacts) => Because[] | null) => {
  const ownedKeys = new Map<string, string>();
  for (const { id, tenant: owner, emailKey } of mailboxes) if (owner === tenant.id) ownedKeys.set(emailKey, id);
  const grantsOf = new Map<string, GrantFacts[]>();
  for (const grant of grants) {
    const known = grantsOf.get(grant.mailbox);
    if (known) known.push(grant);
    else grantsOf.set(grant.mailbox, [grant]);
  }

  const granted = (mailbox: MailboxFacts, user: UserFacts): Because[] | null => {
    if (!mailbox.restricted) return ['open'];
    const valid = (grantsOf.get(mailbox.id) ?? []).filter((grant) => isValid(grant, now));
    const because: Because[] = valid.some((grant) => grant.user === user.id) ? ['user-grant'] : [];
    const roles = user.roles.filter((role) => valid.some((grant) => grant.role === role));
    for (const role of [...new Set(roles)].sort((a, b) => a - b)) because.push(`role-grant:${role}`);
    return because.length > 0 ? because : null;
  };

  return (mailbox) => {
    if (mailbox.tenant !== tenant.id && !mailbox.global) return null;
    const owned = ownedKeys.get(mailbox.emailKey);
    // Even a disabled or restricted mailbox of the tenant shadows its global namesake: disabling it must not offer that.
    if (owned !== undefined && owned !== mailbox.id) return null;
    if (actor.type === 'user') return granted(mailbox, actor);
    return actor.mailboxes === 'all' || actor.mailboxes.includes(mailbox.emailKey) ? ['system-actor'] : null;
  };
};

/** Returns the mailboxes that the actor can use in the tenant (rules §2). Requires that it may act. */
export const usable = (facts: Facts): Usable[] => {
  const entitled = entitlements(facts);
  return facts.mailboxes.flatMap((mailbox) => {
    const because = mailbox.enabled ? entitled(mailbox) : null;
    return because ? [{ mailbox, because }] : [];
  });
};

/** Returns the reasons why the actor can use one mailbox; null: it cannot. Only its namesakes affect the result. */
export const reasonsToUse = (facts: Facts, id: string): Because[] | null => {
  const wanted = facts.mailboxes.find((mailbox) => mailbox.id === id);
  if (!wanted) return null;
  const namesakes = facts.mailboxes.filter(({ emailKey }) => emailKey === wanted.emailKey);
  return usable({ ...facts, mailboxes: namesakes }).find(({ mailbox }) => mailbox.id === id)?.because ?? null;
};
