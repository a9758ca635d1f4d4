import { useRBAC } from '@strapi/strapi/admin';

const RIGHTS = ['read', 'create', 'update', 'delete'].map((right) => ({
  action: `admin::webhooks.${right}`,
  subject: null,
}));

export interface WebhookRights {
  read: boolean;
  create: boolean;
  update: boolean;
  delete: boolean;
}

/** Permissions of the user for Strapi's webhooks. */
export const useWebhookRights = (): WebhookRights & { loading: boolean } => {
  const { isLoading, allowedActions } = useRBAC(RIGHTS);
  return {
    loading: isLoading,
    read: allowedActions.canRead === true,
    create: allowedActions.canCreate === true,
    update: allowedActions.canUpdate === true,
    delete: allowedActions.canDelete === true,
  };
};
