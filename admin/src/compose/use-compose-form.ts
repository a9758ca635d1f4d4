import * as React from 'react';
import type { AuthorLimits, IdentityList, OwnAddressStatus, Warning } from '../../../server/src/contracts/answers';
import { useMailboxesSignatureQuery } from './api';
import { pruned } from './attached';
import { chosenFrom, chosenReplyTo, isUnwritten, type Choice, type Draft } from './draft/draft';
import { draftStore, useDrafts } from './draft/store';
import { blameAttachments, firstField, type FieldName, type Problem } from './problem';
import { useFormFocus } from './use-form-focus';
import { useSentences } from './use-sentences';
import { NO_PROBLEM, useSend, type Outcome } from './use-send';
import { ACCEPTED_UNASKED } from './use-warning-text';

export interface ComposeFormProps {
  tenant: string;
  list: IdentityList;
  own: OwnAddressStatus;
  limits: AuthorLimits;
  /** True once after a navigation by a button that is unmounted by now: the form takes the focus. */
  takesFocus: () => boolean;
  refresh: () => Promise<IdentityList | null>;
}

/** Warnings that the author must confirm, and the codes that were accepted before. */
interface Asked {
  warnings: readonly Warning[];
  accepted: readonly string[];
}

const NO_SIGNATURE: Outcome = {
  kind: 'problem',
  problem: { fields: { text: [{ key: 'signature.failed' }] }, general: [] },
};

/** Returns the shown From and Reply-To. Fixes preselected ones as soon as the draft has content. */
const usePinnedIdentities = (draft: Draft, tenant: string, list: IdentityList): { from: Choice; replyTo: Choice } => {
  const from = chosenFrom(draft, list);
  const replyTo = chosenReplyTo(draft, list);
  React.useEffect(() => {
    if (isUnwritten(draft)) return;
    const shown = {
      tenant: draft.tenant ?? tenant,
      from: draft.from ?? from.identity?.id,
      replyTo: draft.replyTo === undefined ? (replyTo.identity?.id ?? null) : draft.replyTo,
    };
    if (shown.tenant !== draft.tenant || shown.from !== draft.from || shown.replyTo !== draft.replyTo)
      draftStore.pinIdentities(shown);
  });
  return { from, replyTo };
};

/** Blocks input while the message is sent, because changes would be missing from it; returns the focus to Send. */
const useInertWhileSending = (form: React.RefObject<HTMLFormElement>, isSending: boolean): void => {
  const wasSending = React.useRef(false);
  React.useLayoutEffect(() => {
    const { current } = form;
    if (current === null) return;
    current.inert = isSending;
    if (!isSending && document.activeElement === document.body && wasSending.current)
      current.querySelector<HTMLElement>('[type="submit"]')?.focus();
    wasSending.current = isSending;
  }, [isSending]);
};

/** Returns the form's fields for changed properties of the draft. */
const fieldsOf = (part: Partial<Draft>): FieldName[] =>
  Object.keys(part).flatMap((name): FieldName[] => {
    if (name === 'later') return ['date', 'time', 'zone'];
    return [name === 'html' ? 'text' : (name as FieldName)];
  });

const withoutFields = ({ fields, ...rest }: Problem, names: readonly FieldName[]): Problem => ({
  ...rest,
  fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name as FieldName))),
});

/** State and actions of the compose form. */
export const useComposeForm = ({ tenant, list, limits, takesFocus, refresh }: ComposeFormProps) => {
  const say = useSentences();
  const { draft } = useDrafts();
  const { send, isSending } = useSend({ tenant, list, limits, refresh });
  const [problem, setProblem] = React.useState<Problem>(NO_PROBLEM);
  const [asked, setAsked] = React.useState<Asked | null>(null);
  const focus = useFormFocus(() => void sendNow());
  const { goTo } = focus;
  React.useEffect(() => {
    if (takesFocus()) goTo('subject');
  });
  const { from, replyTo } = usePinnedIdentities(draft, tenant, list);
  const signature = useMailboxesSignatureQuery(
    { tenant, from: from.identity?.id ?? 'system' },
    { skip: from.identity === null }
  );
  useInertWhileSending(focus.form, isSending);

  const change = (part: Partial<Draft>) => {
    draftStore.change(part);
    const changed = fieldsOf(part);
    if (changed.some((name) => name in problem.fields)) setProblem((before) => withoutFields(before, changed));
  };
  const sendNow = async (accepted: readonly string[] = ACCEPTED_UNASKED) => {
    if (isSending || signature.isFetching) return;
    setProblem(NO_PROBLEM);
    setAsked(null);
    // Without its signature the text would be incomplete, or signed for another From.
    const outcome: Outcome = signature.isError ? NO_SIGNATURE : await send(accepted);
    if (outcome.kind === 'unconfirmed') setAsked({ warnings: outcome.warnings, accepted });
    if (outcome.kind !== 'problem') return;
    const found = pruned(draft).length > 0 ? blameAttachments(outcome.problem) : outcome.problem;
    setProblem(found);
    goTo(firstField(found) ?? 'general');
  };
  const sendAnyway = ({ warnings, accepted }: Asked) => sendNow([...accepted, ...warnings.map(({ code }) => code)]);
  const backFromWarnings = () => {
    setAsked(null);
    goTo('send');
  };
  return {
    draft,
    from,
    replyTo,
    signature,
    focus,
    isBusy: isSending || signature.isFetching,
    general: say(problem.general),
    error: (field: FieldName) => say(problem.fields[field]),
    asked,
    change,
    sendNow,
    sendAnyway,
    backFromWarnings,
  };
};

export type ComposeFormState = ReturnType<typeof useComposeForm>;
