import { Box, Link, Typography } from '@strapi/design-system';
import { useAuth } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import type { Submission, TimelineEntry } from '../../../../server/src/contracts/answers';
import { OUTBOX_PATH } from '../../shared/paths';
import { written } from '../../shared/i18n/shown-address';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useTime } from '../../shared/time/use-time';
import { useReader } from './use-reader';
import { browserZone, knownZone } from '../../shared/time/zones';

const Fact = ({ label, children }: { label: TextKey; children: React.ReactNode }) => {
  const t = useText();
  return (
    <div>
      <Typography tag="dt" variant="sigma" textColor="neutral600">
        {t(label)}
      </Typography>
      <Typography tag="dd" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </div>
  );
};

const Author = ({ submission: { actor, author, tenant } }: { submission: Submission }) => {
  const t = useText();
  const user = useAuth('Author', ({ user: signedIn }) => signedIn?.id);
  const { reader } = useReader();
  if (actor.type === 'system') return <>{t('submission.author.system', { name: actor.name })}</>;
  const isOwn = String(actor.id) === String(user);
  const who = isOwn ? t('submission.author.you') : (author ?? t('submission.author.other'));
  if (reader === null) return <>{who}</>;
  return (
    <>
      {who}
      {'. '}
      <Link tag={NavLink} to={`${OUTBOX_PATH}?tenant=${tenant}&author=${actor.id}`}>
        {t('submission.author.all')}
      </Link>
    </>
  );
};

/** Scheduled time in its own zone, and in the zone of the browser if that differs. */
const SendAt = ({ sendAt, zone }: { sendAt: string; zone: string }) => {
  const t = useText();
  const time = useTime();
  const [there, here] = [time(sendAt, zone), time(sendAt, browserZone())];
  return (
    <>
      {`${there} (${zone})`}
      {here !== there && `. ${t('later.here', { time: here })}`}
    </>
  );
};

interface Props {
  submission: Submission;
  timeline: readonly TimelineEntry[];
}

/** Properties and times of a submission. */
export const Facts = ({ submission, timeline }: Props) => {
  const t = useText();
  const time = useTime();
  const { from, replyTo, transport, createdAt, sendAt, settledAt, attempts, messageId, resentFrom } = submission;
  const resent = timeline.filter((entry) => entry.kind === 'resent');
  return (
    <Box
      tag="dl"
      style={{ display: 'grid', gap: '2rem', gridTemplateColumns: 'repeat(auto-fill, minmax(min(26rem, 100%), 1fr))' }}
    >
      <Fact label="compose.from">{written(from)}</Fact>
      <Fact label="compose.reply-to">{replyTo ? written(replyTo) : t('compose.reply-none')}</Fact>
      <Fact label="submission.transport">
        {transport.kind === 'mailbox' ? t('identity.through', { name: transport.name }) : t('identity.through-system')}
      </Fact>
      <Fact label="submissions.created">{time(createdAt)}</Fact>
      <Fact label="submission.author">
        <Author submission={submission} />
      </Fact>
      {sendAt && (
        <Fact label="submission.send-at">
          <SendAt sendAt={sendAt} zone={knownZone(submission.sendZone)} />
        </Fact>
      )}
      <Fact label="submission.attempts">{attempts}</Fact>
      {settledAt && <Fact label="submission.settled">{time(settledAt)}</Fact>}
      {resentFrom && (
        <Fact label="submission.resent-from">
          <Link tag={NavLink} to={`${OUTBOX_PATH}/${resentFrom}`}>
            {t('submission.resent-from.open')}
          </Link>
        </Fact>
      )}
      {resent.length > 0 && (
        <Fact label="submission.resent-as">
          {resent.map(({ submission: id, at }) => (
            <Link key={id} tag={NavLink} to={`${OUTBOX_PATH}/${id}`}>
              {t('submission.resent-as.open', { time: time(at) })}
            </Link>
          ))}
        </Fact>
      )}
      <Fact label="submission.message-id">{messageId}</Fact>
    </Box>
  );
};
