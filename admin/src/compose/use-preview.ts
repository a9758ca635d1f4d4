import * as React from 'react';
import type { IdentityList } from '../../../server/src/contracts/answers';
import { useMailboxesPreviewMutation } from './api';
import { problemIn } from '../recipients/chips';
import { RECIPIENT_FIELDS, bodyOf, chosenFrom, chosenReplyTo, type SubmitBody } from './draft/draft';
import { draftStore } from './draft/store';
import type { Shown } from './PreviewDialog';
import { useProblemText } from './use-sayings';
import { useText } from '../shared/i18n/use-text';

/** The server takes no message with a wrong recipient; a preview of the rest helps more than none. */
const withoutWrongRecipients = (body: Omit<SubmitBody, 'idempotencyKey'>) => {
  const right = { ...body };
  let wrong = 0;
  for (const field of RECIPIENT_FIELDS) {
    right[field] = body[field].filter((recipient) => problemIn(recipient) === null);
    wrong += body[field].length - right[field].length;
  }
  return { body: right, wrong };
};

/** Asks the server how the message will arrive. */
export const usePreview = (tenant: string, list: IdentityList) => {
  const t = useText();
  const problem = useProblemText();
  const [preview] = useMailboxesPreviewMutation();
  const [shown, setShown] = React.useState<Shown | null>(null);
  /** The request whose answer is shown; answers to earlier ones come too late. */
  const latest = React.useRef<object | null>(null);

  const open = async () => {
    const ours = (latest.current = {});
    const { draft } = draftStore.get();
    const from = chosenFrom(draft, list).identity;
    if (from === null) return setShown({ kind: 'refused', text: t('problem.no-from') });
    setShown({ kind: 'loading' });
    const replyTo = chosenReplyTo(draft, list).identity?.id ?? null;
    const { idempotencyKey: _, ...all } = bodyOf(draft, { tenant, from: from.id, replyTo });
    const { body, wrong } = withoutWrongRecipients(all);
    const answer = await preview(body);
    if (latest.current !== ours) return;
    setShown(
      'error' in answer
        ? { kind: 'refused', text: problem(answer.error) }
        : { kind: 'shown', preview: answer.data, wrongRecipients: wrong }
    );
  };
  const close = () => {
    latest.current = null;
    setShown(null);
  };
  return { shown, open: () => void open(), close };
};
