import { Typography } from '@strapi/design-system';
import { PaperPlane } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import type { Submission } from '../../../../server/src/contracts/answers';
import { newKey } from '../../shared/api/new-key';
import { LongTextField } from '../../shared/ui/fields';
import { OUTBOX_PATH } from '../../shared/paths';
import { refusalOf } from '../../shared/refusals/refusal';
import { useText } from '../../shared/i18n/use-text';
import { recipientsIn } from '../../recipients/parse';
import { useMailboxesResendMutation } from '../api';
import { refusedAddresses } from '../available-actions';
import { DialogForm, FormDialog } from './FormDialog';
import { problemOf, type Sentence, useSentences } from '../../compose';

const Form = ({ submission, close }: { submission: Submission; close: () => void }) => {
  const t = useText();
  const say = useSentences();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [resend, resending] = useMailboxesResendMutation();
  const [typed, setTyped] = React.useState(() => refusedAddresses(submission).join(', '));
  const [problem, setProblem] = React.useState<{ to?: Sentence[]; general?: Sentence[] }>({});
  // One key per message: a second click or a lost answer does not send twice.
  const [idempotencyKey, setKey] = React.useState(newKey);
  const form = React.useRef<HTMLFormElement>(null);
  React.useEffect(() => form.current?.querySelector('textarea')?.focus(), [problem]);

  const send = async () => {
    if (resending.isLoading) return;
    const to = recipientsIn(typed);
    if (to.length === 0) return setProblem({ to: [{ key: 'refusal.NO_RECIPIENTS' }] });
    const answer = await resend({ id: submission.id, to, idempotencyKey });
    if ('error' in answer) {
      // The user has seen that the content differs: sending again means a new message.
      if (refusalOf(answer.error).details?.code === 'IDEMPOTENCY_CONFLICT') setKey(newKey());
      const { fields, general } = problemOf(answer.error);
      return setProblem({
        to: fields.to,
        general: [
          ...general,
          ...Object.entries(fields).flatMap(([field, sentences]) => (field === 'to' ? [] : sentences)),
        ],
      });
    }
    close();
    toggleNotification({ type: 'success', message: t('resend.done') });
    navigate(`${OUTBOX_PATH}/${answer.data.id}`);
  };

  return (
    <DialogForm
      ref={form}
      title="resend.title"
      submit="resend.send"
      loading={resending.isLoading}
      onSubmit={() => void send()}
    >
      <Typography tag="p" paddingBottom={4}>
        {t('resend.text')}
      </Typography>
      <LongTextField
        name="to"
        label="compose.to"
        hint={t('compose.to.hint')}
        value={typed}
        error={say(problem.to)}
        onChange={setTyped}
      />
      {problem.general && problem.general.length > 0 && (
        <Typography tag="p" role="alert" textColor="danger600" paddingTop={3}>
          {say(problem.general)}
        </Typography>
      )}
    </DialogForm>
  );
};

/** Dialog to send the same message to another address, as a new submission. */
export const Resend = ({ submission }: { submission: Submission }) => (
  <FormDialog open="resend.open" icon={<PaperPlane />} variant="tertiary">
    {(close) => <Form submission={submission} close={close} />}
  </FormDialog>
);
