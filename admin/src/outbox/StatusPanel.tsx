import { Flex, Typography } from '@strapi/design-system';
import * as React from 'react';
import type { Identity, OutcomeCode, Submission, TimelineEntry } from '../../../server/src/contracts/answers';
import { Notice } from '../shared/ui/Notice';
import { useText } from '../shared/i18n/use-text';
import { useTime } from '../shared/time/use-time';
import { acceptedTwice, isLate, progressOf, retriedAt } from './delivery-state';
import { displayStateOf, type DisplayState } from './display-state';
import { isMoving } from './list/polling';
import { MANY_RECIPIENTS, Progress } from './detail/Progress';
import { StateLabel } from './StateLabel';
import { usePauseText } from './use-pause-text';

const KIND = {
  undo: 'info',
  scheduled: 'info',
  waiting: 'info',
  again: 'warning',
  resting: 'warning',
  submitting: 'info',
  submitted: 'success',
  partly: 'warning',
  failed: 'danger',
  canceled: 'info',
  uncertain: 'warning',
} as const satisfies Record<DisplayState, 'info' | 'success' | 'warning' | 'danger'>;

/** Codes that end a submission and have a text `outcome.*` with the next step. */
export const OUTCOMES = [
  'FORBIDDEN_TO_SEND',
  'FORBIDDEN_FROM',
  'FORBIDDEN_REPLY_TO',
  'TENANT_MISMATCH',
  'MAILBOX_DISABLED',
  'OWN_ADDRESS_UNCONFIRMED',
  'SYSTEM_NOT_CONFIGURED',
  'TRANSPORT_CANNOT_CARRY',
  'SENDER_CHANGED',
  'SENDER_REJECTED',
  'RECIPIENTS_REJECTED',
  'CONTENT_REJECTED',
  'TOO_LARGE',
  'ATTACHMENT_NOT_FOUND',
  'EXPIRED',
  'ATTEMPT_FAILED',
] as const satisfies readonly OutcomeCode[];

const Sentence = ({ children }: { children: React.ReactNode }) => <Typography tag="p">{children}</Typography>;

interface Props {
  submission: Submission;
  pause: Identity['paused'];
  timeline: readonly TimelineEntry[];
  actions: React.ReactNode;
}

/** State of a submission, its reason and the available actions. */
export const StatusPanel = ({ submission, pause, timeline, actions }: Props) => {
  const t = useText();
  const time = useTime();
  const pauseText = usePauseText();
  const { sendAt, nextAttemptAt, error } = submission;
  const displayState = displayStateOf(submission, pause !== null);
  const outcome = OUTCOMES.find((code) => code === error?.code);
  const next = nextAttemptAt === null ? null : time(nextAttemptAt);
  const late = isLate(submission, { resting: pause !== null, nowMs: Date.now(), retriedMs: retriedAt(timeline) });

  return (
    // Screen readers announce state changes that polling brings.
    <div aria-live="polite">
      <Notice kind={late ? 'warning' : KIND[displayState]} action={actions} quiet>
        <Flex direction="column" alignItems="flex-start" gap={2}>
          <StateLabel displayState={displayState} />
          <Sentence>
            {displayState === 'scheduled' && sendAt
              ? t('condition.scheduled.text', { time: time(sendAt) })
              : displayState === 'again' && next
                ? t('condition.again.text', { time: next })
                : displayState === 'scheduled' || displayState === 'again'
                  ? t('condition.waiting.text')
                  : t(`condition.${displayState}.text`)}
          </Sentence>
          {pause && displayState === 'resting' && (
            <Sentence>{pauseText(pause.code, submission.transport.kind === 'system')}</Sentence>
          )}
          {displayState === 'canceled' && submission.draft !== null && (
            <Sentence>{t('submission.back-in-drafts')}</Sentence>
          )}
          {late && <Sentence>{t('submission.late.text')}</Sentence>}
          {error && displayState !== 'uncertain' && (
            <Sentence>
              {t(`refusal.${error.code}`)} {outcome && t(`outcome.${outcome}`)}
            </Sentence>
          )}
          {acceptedTwice(timeline) && <Sentence>{t('submission.twice')}</Sentence>}
        </Flex>
        {isMoving(submission) && progressOf(submission).total >= MANY_RECIPIENTS && (
          <Flex direction="column" alignItems="stretch" paddingTop={3} maxWidth="48rem">
            <Progress submission={submission} />
          </Flex>
        )}
      </Notice>
    </div>
  );
};
