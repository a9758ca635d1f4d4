import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import type { AuthorLimits, IdentityList, Warning } from '../../../server/src/contracts/answers';
import { COMPOSE_PATH, OUTBOX_PATH } from '../shared/paths';
import { refusalOf } from '../shared/api/client';
import { useText } from '../shared/i18n/use-text';
import { useTime } from '../shared/time/use-time';
import { useMailboxesPreviewMutation, useMailboxesSubmitMutation } from './api';
import { bodyOf, chosenFrom, chosenReplyTo } from './draft/draft';
import { draftsClient } from './draft/client';
import { isSafe } from './draft/autosave';
import { draftStore } from './draft/store';
import { autosave } from './draft/persistence';
import { missingIn, problemOf, type Problem } from './problem';
import { sendAtOf } from './send-later';
import { undoMsOf } from './undo';
import { isAsked } from './use-warning-text';

export const NO_PROBLEM: Problem = { fields: {}, general: [] };

/**
 * `asked`: it waits for a person's word; `elsewhere`: another tab was at it, which the page tells by itself, or another
 * message is in the form.
 */
export type Outcome =
  | { kind: 'accepted' }
  | { kind: 'elsewhere' }
  | { kind: 'asked'; warnings: readonly Warning[] }
  | { kind: 'problem'; problem: Problem };

interface Sending {
  tenant: string;
  list: IdentityList;
  limits: AuthorLimits;
  /** Asks the server again what is offered; null when it does not answer. */
  refresh: () => Promise<IdentityList | null>;
}

const LEFT: Outcome = { kind: 'elsewhere' };

const problem = (found: Problem): Outcome => ({ kind: 'problem', problem: found });

/** Hands a message to the server and shows where it went; what keeps it from going out is given back. */
export const useSend = ({ tenant, list, limits, refresh }: Sending) => {
  const t = useText();
  const time = useTime();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [submit] = useMailboxesSubmitMutation();
  const [preview] = useMailboxesPreviewMutation();
  const [isSending, setSending] = React.useState(false);
  const isShown = React.useRef(false);
  React.useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  const warningsOf = async (body: Parameters<typeof preview>[0]): Promise<readonly Warning[]> => {
    const answer = await preview(body);
    // What is wrong with it is said when it is submitted.
    return 'error' in answer ? [] : answer.data.warnings.filter(isAsked);
  };

  const send = async (confirmed: boolean): Promise<Outcome> => {
    const { draft } = draftStore.get();
    const from = chosenFrom(draft, list);
    const replyTo = chosenReplyTo(draft, list);
    const later = draft.later === null ? null : sendAtOf(draft.later, Date.now());
    const missing = missingIn(draft, { from, replyTo, later, limits });
    if (missing) return problem(missing);
    if (from.identity === null) return problem(NO_PROBLEM);
    const sendAt = later?.ok ? later.sendAt : null;

    await autosave.flush();
    const state = draftStore.get();
    const { owner, saving, kept } = state;
    // The author may go on in the panel meanwhile, and another message be in the form.
    const isInForm = () => draftStore.get().draft.key === draft.key;
    if (!isInForm()) return LEFT;
    if (saving.kind === 'conflict' || saving.kind === 'sent') return { kind: 'elsewhere' };
    // A draft that came back by Undo would be an older one than what was sent; and once the session has ended, a request
    // would lead away from the page, which says how to go on.
    if (saving.kind === 'failed' && (saving.error.status === 401 || (kept !== null && !isSafe(state))))
      return problem(problemOf(saving.error));
    const chosen = { tenant, from: from.identity.id, replyTo: replyTo.identity?.id ?? null, sendAt };
    if (!confirmed) {
      const { idempotencyKey: _, ...body } = bodyOf(draft, chosen);
      const warnings = await warningsOf(body);
      if (warnings.length > 0) return { kind: 'asked', warnings };
    }
    const answer = await submit(bodyOf(draft, { ...chosen, stored: kept }));
    if ('error' in answer) {
      if (!isInForm()) return LEFT;
      const { status, details } = refusalOf(answer.error);
      if (details?.code === 'INVALID_STATE' && typeof details.submission === 'string') {
        draftStore.saving({ kind: 'sent', submission: details.submission });
        return { kind: 'elsewhere' };
      }
      if (details?.code === 'INVALID_STATE' && kept !== null && details.version !== undefined) {
        const other = await draftsClient.get(kept.id);
        if ('error' in other) return problem(problemOf(other.error));
        draftStore.saving({ kind: 'conflict', other: other.data });
        return { kind: 'elsewhere' };
      }
      // Sending it again after it was said to be another message is what a person means by it.
      if (details?.code === 'IDEMPOTENCY_CONFLICT') draftStore.renewKey();
      const fresh = status === 403 || status === 409 ? await refresh() : null;
      return problem(problemOf(answer.error, fresh !== null && chosenFrom(draft, fresh).identity !== null));
    }
    const submission = answer.data;
    const undoMs = undoMsOf(submission);
    draftStore.accepted(submission, Date.now() + undoMs, { owner, draft, kept });
    // Undo is offered on the pages of Communication.
    if (undoMs === 0 || !window.location.pathname.includes(COMPOSE_PATH))
      toggleNotification({
        type: 'success',
        message: submission.sendAt ? t('compose.scheduled', { time: time(submission.sendAt) }) : t('compose.accepted'),
      });
    // Back leads to where the form was opened: it holds another message by now.
    if (isShown.current) navigate(`${OUTBOX_PATH}/${submission.id}`, { replace: true });
    return { kind: 'accepted' };
  };

  return {
    isSending,
    /** @param confirmed the warnings were read */
    send: async (confirmed: boolean): Promise<Outcome> => {
      const { draft } = draftStore.get();
      setSending(true);
      try {
        const outcome = await send(confirmed);
        // Nobody would see what the form says of it.
        if (!isShown.current && outcome.kind !== 'accepted')
          toggleNotification({
            type: 'warning',
            message: t('draft.unfinished', {
              subject: draft.subject || t('submissions.no-subject'),
              time: time(Date.now()),
            }),
          });
        return outcome;
      } finally {
        setSending(false);
      }
    },
  };
};
