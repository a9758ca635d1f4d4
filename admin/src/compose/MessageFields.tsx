import { Button, Field, TextInput } from '@strapi/design-system';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { Notice } from '../shared/ui/Notice';
import { useText } from '../shared/i18n/use-text';
import { Attachments } from './Attachments';
import { draftStore } from './draft/store';
import { MessageEditor } from './MessageEditor';
import { subjectSentences } from './problem';
import type { ComposeFormState } from './use-compose-form';
import type { useMediaLibrary } from './use-media-library';
import { useSentences } from './use-sentences';

interface Props {
  form: ComposeFormState;
  messageBytes: number;
  pick: ReturnType<typeof useMediaLibrary>['pick'];
}

const SubjectField = ({ form: { draft, change, error } }: Pick<Props, 'form'>) => {
  const t = useText();
  const say = useSentences();
  return (
    <Field.Root name="subject" error={error('subject') ?? say(subjectSentences(draft.subject))}>
      <Field.Label>{t('compose.subject')}</Field.Label>
      <TextInput
        name="subject"
        value={draft.subject}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => change({ subject: target.value })}
      />
      <Field.Error />
    </Field.Root>
  );
};

/** Subject, text and attachments. */
export const MessageFields = ({ form, messageBytes, pick }: Props) => {
  const t = useText();
  const { toggleNotification } = useNotification();
  const { draft, from, signature, change, error } = form;
  return (
    <>
      <SubjectField form={form} />
      <MessageEditor
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
        messageBytes={messageBytes}
        pick={pick && (() => pick('files'))}
        onChange={(attachments) => change({ attachments })}
        onDescribe={draftStore.describeAttachments}
        error={error('attachments')}
      />
    </>
  );
};
