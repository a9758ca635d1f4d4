import { useAuth, useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Submission } from '../../../../server/src/contracts/answers';
import { permission } from '../../shared/permissions';

type May = (submission: Pick<Submission, 'actor'>) => boolean;

export const useIsAuthor = (): May => {
  const user = useAuth('useIsAuthor', ({ user: signedIn }) => signedIn?.id);
  return React.useCallback(({ actor }) => actor.type === 'user' && String(actor.id) === String(user), [user]);
};

/** Returns whether the user is the author or has `log.manage`; the server checks again. */
export const useMayAct = (): May => {
  const isAuthor = useIsAuthor();
  const { allowedActions } = useRBAC(permission('log.manage'));
  const manages = allowedActions.canManage === true;
  return React.useCallback((submission) => manages || isAuthor(submission), [manages, isAuthor]);
};
