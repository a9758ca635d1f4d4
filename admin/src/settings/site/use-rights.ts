import { useRBAC } from '@strapi/strapi/admin';
import { permission } from '../../shared/permissions';

export interface Rights {
  create: boolean;
  update: boolean;
  delete: boolean;
  grant: boolean;
  /** `tenants.manage`: valid in every tenant; includes the others (rules §6). */
  operate: boolean;
}

const MAILBOXES = [
  ...permission('mailboxes.create'),
  ...permission('mailboxes.update'),
  ...permission('mailboxes.delete'),
];

/** Permissions of the user. Two calls: `useRBAC` keys results by the last word of an action. */
export const useRights = (): Rights & { loading: boolean } => {
  const mailboxes = useRBAC(MAILBOXES);
  const grants = useRBAC(permission('grants.manage'));
  const tenants = useRBAC(permission('tenants.manage'));
  const operate = tenants.allowedActions.canManage === true;
  const may = (allowed: boolean | undefined): boolean => operate || allowed === true;
  return {
    loading: mailboxes.isLoading || grants.isLoading || tenants.isLoading,
    create: may(mailboxes.allowedActions.canCreate),
    update: may(mailboxes.allowedActions.canUpdate),
    delete: may(mailboxes.allowedActions.canDelete),
    grant: may(grants.allowedActions.canManage),
    operate,
  };
};
