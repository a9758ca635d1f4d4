import { addressKey, domainOf, parseMailbox } from './address';
import type { IdentityId, IdentityList } from './identity';

/*
 * Maps a From or Reply-To of Strapi's own mail to an identity (contract "guard"): callers of Strapi's e-mail service
 * name an address as text.
 */

/** Strapi's factory setting is no address of the site, so it means the site's default sender. */
const FACTORY_DOMAIN = 'strapi.io';
const FACTORY_ADDRESS = `no-reply@${FACTORY_DOMAIN}`;

/** No site can send from this domain. */
export const isFactoryAddress = (email: string): boolean => domainOf(email) === FACTORY_DOMAIN;

export type Wish =
  /** No address, or Strapi's factory address. */
  | { kind: 'default' }
  /** Exactly one mailbox; in the compared form (rules §7). */
  | { kind: 'address'; key: string }
  /** No single mailbox: several, a group, a name that looks like an address, look-alike characters. */
  | { kind: 'unreadable' };

/** @param value untrusted, of any type; only text that `parseMailbox` accepts can name an address */
export const readWish = (value: unknown): Wish => {
  if (value === undefined || value === null || value === '') return { kind: 'default' };
  const mailbox = parseMailbox(value);
  if (!mailbox) return { kind: 'unreadable' };
  const key = addressKey(mailbox.email);
  return key === FACTORY_ADDRESS ? { kind: 'default' } : { kind: 'address', key };
};

/**
 * Returns the identity of the mailbox with this address, else the system mailbox; `resolve` decides whether it may be
 * used.
 *
 * @param systemKeys compared forms of the system mailbox's address and of the tenant's override
 * @returns null: no identity has this address
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
