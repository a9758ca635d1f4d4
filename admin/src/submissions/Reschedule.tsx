import { Calendar } from '@strapi/icons';
import * as React from 'react';
import type { Submission } from '../../../server/src/contracts/answers';
import { SendLaterFields } from '../compose/SendLater';
import { browserZone, laterAt, sendAtOf } from '../compose/send-later';
import { refusalOf } from '../lib/refusal';
import { useText } from '../lib/use-text';
import { useTime } from '../lib/use-time';
import { useMailboxesRescheduleMutation } from './api';
import { DialogForm, FormDialog } from './FormDialog';

interface Props {
  submission: Submission;
  /** Says what came of it; gives back whether it was done. */
  told: (answer: object, done: string) => boolean;
}

const refusedTime = (error: unknown): boolean => refusalOf(error).details?.path === 'sendAt';

const Form = ({ submission, told, close }: Props & { close: () => void }) => {
  const t = useText();
  const time = useTime();
  const [reschedule, rescheduling] = useMailboxesRescheduleMutation();
  const [later, setLater] = React.useState(() =>
    laterAt(Date.parse(submission.sendAt ?? submission.createdAt), browserZone())
  );
  const [wrong, setWrong] = React.useState<{ field: string; text: string } | null>(null);
  const form = React.useRef<HTMLFormElement>(null);
  React.useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);

  const save = async () => {
    if (rescheduling.isLoading) return;
    const at = sendAtOf(later, Date.now());
    if (!at.ok) return setWrong({ field: at.field, text: t(`later.problem.${at.reason}`) });
    const answer = await reschedule({ id: submission.id, sendAt: at.sendAt });
    if ('error' in answer && refusedTime(answer.error))
      return setWrong({ field: 'time', text: t('later.problem.server') });
    told(answer, t('reschedule.done', { time: time(at.sendAt) }));
    close();
  };

  return (
    <DialogForm
      ref={form}
      title="reschedule.title"
      submit="reschedule.save"
      loading={rescheduling.isLoading}
      onSubmit={() => void save()}
    >
      <SendLaterFields
        later={later}
        onChange={setLater}
        error={(field) => (wrong?.field === field ? wrong.text : undefined)}
      />
    </DialogForm>
  );
};

/** Another time for a message that waits for one. */
export const Reschedule = ({ submission, told }: Props) => (
  <FormDialog open="reschedule.open" icon={<Calendar />} variant="secondary">
    {(close) => <Form submission={submission} told={told} close={close} />}
  </FormDialog>
);
