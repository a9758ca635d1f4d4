import { addressKey, domainOf, parseMailbox } from './address';
import type { IdentityId, IdentityList } from './identity';

/*
 * What a From or Reply-To of Strapi's own mail stands for (contract "guard"). Whoever calls Strapi's e-mail service
 * names an address as text; of the rules only identities are known.
 */

/** Strapi's factory setting: nobody's own address, so it means "whatever the site sends as". */
const FACTORY_DOMAIN = 'strapi.io';
const FACTORY_ADDRESS = `no-reply@${FACTORY_DOMAIN}`;

/** Never an address that a site's mail can come from. */
export const isFactoryAddress = (email: string): boolean => domainOf(email) === FACTORY_DOMAIN;

export type Wish =
  /** Nothing was named, or Strapi's factory address. */
  | { kind: 'default' }
  /** Exactly one mailbox; in the compared form (rules §7). */
  | { kind: 'address'; key: string }
  /** No single mailbox: several, a group, a name that looks like an address, look-alike characters. */
  | { kind: 'unreadable' };

/** @param value what the caller gave; only text that the strict parser reads can name anything */
export const readWish = (value: unknown): Wish => {
  if (value === undefined || value === null || value === '') return { kind: 'default' };
  const mailbox = parseMailbox(value);
  if (!mailbox) return { kind: 'unreadable' };
  const key = addressKey(mailbox.email);
  return key === FACTORY_ADDRESS ? { kind: 'default' } : { kind: 'address', key };
};

/**
 * The identity that a wish stands for: a mailbox of this address, else the system mailbox. Whether it may be used is
 * for `resolve` to say.
 *
 * @param systemKeys the system mailbox's address, and a tenant's own one
 * @returns null: there is none, which is refused like everything that is not offered
 */
export const identityOf = (
  wish: Wish,
  list: 'from' | 'replyTo',
  lists: IdentityList,
  systemKeys: readonly string[]
): IdentityId | null => {
  if (wish.kind === 'unreadable') return null;
  if (wish.kind === 'default') return 'system';
  const known = [
    ...lists[list],
    ...lists.unavailable.filter((entry) => entry.list === list).map(({ identity }) => identity),
  ];
  const mailbox = known.find(({ source, email }) => source === 'mailbox' && addressKey(email) === wish.key);
  if (mailbox) return mailbox.id;
  return systemKeys.includes(wish.key) ? 'system' : null;
};
