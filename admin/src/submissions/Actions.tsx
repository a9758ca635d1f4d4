import { Button, Dialog } from '@strapi/design-system';
import { ArrowClockwise, Check, Cross, Pencil } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';
import { useNavigate } from 'react-router-dom';
import type { Submission } from '../../../server/src/contracts/answers';
import { draftStore, useDrafts } from '../compose/draft-store';
import { useProblemText } from '../compose/use-sayings';
import { COMPOSE_PATH } from '../lib/paths';
import { useText } from '../lib/use-text';
import { useMailboxesCancelMutation, useMailboxesRetryMutation, useMailboxesSettleMutation } from './api';
import { actionsOf } from './condition';

interface Props {
  submission: Submission;
  /** Something was refused: what is shown may be old. */
  onRefused: () => void;
}

const CancelDialog = ({ onCancel, loading }: { onCancel: () => void; loading: boolean }) => {
  const t = useText();
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button variant="danger-light" startIcon={<Cross />} loading={loading}>
          {t('action.cancel')}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content>
        <Dialog.Header>{t('action.cancel.title')}</Dialog.Header>
        <Dialog.Body>{t('action.cancel.text')}</Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              {t('action.cancel.keep')}
            </Button>
          </Dialog.Cancel>
          <Dialog.Action>
            <Button fullWidth variant="danger-light" onClick={onCancel}>
              {t('action.cancel.confirm')}
            </Button>
          </Dialog.Action>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};

/** What a person may ask for now. */
export const Actions = ({ submission, onRefused }: Props) => {
  const t = useText();
  const problem = useProblemText();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const { typed, sent } = useDrafts();
  const [cancel, canceling] = useMailboxesCancelMutation();
  const [retry, retrying] = useMailboxesRetryMutation();
  const [settle, settling] = useMailboxesSettleMutation();
  const { id, state } = submission;
  const can = actionsOf(submission);
  // What a server has taken already must not be sent to the same people as another message.
  const untouched = submission.recipients.every(({ state: of }) => of !== 'accepted' && of !== 'uncertain');
  const draft = untouched ? typed.get(id) : undefined;

  const told = <T extends object>(answer: T, done: string): boolean => {
    const refused = 'error' in answer;
    toggleNotification({
      type: refused ? 'warning' : 'success',
      message: refused ? problem((answer as { error: unknown }).error) : done,
    });
    if (refused) onRefused();
    return !refused;
  };
  const onCancel = async (): Promise<boolean> => {
    const gone = told(await cancel(id), t('action.cancel.done'));
    if (gone && sent?.submission.id === id) draftStore.dismiss();
    return gone;
  };
  const onEdit = async () => {
    if (!draft || !(await onCancel())) return;
    draftStore.restore(draft);
    navigate(COMPOSE_PATH);
  };

  if (!can.cancel && !can.retry && !can.settle) return null;
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
      {can.cancel && <CancelDialog loading={canceling.isLoading} onCancel={() => void onCancel()} />}
    </>
  );
};
