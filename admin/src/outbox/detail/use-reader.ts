import { useAuth, useRBAC } from '@strapi/strapi/admin';
import { permission } from '../../shared/permissions';

/** Returns the id of the user with `log.read`, who sees the submissions of others; else null. */
export const useReader = (): { reader: string | null; isLoading: boolean } => {
  const user = useAuth('useReader', ({ user: signedIn }) => signedIn?.id);
  const { allowedActions, isLoading } = useRBAC(permission('log.read'));
  return { reader: allowedActions.canRead === true && user !== undefined ? String(user) : null, isLoading };
};
