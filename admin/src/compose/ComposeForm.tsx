import { Notice } from '../shared/ui/Notice';
import { useText } from '../shared/i18n/use-text';
import { Section } from '../shared/ui/fields';
import { AskBeforeSending } from './AskBeforeSending';
import { ConflictDialogs } from './draft/ConflictDialogs';
import { NotSaved } from './draft/SaveStatus';
import { Form } from './Form';
import { FormActions } from './FormActions';
import { MessageFields } from './MessageFields';
import { PreviewDialog } from './PreviewDialog';
import { RecipientFields } from './RecipientFields';
import { SenderFields } from './SenderFields';
import { SendLater } from './SendLater';
import { useComposeForm, type ComposeFormProps, type ComposeFormState } from './use-compose-form';
import { useMediaLibrary } from './use-media-library';
import { usePreview } from './use-preview';

const Dialogs = ({ form, preview }: { form: ComposeFormState; preview: ReturnType<typeof usePreview> }) => {
  const { draft, asked, sendAnyway, backFromWarnings, focus } = form;
  return (
    <>
      {preview.shown && (
        <PreviewDialog
          shown={preview.shown}
          attachments={draft.attachments}
          onClose={() => {
            preview.close();
            focus.goTo('preview');
          }}
        />
      )}
      {asked && (
        <AskBeforeSending warnings={asked.warnings} onSend={() => void sendAnyway(asked)} onBack={backFromWarnings} />
      )}
      <ConflictDialogs onSettled={() => focus.goTo('subject')} />
    </>
  );
};

/** Form of one message: sender, recipients, content and scheduled time. */
export const ComposeForm = (props: ComposeFormProps) => {
  const { tenant, list, own, limits } = props;
  const t = useText();
  const form = useComposeForm(props);
  const preview = usePreview(tenant, list);
  const library = useMediaLibrary();
  const { draft, change, error, focus, general } = form;
  const { later } = draft;
  return (
    <>
      <Form
        ref={focus.form}
        noValidate
        aria-label={t('compose.section')}
        onKeyDownCapture={focus.onKeyDownCapture}
        onKeyDown={focus.onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          // React events bubble from dialogs too.
          if (event.target === focus.form.current) void form.sendNow();
        }}
      >
        <Section title="compose.section">
          <SenderFields form={form} list={list} own={own} />
          <RecipientFields tenant={tenant} draft={draft} onChange={change} error={error} />
          <MessageFields form={form} messageBytes={limits.messageBytes} pick={library.pick} />
          {later && <SendLater later={later} onChange={(next) => change({ later: next })} error={error} />}
          {general !== undefined && (
            <Notice ref={focus.general} kind="danger" title={t('compose.not-sent')}>
              {general}
            </Notice>
          )}
          <NotSaved />
          <FormActions form={form} onPreview={preview.open} />
        </Section>
      </Form>
      {library.dialog}
      <Dialogs form={form} preview={preview} />
    </>
  );
};
