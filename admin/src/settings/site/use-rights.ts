import { useRBAC } from '@strapi/strapi/admin';
import { permission } from '../../shared/permissions';

export interface Rights {
  create: boolean;
  update: boolean;
  delete: boolean;
  grant: boolean;
  /** `tenants.manage`: holds everywhere and includes the others (rules §6). */
  operate: boolean;
}

const MAILBOXES = [
  ...permission('mailboxes.create'),
  ...permission('mailboxes.update'),
  ...permission('mailboxes.delete'),
];

/** What the administrator may do here. Two calls, because the keys are the last words of the actions. */
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
