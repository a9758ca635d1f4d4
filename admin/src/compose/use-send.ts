import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import type { AuthorLimits, IdentityList, Submission, Warning } from '../../../server/src/contracts/answers';
import { refusalOf } from '../shared/api/client';
import { useText } from '../shared/i18n/use-text';
import { COMPOSE_PATH, OUTBOX_PATH } from '../shared/paths';
import { useTime } from '../shared/time/use-time';
import { useMailboxesSubmitMutation } from './api';
import { isDirty } from './draft/autosave';
import { draftsClient } from './draft/client';
import { bodyOf, chosenFrom, chosenReplyTo, type Draft } from './draft/draft';
import { autosave } from './draft/persistence';
import { draftStore, type State } from './draft/store';
import { missingIn, problemOf, type Problem } from './problem';
import { sendAtOf } from './send-later';
import { undoMsOf } from './undo';

export const NO_PROBLEM: Problem = { fields: {}, general: [] };

/**
 * `unconfirmed`: nothing was sent, the author must confirm the warnings; `elsewhere`: the draft was changed or sent in another tab, which a
 * dialog shows, or the form holds another draft.
 */
export type Outcome =
  | { kind: 'accepted' }
  | { kind: 'elsewhere' }
  | { kind: 'unconfirmed'; warnings: readonly Warning[] }
  | { kind: 'problem'; problem: Problem };

interface Options {
  tenant: string;
  list: IdentityList;
  limits: AuthorLimits;
  /** Reloads the identities; null when the server does not answer. */
  refresh: () => Promise<IdentityList | null>;
}

const ELSEWHERE: Outcome = { kind: 'elsewhere' };

const problem = (found: Problem): Outcome => ({ kind: 'problem', problem: found });

const isInForm = ({ key }: Draft): boolean => draftStore.get().draft.key === key;

/** Validates the draft. @returns identities and time for the request */
const prepare = (draft: Draft, { tenant, list, limits }: Options) => {
  const from = chosenFrom(draft, list);
  const replyTo = chosenReplyTo(draft, list);
  const later = draft.later === null ? null : sendAtOf(draft.later, Date.now());
  const missing = missingIn(draft, { from, replyTo, later, limits });
  if (missing) return problem(missing);
  if (from.identity === null) return problem(NO_PROBLEM);
  const sendAt = later?.ok ? later.sendAt : null;
  return {
    kind: 'ready' as const,
    chosen: { tenant, from: from.identity.id, replyTo: replyTo.identity?.id ?? null, sendAt },
  };
};

/** Saves the draft. @returns the state to send, or why it cannot be sent */
const save = async (draft: Draft): Promise<Outcome | { kind: 'saved'; state: State }> => {
  await autosave.flush();
  const state = draftStore.get();
  const { saving, stored } = state;
  if (!isInForm(draft) || saving.kind === 'conflict' || saving.kind === 'sent') return ELSEWHERE;
  // Undo would restore an older draft than the submission. And without a session the request would redirect to the login
  // page, while the form says how to sign in.
  if (saving.kind === 'failed' && (saving.error.status === 401 || (stored !== null && isDirty(state))))
    return problem(problemOf(saving.error));
  return { kind: 'saved', state };
};

/** Resolves a refused submission: warnings and a conflict with another tab are left to their dialogs. */
const resolveRefusal = async (
  error: unknown,
  { draft, stored, refresh }: Pick<State, 'draft' | 'stored'> & Pick<Options, 'refresh'>
): Promise<Outcome> => {
  if (!isInForm(draft)) return ELSEWHERE;
  const { status, details } = refusalOf(error);
  if (details?.code === 'WARNINGS') return { kind: 'unconfirmed', warnings: details.warnings as Warning[] };
  if (details?.code === 'INVALID_STATE' && typeof details.submission === 'string') {
    draftStore.setSaving({ kind: 'sent', submission: details.submission });
    return ELSEWHERE;
  }
  if (details?.code === 'INVALID_STATE' && stored !== null && details.version !== undefined) {
    const other = await draftsClient.get(stored.id);
    if ('error' in other) return problem(problemOf(other.error));
    draftStore.setSaving({ kind: 'conflict', other: other.data });
    return ELSEWHERE;
  }
  // The author has seen the conflict: sending again means a new submission.
  if (details?.code === 'IDEMPOTENCY_CONFLICT') draftStore.renewKey();
  const reloaded = status === 403 || status === 409 ? await refresh() : null;
  return problem(problemOf(error, reloaded !== null && chosenFrom(draft, reloaded).identity !== null));
};

/** Is the component mounted? */
const useIsMounted = (): React.RefObject<boolean> => {
  const isMounted = React.useRef(false);
  React.useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return isMounted;
};

/** Submits the draft and navigates to its submission; returns the problem or the warnings otherwise. */
export const useSend = (options: Options) => {
  const t = useText();
  const time = useTime();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [submit] = useMailboxesSubmitMutation();
  const [isSending, setIsSending] = React.useState(false);
  const isMounted = useIsMounted();

  const showAccepted = (submission: Submission, undoMs: number) => {
    // The toast of Undo is shown on the pages of Communication only.
    if (undoMs === 0 || !window.location.pathname.includes(COMPOSE_PATH))
      toggleNotification({
        type: 'success',
        message: submission.sendAt ? t('compose.scheduled', { time: time(submission.sendAt) }) : t('compose.accepted'),
      });
    // Replaced, because Back would lead to the form, which is empty now.
    if (isMounted.current) navigate(`${OUTBOX_PATH}/${submission.id}`, { replace: true });
  };

  const send = async (draft: Draft, acceptWarnings: readonly string[]): Promise<Outcome> => {
    const ready = prepare(draft, options);
    if (ready.kind !== 'ready') return ready;
    const saved = await save(draft);
    if (saved.kind !== 'saved') return saved;
    const { owner, stored } = saved.state;
    const answer = await submit(bodyOf(draft, { ...ready.chosen, stored, acceptWarnings }));
    if ('error' in answer) return resolveRefusal(answer.error, { draft, stored, refresh: options.refresh });
    const undoMs = undoMsOf(answer.data);
    draftStore.accepted(answer.data, Date.now() + undoMs, { owner, draft, stored });
    showAccepted(answer.data, undoMs);
    return { kind: 'accepted' };
  };

  return {
    isSending,
    /** @param acceptWarnings codes of warnings that need no confirmation (any more) */
    send: async (acceptWarnings: readonly string[]): Promise<Outcome> => {
      const { draft } = draftStore.get();
      setIsSending(true);
      try {
        const outcome = await send(draft, acceptWarnings);
        // The form that would show the problem is unmounted.
        if (!isMounted.current && outcome.kind !== 'accepted')
          toggleNotification({
            type: 'warning',
            message: t('draft.unfinished', {
              subject: draft.subject || t('submissions.no-subject'),
              time: time(Date.now()),
            }),
          });
        return outcome;
      } finally {
        setIsSending(false);
      }
    },
  };
};
