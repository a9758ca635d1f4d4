/* What pages ask as the server does, without what the server's schemas need. */
export { isIdentityId } from '../domain/identity-id';
export { isShown } from '../domain/message';
export { isZone } from '../domain/zone';
export { subjectProblem } from '../domain/text';
