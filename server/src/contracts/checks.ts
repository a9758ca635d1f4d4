/* Checks that the admin panel shares with the server, without yup. */
export { isIdentityId } from '../domain/identity-id';
export { isShown } from '../domain/message';
export { isZone } from '../domain/zone';
export { subjectProblem } from '../domain/text';
