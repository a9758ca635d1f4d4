export { pick, resolve } from './decide';
export { mayAct, reasonsToUse, usable } from './entitlement';
export { listIdentities } from './list';
export type * from './types';
