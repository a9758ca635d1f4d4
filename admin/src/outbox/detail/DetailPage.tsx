import { Button, Flex, LinkButton } from '@strapi/design-system';
import { BackButton, Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink, useParams } from 'react-router-dom';
import type { Submission } from '../../../../server/src/contracts/answers';
import { refusalOf } from '../../shared/api/client';
import { EmptyPage } from '../../shared/ui/EmptyPage';
import { TitledPage } from '../../shared/ui/TitledPage';
import { Notice } from '../../shared/ui/Notice';
import { OUTBOX_PATH } from '../../shared/paths';
import { useText } from '../../shared/i18n/use-text';
import { Section } from '../../shared/ui/fields';
import { Actions } from './Actions';
import { useMailboxesSubmissionQuery, useMailboxesTimelineQuery } from '../api';
import { pauseOf } from '../delivery-state';
import { Facts } from './Facts';
import { isMoving } from '../list/polling';
import { Recipients } from './Recipients';
import { StatusPanel } from '../StatusPanel';
import { Timeline } from './Timeline';
import { useMayAct } from './use-may-act';
import { usePolling } from '../list/use-polling';
import { useMailboxesIdentitiesQuery } from '../../shared/api/mailbox-user';
import { useRefusalWithNext } from '../../compose';

interface Props {
  submission: Submission;
  pollingInterval: number;
  /** The last refetch failed; the data shown may be outdated. */
  stale: boolean;
  refetch: () => void;
}

const Detail = ({ submission, pollingInterval, stale, refetch }: Props) => {
  const t = useText();
  const mayAct = useMayAct()(submission);
  const timeline = useMailboxesTimelineQuery(submission.id, { pollingInterval, refetchOnMountOrArgChange: true });
  const identities = useMailboxesIdentitiesQuery(submission.tenant, {
    skip: !isMoving(submission),
    pollingInterval,
    refetchOnMountOrArgChange: true,
  });
  // Polling ends with the final state, possibly before the timeline contains the last entry.
  const { refetch: refetchTimeline } = timeline;
  const lastState = React.useRef(submission.state);
  React.useEffect(() => {
    if (lastState.current === submission.state) return;
    lastState.current = submission.state;
    void refetchTimeline();
  }, [refetchTimeline, submission.state]);

  const subject = submission.subject || t('submissions.no-subject');
  return (
    <TitledPage title={subject} back={<BackButton fallback={OUTBOX_PATH} />}>
      <Flex direction="column" alignItems="stretch" gap={6} paddingBottom={8}>
        {stale && <Notice kind="warning">{t('submissions.stale')}</Notice>}
        <StatusPanel
          submission={submission}
          pause={pauseOf(submission, identities.data)}
          timeline={timeline.data ?? []}
          actions={mayAct && <Actions submission={submission} onRefused={refetch} />}
        />
        <Section title="submission.facts">
          <Facts submission={submission} timeline={timeline.data ?? []} />
        </Section>
        <Section title="submission.recipients">
          <Recipients submission={submission} />
        </Section>
        <Section title="submission.timeline">
          {timeline.data ? <Timeline entries={timeline.data} /> : timeline.isError && t('timeline.error')}
        </Section>
      </Flex>
    </TitledPage>
  );
};

/** Page of one submission: state, recipients with the replies of the mail server, timeline. */
export const DetailPage = () => {
  const t = useText();
  const problem = useRefusalWithNext();
  const { id = '' } = useParams();
  const [pollingInterval, setPolled] = usePolling();
  const { currentData, isError, error, refetch, fulfilledTimeStamp } = useMailboxesSubmissionQuery(id, {
    pollingInterval,
    refetchOnMountOrArgChange: true,
  });
  React.useEffect(() => setPolled(currentData ? [currentData] : []), [setPolled, currentData, fulfilledTimeStamp]);

  if (currentData)
    return (
      <Detail
        submission={currentData}
        pollingInterval={pollingInterval}
        stale={isError}
        refetch={() => void refetch()}
      />
    );
  if (!isError) return <Page.Loading />;
  const isGone = refusalOf(error).details?.code === 'NOT_FOUND';
  return (
    <EmptyPage
      title={t('submission.facts')}
      text={isGone ? t('submission.not-found') : problem(error)}
      action={
        <Flex gap={2}>
          {!isGone && <Button onClick={() => void refetch()}>{t('try-again')}</Button>}
          <LinkButton tag={NavLink} to={OUTBOX_PATH} variant="secondary">
            {t('submission.back')}
          </LinkButton>
        </Flex>
      }
    />
  );
};
