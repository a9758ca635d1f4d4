import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';
import type { PauseCode } from '../../../server/src/contracts/answers';
import { permission } from '../shared/permissions';
import { useText } from '../shared/i18n/use-text';
import { pauseTexts } from './pause-text';

const ADMINISTER = [...permission('mailboxes.read'), ...permission('tenants.manage')];

/** Text of a pause, depending on the reader's permissions. */
export const usePauseText = (): ((code: PauseCode, system: boolean) => string) => {
  const t = useText();
  const { allowedActions } = useRBAC(ADMINISTER);
  const administers = allowedActions.canRead === true || allowedActions.canManage === true;
  return React.useCallback(
    (code, system) =>
      pauseTexts(code, { system, administers })
        .map((key) => t(key))
        .join(' '),
    [t, administers]
  );
};
