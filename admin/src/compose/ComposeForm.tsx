import { Button, Field, Flex, Grid, TextInput } from '@strapi/design-system';
import { Calendar, Eye, PaperPlane } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import type { AuthorLimits, IdentityList, OwnAddressStatus, Warning } from '../../../server/src/contracts/answers';
import { Notice } from '../shared/ui/Notice';
import { useText } from '../shared/i18n/use-text';
import { Section } from '../shared/ui/fields';
import { ConfirmAddress } from './own-address/ConfirmAddress';
import { useMailboxesSignatureQuery } from './api';
import { AskBeforeSending } from './AskBeforeSending';
import { pruned } from './attached';
import { Attachments } from './Attachments';
import { DiscardButton } from './DiscardButton';
import { chosenFrom, chosenReplyTo, isUnwritten, type Draft } from './draft/draft';
import { draftStore, useDrafts } from './draft/store';
import { ConflictDialogs } from './draft/ConflictDialogs';
import { Form } from './Form';
import { IdentityField } from './IdentityField';
import { PreviewDialog } from './PreviewDialog';
import { besideFiles, firstField, subjectSayings, type FieldName, type Problem } from './problem';
import { RecipientFields } from './RecipientFields';
import { NotSaved, SaveStatus } from './draft/SaveStatus';
import { SendLater } from './SendLater';
import { firstSuggestion } from './send-later';
import { TextField } from './TextField';
import { Unavailable } from './Unavailable';
import { useFormFocus } from './use-form-focus';
import { useMediaLibrary } from './use-media-library';
import { usePreview } from './use-preview';
import { NO_PROBLEM, useSend, type Outcome } from './use-send';
import { useSayings } from './use-sayings';

const NO_SIGNATURE: Outcome = {
  kind: 'problem',
  problem: { fields: { text: [{ key: 'signature.failed' }] }, general: [] },
};

interface Props {
  tenant: string;
  list: IdentityList;
  own: OwnAddressStatus;
  limits: AuthorLimits;
  /** The form was opened by a button that is gone by now. */
  takesFocus: () => boolean;
  refresh: () => Promise<IdentityList | null>;
}

/** One message: who it is from, who gets it, what it says, and when it leaves. */
export const ComposeForm = ({ tenant, list, own, limits, takesFocus, refresh }: Props) => {
  const t = useText();
  const say = useSayings();
  const { draft } = useDrafts();
  const { toggleNotification } = useNotification();
  const { send, isSending } = useSend({ tenant, list, limits, refresh });
  const preview = usePreview(tenant, list);
  const library = useMediaLibrary();
  const [problem, setProblem] = React.useState<Problem>(NO_PROBLEM);
  const [asked, setAsked] = React.useState<readonly Warning[] | null>(null);
  const hasSent = React.useRef(false);
  const focus = useFormFocus(() => void sendNow(false));
  const { form, goTo } = focus;
  React.useEffect(() => {
    if (takesFocus()) goTo('subject');
  });

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
      draftStore.pin(shown);
  });
  const signature = useMailboxesSignatureQuery(
    { tenant, from: from.identity?.id ?? 'system' },
    { skip: from.identity === null }
  );

  React.useLayoutEffect(() => {
    const { current } = form;
    if (current === null) return;
    // What is typed now would not be in the message any more.
    current.inert = isSending;
    if (!isSending && document.activeElement === document.body && hasSent.current)
      current.querySelector<HTMLElement>('[type="submit"]')?.focus();
    hasSent.current = isSending;
  }, [isSending]);

  const error = (field: FieldName) => say(problem.fields[field]);
  const change = (part: Partial<Draft>) => {
    draftStore.change(part);
    const changed: FieldName[] = Object.keys(part).flatMap((name): FieldName[] => {
      if (name === 'later') return ['date', 'time', 'zone'];
      return [name === 'html' ? 'text' : (name as FieldName)];
    });
    if (changed.some((name) => name in problem.fields))
      setProblem(({ fields, ...rest }) => ({
        ...rest,
        fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !changed.includes(name as FieldName))),
      }));
  };
  const sendNow = async (confirmed: boolean) => {
    if (isSending || signature.isFetching) return;
    setProblem(NO_PROBLEM);
    setAsked(null);
    // With the signature of another sender, or without one.
    const outcome: Outcome = signature.isError ? NO_SIGNATURE : await send(confirmed);
    if (outcome.kind === 'asked') setAsked(outcome.warnings);
    if (outcome.kind !== 'problem') return;
    const found = pruned(draft).length > 0 ? besideFiles(outcome.problem) : outcome.problem;
    setProblem(found);
    goTo(firstField(found) ?? 'general');
  };

  const unconfirmed = list.unavailable.some(({ code }) => code === 'OWN_ADDRESS_UNCONFIRMED');
  const { later } = draft;
  const { pick } = library;
  return (
    <>
      <Form
        ref={form}
        noValidate
        aria-label={t('compose.section')}
        onKeyDownCapture={focus.onKeyDownCapture}
        onKeyDown={focus.onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          // React's events come up from dialogs as well.
          if (event.target === form.current) void sendNow(false);
        }}
      >
        <Section title="compose.section">
          <Grid.Root gap={4}>
            <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
              <IdentityField
                name="from"
                label="compose.from"
                list={list}
                choice={from}
                onChange={(id) => change({ from: id ?? undefined })}
                error={error('from')}
              />
            </Grid.Item>
            <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
              <IdentityField
                name="replyTo"
                label="compose.reply-to"
                list={list}
                choice={replyTo}
                onChange={(replyTo) => change({ replyTo })}
                error={error('replyTo')}
              />
            </Grid.Item>
          </Grid.Root>
          {unconfirmed && <ConfirmAddress own={own} onDone={() => goTo('from')} />}
          <Unavailable list={list} />
          <RecipientFields tenant={tenant} draft={draft} onChange={change} error={error} />
          <Field.Root name="subject" error={error('subject') ?? say(subjectSayings(draft.subject))}>
            <Field.Label>{t('compose.subject')}</Field.Label>
            <TextInput
              name="subject"
              value={draft.subject}
              onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => change({ subject: target.value })}
            />
            <Field.Error />
          </Field.Root>
          <TextField
            from={from.identity}
            signature={signature.currentData}
            draft={draft}
            pick={pick && (() => pick('pictures'))}
            onChange={change}
            onWrongPicture={() => toggleNotification({ type: 'warning', message: t('editor.wrong-picture') })}
            error={error('text')}
          />
          {signature.isError && (
            <Notice
              kind="warning"
              action={
                <Button variant="tertiary" onClick={() => void signature.refetch()}>
                  {t('try-again')}
                </Button>
              }
            >
              {t('signature.failed')}
            </Notice>
          )}
          <Attachments
            draft={draft}
            messageBytes={limits.messageBytes}
            pick={pick && (() => pick('files'))}
            onChange={(attachments) => change({ attachments })}
            onDescribe={draftStore.describe}
            error={error('attachments')}
          />
          {later && <SendLater later={later} onChange={(next) => change({ later: next })} error={error} />}
          {problem.general.length > 0 && (
            <Notice ref={focus.general} kind="danger" title={t('compose.not-sent')}>
              {say(problem.general)}
            </Notice>
          )}
          <NotSaved />
          <Flex gap={2} wrap="wrap">
            <Button
              type="submit"
              name="send"
              aria-keyshortcuts="Control+Enter Meta+Enter"
              loading={isSending || signature.isFetching}
              startIcon={later ? <Calendar /> : <PaperPlane />}
            >
              {t(later ? 'later.schedule' : 'compose.send')}
            </Button>
            <Button
              variant="tertiary"
              startIcon={later ? <PaperPlane /> : <Calendar />}
              onClick={() => {
                change({ later: later ? null : firstSuggestion(Date.now()) });
                if (!later) goTo('date');
              }}
            >
              {t(later ? 'later.now-instead' : 'later.open')}
            </Button>
            <Button name="preview" variant="tertiary" startIcon={<Eye />} onClick={preview.open}>
              {t('preview.open')}
            </Button>
            <DiscardButton onDiscarded={() => goTo('to')} />
            <SaveStatus />
          </Flex>
        </Section>
      </Form>
      {library.dialog}
      {preview.shown && (
        <PreviewDialog
          shown={preview.shown}
          attachments={draft.attachments}
          onClose={() => {
            preview.close();
            goTo('preview');
          }}
        />
      )}
      {asked && (
        <AskBeforeSending
          warnings={asked}
          onSend={() => void sendNow(true)}
          onBack={() => {
            setAsked(null);
            goTo('send');
          }}
        />
      )}
      <ConflictDialogs onSettled={() => goTo('subject')} />
    </>
  );
};
