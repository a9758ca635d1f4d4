import { Box, Typography } from '@strapi/design-system';
import { useAuth } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Submission } from '../../../server/src/contracts/answers';
import { useText, type TextKey } from '../lib/use-text';
import { useTime } from '../lib/use-time';

const written = ({ name, email }: { name: string | null; email: string }): string =>
  name ? `${name} <${email}>` : email;

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

/** Everything that was fixed when a submission was accepted, and when what happened. */
export const Facts = ({ submission }: { submission: Submission }) => {
  const t = useText();
  const time = useTime();
  const user = useAuth('Facts', ({ user: signedIn }) => signedIn?.id);
  const { from, replyTo, transport, actor, createdAt, sendAt, settledAt, attempts, messageId } = submission;
  const author =
    actor.type === 'system'
      ? t('submission.author.system', { name: actor.name })
      : t(String(actor.id) === String(user) ? 'submission.author.you' : 'submission.author.other');
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
      <Fact label="submission.author">{author}</Fact>
      {sendAt && <Fact label="submission.send-at">{time(sendAt)}</Fact>}
      <Fact label="submission.attempts">{attempts}</Fact>
      {settledAt && <Fact label="submission.settled">{time(settledAt)}</Fact>}
      <Fact label="submission.message-id">{messageId}</Fact>
    </Box>
  );
};
