/* The address rules for the admin panel: the same code as on the server. */
export { addressKey, domainOf, parseAddrSpec } from '../domain/address';
export { recipientNameProblem } from '../domain/text';
