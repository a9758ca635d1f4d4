import { actionId, type Action } from '../../../server/src/contracts/permissions';

/** As Strapi's menu, links and `Page.Protect` want it. */
export const permission = (action: Action) => [{ action: actionId(action), subject: null }];
