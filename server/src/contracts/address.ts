/** What the admin panel needs to know of addresses: the rules themselves, not copies of them. */
export { addressKey, domainOf, parseAddrSpec } from '../domain/address';
export { recipientNameProblem } from '../domain/text';
