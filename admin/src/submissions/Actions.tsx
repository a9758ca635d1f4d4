import { Button, LinkButton } from '@strapi/design-system';
import { ArrowClockwise, Check, Pencil } from '@strapi/icons';
import { NavLink, useNavigate } from 'react-router-dom';
import type { Submission } from '../../../server/src/contracts/answers';
import { draftStore, useDrafts } from '../compose/draft-store';
import { COMPOSE_PATH } from '../lib/paths';
import { useText } from '../lib/use-text';
import { useMailboxesCancelMutation, useMailboxesRetryMutation, useMailboxesSettleMutation } from './api';
import { CancelButton } from './CancelButton';
import { actionsOf } from './condition';
import { useTold } from './use-told';

interface Props {
  submission: Submission;
  /** Something was refused: what is shown may be old. */
  onRefused: () => void;
}

const draftPath = (id: string): string => `${COMPOSE_PATH}?draft=${encodeURIComponent(id)}`;

/** What a person may ask for now. */
export const Actions = ({ submission, onRefused }: Props) => {
  const t = useText();
  const navigate = useNavigate();
  const told = useTold(onRefused);
  const { typed, sent } = useDrafts();
  const [cancel, canceling] = useMailboxesCancelMutation();
  const [retry, retrying] = useMailboxesRetryMutation();
  const [settle, settling] = useMailboxesSettleMutation();
  const { id, state } = submission;
  const can = actionsOf(submission);
  // What a server has taken already must not be sent to the same people as another message.
  const untouched = submission.recipients.every(({ state: of }) => of !== 'accepted' && of !== 'uncertain');
  const draft = untouched ? typed.get(id) : undefined;

  /** The draft that came back; null: none did; false: it was refused. */
  const onCancel = async (): Promise<string | null | false> => {
    const answer = await cancel(id);
    const back = 'error' in answer ? null : answer.data.draft;
    if (!told(answer, t(back === null ? 'action.cancel.done' : 'action.cancel.draft'))) return false;
    if (sent?.submission.id === id) draftStore.dismiss();
    return back;
  };
  const onEdit = async () => {
    const back = await onCancel();
    if (back === false) return;
    if (back !== null) return navigate(draftPath(back));
    if (draft) draftStore.restore(draft);
    navigate(COMPOSE_PATH);
  };

  if (!Object.values(can).some(Boolean)) return null;
  return (
    <>
      {can.settle && (
        <Button
          startIcon={<Check />}
          loading={settling.isLoading}
          onClick={() => void settle({ id, as: 'submitted' }).then((answer) => told(answer, t('action.arrived.done')))}
        >
          {t('action.arrived')}
        </Button>
      )}
      {can.retry && (
        <Button
          variant="secondary"
          startIcon={<ArrowClockwise />}
          loading={retrying.isLoading}
          onClick={() => void retry({ id }).then((answer) => told(answer, t('action.retry.done')))}
        >
          {t(state === 'uncertain' ? 'action.send-again' : 'action.retry')}
        </Button>
      )}
      {can.cancel && draft && (
        <Button variant="secondary" startIcon={<Pencil />} loading={canceling.isLoading} onClick={() => void onEdit()}>
          {t('action.edit')}
        </Button>
      )}
      {can.cancel && <CancelButton loading={canceling.isLoading} onCancel={() => void onCancel()} />}
      {can.edit && submission.draft !== null && (
        <LinkButton tag={NavLink} to={draftPath(submission.draft)} startIcon={<Pencil />}>
          {t('action.open-draft')}
        </LinkButton>
      )}
    </>
  );
};
