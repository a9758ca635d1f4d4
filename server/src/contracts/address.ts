/** What the admin panel needs to know of addresses: the rule itself, not a copy of it. */
export { domainOf } from '../domain/address';
