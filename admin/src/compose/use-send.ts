import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import type { IdentityList } from '../../../server/src/contracts/answers';
import { OUTBOX_PATH } from '../lib/paths';
import { refusalOf } from '../lib/api';
import { useText } from '../lib/use-text';
import { useTime } from '../lib/use-time';
import { useMailboxesSubmitMutation } from './api';
import { bodyOf, chosenFrom, chosenReplyTo, type Draft } from './draft';
import { draftStore } from './draft-store';
import { missingIn, problemOf, type Problem } from './problem';
import { browserOffsetAt, sendAtOf } from './send-later';
import { undoMsOf } from './undo';

export const NO_PROBLEM: Problem = { fields: {}, general: [] };

interface Sending {
  tenant: string;
  list: IdentityList;
  /** Asks the server again what is offered; null when it does not answer. */
  refresh: () => Promise<IdentityList | null>;
}

/** Hands a message to the server and shows where it went; what keeps it from going out is given back. */
export const useSend = ({ tenant, list, refresh }: Sending) => {
  const t = useText();
  const time = useTime();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [submit] = useMailboxesSubmitMutation();
  const [isSending, setSending] = React.useState(false);

  const send = async (draft: Draft): Promise<Problem> => {
    const from = chosenFrom(draft, list);
    const replyTo = chosenReplyTo(draft, list);
    const later = draft.later === null ? null : sendAtOf(draft.later, Date.now(), browserOffsetAt);
    const missing = missingIn(draft, { from, replyTo, later });
    if (missing) return missing;
    if (from.identity === null) return NO_PROBLEM;
    const sendAt = later?.ok ? later.sendAt : null;
    const answer = await submit(
      bodyOf(draft, { tenant, from: from.identity.id, replyTo: replyTo.identity?.id ?? null, sendAt })
    );
    if ('error' in answer) {
      // Sending it again after it was said to be another message is what a person means by it.
      if (refusalOf(answer.error).details?.code === 'IDEMPOTENCY_CONFLICT') draftStore.renewKey();
      const fresh =
        refusalOf(answer.error).status === 403 || refusalOf(answer.error).status === 409 ? await refresh() : null;
      return problemOf(answer.error, fresh !== null && chosenFrom(draft, fresh).identity !== null);
    }
    const submission = answer.data;
    const undoMs = undoMsOf(submission);
    draftStore.accepted(submission, undoMs);
    if (undoMs === 0)
      toggleNotification({
        type: 'success',
        message: submission.sendAt ? t('compose.scheduled', { time: time(submission.sendAt) }) : t('compose.accepted'),
      });
    navigate(`${OUTBOX_PATH}/${submission.id}`);
    return NO_PROBLEM;
  };

  return {
    isSending,
    send: async (draft: Draft): Promise<Problem> => {
      setSending(true);
      try {
        return await send(draft);
      } finally {
        setSending(false);
      }
    },
  };
};
