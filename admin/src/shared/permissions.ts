import { actionId, type Action } from '../../../server/src/contracts/permissions';

/** Permission in the form of Strapi's menu, links and `Page.Protect`. */
export const permission = (action: Action) => [{ action: actionId(action), subject: null }];
