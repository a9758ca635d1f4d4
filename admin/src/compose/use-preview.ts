import * as React from 'react';
import type { IdentityList } from '../../../server/src/contracts/answers';
import { useMailboxesPreviewMutation } from './api';
import { problemIn } from '../recipients/chips';
import { RECIPIENT_FIELDS, bodyOf, chosenFrom, chosenReplyTo, type SubmitBody } from './draft/draft';
import { draftStore } from './draft/store';
import type { Shown } from './PreviewDialog';
import { useRefusalWithNext } from './use-sentences';
import { useText } from '../shared/i18n/use-text';

/** Removes invalid recipients, which the server would reject, so that the rest can be previewed. */
const withoutWrongRecipients = (body: Omit<SubmitBody, 'idempotencyKey'>) => {
  const valid = { ...body };
  let wrong = 0;
  for (const field of RECIPIENT_FIELDS) {
    valid[field] = body[field].filter((recipient) => problemIn(recipient) === null);
    wrong += body[field].length - valid[field].length;
  }
  return { body: valid, wrong };
};

/** Loads the preview of the draft from the server. */
export const usePreview = (tenant: string, list: IdentityList) => {
  const t = useText();
  const problem = useRefusalWithNext();
  const [preview] = useMailboxesPreviewMutation();
  const [shown, setShown] = React.useState<Shown | null>(null);
  /** The last request; answers to earlier ones are ignored. */
  const latest = React.useRef<object | null>(null);

  const open = async () => {
    const request = (latest.current = {});
    const { draft } = draftStore.get();
    const from = chosenFrom(draft, list).identity;
    if (from === null) return setShown({ kind: 'refused', text: t('problem.no-from') });
    setShown({ kind: 'loading' });
    const replyTo = chosenReplyTo(draft, list).identity?.id ?? null;
    const { idempotencyKey: _, ...all } = bodyOf(draft, { tenant, from: from.id, replyTo });
    const { body, wrong } = withoutWrongRecipients(all);
    const answer = await preview(body);
    if (latest.current !== request) return;
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
