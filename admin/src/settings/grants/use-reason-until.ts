import type { Because, Mailbox } from '../../../../server/src/contracts/answers';
import { useMailboxesGrantsQuery } from './api';
import { useDate } from '../../shared/time/use-date';
import { useText } from '../../shared/i18n/use-text';
import { useRights } from '../site/use-rights';
import { endOfReason } from './ends';
import { useReason } from './use-reason';

/** Returns the text of the reason why a user may use this mailbox, with the end of the grant. */
export const useReasonUntil = (
  { id, global, restricted }: Pick<Mailbox, 'id' | 'global' | 'restricted'>,
  mayGrant: boolean
): ((because: Because, user: number) => string) => {
  const t = useText();
  const date = useDate();
  const reason = useReason(mayGrant);
  const { operate } = useRights();
  // Only an operator may read the grants of a global mailbox.
  const { data: grants = [] } = useMailboxesGrantsQuery(id, { skip: !restricted || !mayGrant || (global && !operate) });
  return (because, user) => {
    const end = endOfReason(because, user, grants);
    return end === null ? reason(because) : t('because.until', { reason: reason(because), date: date(end) });
  };
};
