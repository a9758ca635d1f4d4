import { Box, Checkbox, Flex, Td, Tr, Typography } from '@strapi/design-system';
import type { IdentityList, Submission } from '../../../../server/src/contracts/answers';
import { OUTBOX_PATH } from '../../shared/paths';
import { shownAddress } from '../../shared/i18n/shown-address';
import { RowTable } from '../../shared/ui/RowTable';
import { SubjectLink } from '../../shared/ui/SubjectLink';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useTime } from '../../shared/time/use-time';
import { displayStateOf } from '../display-state';
import { isLate, pauseOf } from '../delivery-state';
import { isMoving } from './polling';
import { MANY_RECIPIENTS, Progress } from '../detail/Progress';
import { StateLabel } from '../StateLabel';
import type { BulkRetry } from './use-bulk-retry';

const COLUMNS: readonly TextKey[] = ['submissions.subject', 'submissions.state', 'submissions.created'];

const State = ({ submission, identities }: { submission: Submission; identities: IdentityList | undefined }) => {
  const t = useText();
  const time = useTime();
  const pause = pauseOf(submission, identities);
  const resting = pause !== null;
  const { state, sendAt, nextAttemptAt, error } = submission;
  const displayState = displayStateOf(submission, resting);
  const more = (): string => {
    if (displayState === 'resting' && pause) return t(`until.${pause.code}`);
    if (isLate(submission, { resting, nowMs: Date.now() })) return t('submission.late');
    if (displayState === 'scheduled' && sendAt) return time(sendAt);
    if (displayState === 'again' && nextAttemptAt) return t('submission.next', { time: time(nextAttemptAt) });
    return error && state !== 'uncertain' ? t(`refusal.${error.code}`) : '';
  };
  const text = more();
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <StateLabel displayState={displayState} />
      {text !== '' && (
        <Typography variant="pi" textColor="neutral600">
          {text}
        </Typography>
      )}
      {isMoving(submission) && submission.recipients.length >= MANY_RECIPIENTS && (
        <Flex width="18rem" direction="column" alignItems="stretch">
          <Progress submission={submission} />
        </Flex>
      )}
    </Flex>
  );
};

/** Table of submissions, newest first; the most important columns come first. */
export const SubmissionTable = ({
  submissions,
  identities,
  bulk,
}: {
  submissions: readonly Submission[];
  identities: IdentityList | undefined;
  bulk: BulkRetry;
}) => {
  const t = useText();
  const time = useTime();
  const to = ({ recipients }: Submission): string => {
    const [first, ...others] = recipients;
    const name = first?.name ?? shownAddress(first?.email ?? '');
    return others.length === 0 ? name : t('submissions.and-more', { name, count: others.length });
  };
  return (
    <RowTable columns={COLUMNS} rows={submissions}>
      {(submission) => (
        <Tr key={submission.id}>
          <Td>
            <Flex gap={3} alignItems="flex-start">
              {bulk.retryable.size > 0 && (
                // Same width without a checkbox, so that the subjects align.
                <Box
                  minWidth="2rem"
                  paddingTop={1}
                  display={{ initial: bulk.retryable.has(submission.id) ? 'block' : 'none', medium: 'block' }}
                >
                  {bulk.retryable.has(submission.id) && (
                    <Checkbox
                      aria-label={t('submissions.bulk.choose', {
                        subject: submission.subject || t('submissions.no-subject'),
                      })}
                      checked={bulk.chosen.has(submission.id)}
                      disabled={bulk.run !== null && bulk.run.phase !== 'over'}
                      onCheckedChange={() => bulk.toggle(submission.id)}
                    />
                  )}
                </Box>
              )}
              <Box minWidth={0} maxWidth={{ initial: '28rem', medium: '44rem' }}>
                <SubjectLink to={`${OUTBOX_PATH}/${submission.id}`} subject={submission.subject} />
                <Typography variant="pi" textColor="neutral600" ellipsis display="block">
                  {t('submissions.from-to', {
                    from: submission.from.name ?? shownAddress(submission.from.email),
                    to: to(submission),
                  })}
                  {submission.author !== undefined && ` · ${submission.author}`}
                </Typography>
              </Box>
            </Flex>
          </Td>
          <Td>
            <State submission={submission} identities={identities} />
          </Td>
          <Td>
            <Typography>{time(submission.createdAt)}</Typography>
          </Td>
        </Tr>
      )}
    </RowTable>
  );
};
