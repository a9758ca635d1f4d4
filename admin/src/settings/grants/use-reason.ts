import type { Because } from '../../../../server/src/contracts/answers';
import { useMailboxesRolesQuery } from './api';
import { useText } from '../../shared/i18n/use-text';

const ROLE = 'role-grant:';

/** Returns the text of a reason. The name of a role needs `grants.manage`. */
export const useReason = (mayGrant: boolean): ((because: Because) => string) => {
  const t = useText();
  const { data: roles = [] } = useMailboxesRolesQuery(undefined, { skip: !mayGrant });
  return (because) => {
    if (because === 'open') return t('because.open');
    if (because === 'user-grant') return t('because.user-grant');
    if (because === 'own') return t('because.own');
    if (because === 'system') return t('because.system');
    if (!because.startsWith(ROLE)) return because;
    const role = roles.find(({ id }) => because === `${ROLE}${id}`);
    return role ? t('because.role-grant.of', { role: role.name }) : t('because.role-grant');
  };
};
