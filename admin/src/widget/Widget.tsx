import { Box, Flex, Typography } from '@strapi/design-system';
import { Widget as WidgetParts } from '@strapi/strapi/admin';
import type { Me, Submission } from '../../../server/src/contracts/answers';
import { OUTBOX_PATH } from '../shared/paths';
import { SubjectLink } from '../shared/ui/SubjectLink';
import { Texts } from '../shared/i18n/Texts';
import { WIDGET_TEXTS } from '../shared/i18n/translations';
import { useText } from '../shared/i18n/use-text';
import { useTime } from '../shared/time/use-time';
import { useMailboxesOverviewQuery } from '../outbox/api';
import { Attention, needsAttention } from '../outbox/Attention';
import { displayStateOf } from '../outbox/display-state';
import { StateLabel } from '../outbox/StateLabel';
import { useMailboxesMeQuery } from '../shared/api/mailbox-user';

const RECENT = 5;

const Recent = ({ submission }: { submission: Submission }) => {
  const time = useTime();
  return (
    // A grid with a shrinkable first column: in a flex row a long subject would widen the card.
    <Box
      tag="li"
      paddingTop={2}
      paddingBottom={2}
      style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', gap: '1.2rem', alignItems: 'center' }}
    >
      <Box>
        <SubjectLink to={`${OUTBOX_PATH}/${submission.id}`} subject={submission.subject} />
        <Typography variant="pi" textColor="neutral600">
          {time(submission.createdAt)}
        </Typography>
      </Box>
      <StateLabel displayState={displayStateOf(submission, false)} />
    </Box>
  );
};

const OfTenant = ({ tenant, named }: { tenant: Me['tenants'][number]; named: boolean }) => {
  const t = useText();
  const { data, isError } = useMailboxesOverviewQuery(tenant.id, { refetchOnMountOrArgChange: true });
  if (isError) return <WidgetParts.Error />;
  if (!data) return <WidgetParts.Loading />;
  return (
    <Flex direction="column" alignItems="stretch" gap={2} paddingBottom={3} width="100%" minWidth={0}>
      {named && (
        <Typography variant="sigma" tag="h3" textColor="neutral600">
          {tenant.name}
        </Typography>
      )}
      {needsAttention(data) ? (
        <Attention overview={data} tenant={tenant.id} />
      ) : (
        <Typography textColor="neutral600">{t('attention.none')}</Typography>
      )}
      <Box tag="ul">
        {data.recent.slice(0, RECENT).map((submission) => (
          <Recent key={submission.id} submission={submission} />
        ))}
      </Box>
    </Flex>
  );
};

const Overviews = () => {
  const { data, isError } = useMailboxesMeQuery(undefined, { refetchOnMountOrArgChange: true });
  if (isError) return <WidgetParts.Error />;
  if (!data) return <WidgetParts.Loading />;
  if (data.tenants.length === 0) return <WidgetParts.NoPermissions />;
  return (
    <>
      {data.tenants.map((tenant) => (
        <OfTenant key={tenant.id} tenant={tenant} named={data.tenants.length > 1} />
      ))}
    </>
  );
};

/** Widget of the home page: submissions that need attention, and the latest ones. */
export const Widget = () => (
  <Texts sources={WIDGET_TEXTS} loading={<WidgetParts.Loading />} error={<WidgetParts.Error />}>
    <Overviews />
  </Texts>
);
