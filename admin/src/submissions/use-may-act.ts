import { useAuth, useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Submission } from '../../../server/src/contracts/answers';
import { permission } from '../lib/permissions';

/** The author, or who manages the log; the server asks again. */
export const useMayAct = (): ((submission: Pick<Submission, 'actor'>) => boolean) => {
  const user = useAuth('useMayAct', ({ user: signedIn }) => signedIn?.id);
  const { allowedActions } = useRBAC(permission('log.manage'));
  const manages = allowedActions.canManage === true;
  return React.useCallback(
    ({ actor }) => manages || (actor.type === 'user' && String(actor.id) === String(user)),
    [manages, user]
  );
};
