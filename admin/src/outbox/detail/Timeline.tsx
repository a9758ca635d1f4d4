import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { PauseCode, TimelineEntry } from '../../../../server/src/contracts/answers';
import { OUTBOX_PATH } from '../../shared/paths';
import { refusalText } from '../../shared/refusals/refusal-text';
import { useHasText, useText } from '../../shared/i18n/use-text';
import { isRecipientState } from '../display-state';
import { useTime } from '../../shared/time/use-time';

type Attempt = Extract<TimelineEntry, { kind: 'attempt' }>;

const PAUSES: readonly PauseCode[] = [
  'AUTH_FAILED',
  'AUTH_NOT_OFFERED',
  'TLS_FAILED',
  'HOST_UNKNOWN',
  'HOST_NOT_ALLOWED',
  'SERVER_REFUSED',
  'SENDER_REJECTED',
  'SECRET_REQUIRED',
  'SECRET_UNREADABLE',
  'UNREACHABLE',
];

/** Text for the result of an attempt: a recipient state, an outcome code, or how the process ended. */
const useResult = () => {
  const t = useText();
  const hasText = useHasText();
  return ({ result, transmittingAt }: Attempt): string => {
    if (result === null)
      return t(transmittingAt === null ? 'timeline.attempt.running' : 'timeline.attempt.transmitting');
    if (isRecipientState(result)) return t(`timeline.attempt.${result}`);
    if (result === 'crash' || result === 'shutdown' || result === 'timeout') return t(`timeline.attempt.${result}`);
    const pause = PAUSES.find((known) => known === result);
    if (pause) return t(`pause.${pause}`);
    const { message } = refusalText(result);
    return t(hasText(message) ? message : 'timeline.attempt.ended');
  };
};

type Done = Extract<TimelineEntry, { by: unknown }>;

const useWho = () => {
  const t = useText();
  return ({ name, by }: Done): string => name ?? (by.type === 'system' ? by.name : t('timeline.somebody'));
};

const Entry = ({ entry }: { entry: TimelineEntry }) => {
  const t = useText();
  const time = useTime();
  const whoIn = useWho();
  const resultOf = useResult();
  switch (entry.kind) {
    case 'accepted':
      return <>{t('timeline.taken')}</>;
    case 'canceled':
    case 'retried':
      return <>{t(`timeline.${entry.kind}`, { who: whoIn(entry) })}</>;
    case 'settled':
      return (
        <>
          {t(entry.as === 'failed' ? 'timeline.settled.failed' : 'timeline.settled.submitted', { who: whoIn(entry) })}
        </>
      );
    case 'rescheduled':
      return <>{t('timeline.rescheduled', { who: whoIn(entry), time: time(entry.sendAt) })}</>;
    case 'resent':
      return (
        <>
          {t('timeline.resent', { who: whoIn(entry) })}{' '}
          <Link tag={NavLink} to={`${OUTBOX_PATH}/${entry.submission}`}>
            {t('timeline.resent.open')}
          </Link>
        </>
      );
    case 'attempt':
      return (
        <>
          {t('timeline.attempt', { claim: entry.claim })}: {resultOf(entry)}
          {entry.late && <>. {t('timeline.late')}</>}
          {entry.reply && (
            <Typography tag="div" variant="pi" textColor="neutral600">
              {t('timeline.reply', { reply: entry.reply })}
            </Typography>
          )}
        </>
      );
  }
};

/** History of a submission, oldest first. */
export const Timeline = ({ entries }: { entries: readonly TimelineEntry[] }) => {
  const time = useTime();
  return (
    <Flex tag="ol" direction="column" alignItems="stretch" gap={3}>
      {entries.map((entry, index) => (
        <Flex key={`${entry.kind} ${entry.at} ${index}`} tag="li" gap={4} alignItems="flex-start" wrap="wrap">
          <Typography variant="pi" textColor="neutral600" minWidth="16rem" paddingTop={1}>
            {time(entry.at)}
          </Typography>
          <Typography tag="div" textColor="neutral800" style={{ flex: '1 1 20rem', overflowWrap: 'anywhere' }}>
            <Entry entry={entry} />
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
};
