import { Flex, LinkButton } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import { useMailboxesDraftsQuery } from './draft/api';
import { Notice } from '../shared/ui/Notice';
import { DRAFTS_PATH, composeOf } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { useTime } from '../shared/time/use-time';
import { isUnwritten } from './draft/draft';
import { useDrafts } from './draft/store';

/** Links to the latest draft from an empty form. */
export const ContinueNotice = ({ tenant }: { tenant: string }) => {
  const t = useText();
  const time = useTime();
  const { draft, stored } = useDrafts();
  const empty = stored === null && isUnwritten(draft);
  const { currentData } = useMailboxesDraftsQuery(
    { page: 1, pageSize: 1, q: '', tenant },
    { skip: !empty, refetchOnMountOrArgChange: true }
  );
  const latest = currentData?.data[0];
  if (!empty || !latest) return null;
  const { total } = currentData.meta.pagination;
  return (
    <Notice
      kind="info"
      quiet
      action={
        <Flex gap={2} wrap="wrap">
          <LinkButton tag={NavLink} to={composeOf(latest.id)} size="S" variant="secondary">
            {t('draft.continue')}
          </LinkButton>
          {total > 1 && (
            <LinkButton tag={NavLink} to={DRAFTS_PATH} size="S" variant="tertiary">
              {t('draft.all', { count: total })}
            </LinkButton>
          )}
        </Flex>
      }
    >
      {t('draft.unfinished', {
        subject: latest.subject || t('submissions.no-subject'),
        time: time(latest.updatedAt),
      })}
    </Notice>
  );
};
