import { Button, LinkButton } from '@strapi/design-system';
import { ArrowClockwise, Check, Pencil } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import type { Submission } from '../../../../server/src/contracts/answers';
import { composeOf } from '../../shared/paths';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesRetryMutation, useMailboxesSettleMutation } from '../api';
import { CancelButton } from './CancelButton';
import { actionsOf } from '../available-actions';
import { Reschedule } from './Reschedule';
import { Resend } from './Resend';
import { useIsAuthor } from './use-may-act';
import { useActionFeedback } from '../use-action-feedback';
import { useMailboxesCancelMutation } from '../../shared/api/mailbox-user';
import { draftStore, useDrafts } from '../../compose';

interface Props {
  submission: Submission;
  /** Called after a refusal: the submission shown may be outdated. */
  onRefused: () => void;
}

/** Buttons for the actions that the state of the submission allows. */
export const Actions = ({ submission, onRefused }: Props) => {
  const t = useText();
  const report = useActionFeedback(onRefused);
  const { sent } = useDrafts();
  const [cancel, canceling] = useMailboxesCancelMutation();
  const [retry, retrying] = useMailboxesRetryMutation();
  const [settle, settling] = useMailboxesSettleMutation();
  const { id, state } = submission;
  const can = actionsOf(submission, useIsAuthor()(submission));
  const onCancel = async () => {
    const answer = await cancel(id);
    const back = 'data' in answer && answer.data?.draft;
    if (report(answer, t(back ? 'action.cancel.draft' : 'action.cancel.done')) && sent?.submission.id === id)
      draftStore.dismiss();
  };

  if (!Object.values(can).some(Boolean)) return null;
  return (
    <>
      {can.reschedule && <Reschedule submission={submission} report={report} />}
      {can.settle && (
        <Button
          startIcon={<Check />}
          loading={settling.isLoading}
          onClick={() =>
            void settle({ id, as: 'submitted' }).then((answer) => report(answer, t('action.arrived.done')))
          }
        >
          {t('action.arrived')}
        </Button>
      )}
      {can.retry && (
        <Button
          variant="secondary"
          startIcon={<ArrowClockwise />}
          loading={retrying.isLoading}
          onClick={() => void retry({ id }).then((answer) => report(answer, t('action.retry.done')))}
        >
          {t(state === 'uncertain' ? 'action.send-again' : 'action.retry')}
        </Button>
      )}
      {can.cancel && <CancelButton loading={canceling.isLoading} onCancel={() => void onCancel()} />}
      {can.edit && submission.draft !== null && (
        <LinkButton tag={NavLink} to={composeOf(submission.draft)} startIcon={<Pencil />}>
          {t('action.open-draft')}
        </LinkButton>
      )}
      {can.resend && <Resend submission={submission} />}
    </>
  );
};
