import { Flex } from '@strapi/design-system';
import { Calendar } from '@strapi/icons';
import * as React from 'react';
import type { Submission } from '../../../../server/src/contracts/answers';
import { refusalOf } from '../../shared/refusals/refusal';
import { useText } from '../../shared/i18n/use-text';
import { useTime } from '../../shared/time/use-time';
import { useMailboxesRescheduleMutation } from '../api';
import { DialogForm, FormDialog } from './FormDialog';
import { knownZone } from '../../shared/time/zones';
import { SendLaterFields, laterAt, sendAtOf } from '../../compose';

interface Props {
  submission: Submission;
  /** Says what came of it; gives back whether it was done. */
  told: (answer: object, done: string) => boolean;
}

/** The field that the server refuses, in words. */
const WRONG = {
  sendAt: { field: 'time', text: 'later.problem.server' },
  sendZone: { field: 'zone', text: 'later.problem.unknown' },
} as const;

const wrongIn = (error: unknown) => {
  const path = refusalOf(error).details?.path;
  return path === 'sendAt' || path === 'sendZone' ? WRONG[path] : null;
};

const Form = ({ submission, told, close }: Props & { close: () => void }) => {
  const t = useText();
  const time = useTime();
  const [reschedule, rescheduling] = useMailboxesRescheduleMutation();
  const [later, setLater] = React.useState(() =>
    laterAt(Date.parse(submission.sendAt ?? submission.createdAt), knownZone(submission.sendZone))
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
    const answer = await reschedule({ id: submission.id, sendAt: at.sendAt, sendZone: later.zone });
    const refused = 'error' in answer ? wrongIn(answer.error) : null;
    if (refused) return setWrong({ field: refused.field, text: t(refused.text) });
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
      <Flex direction="column" alignItems="stretch" gap={2}>
        <SendLaterFields
          later={later}
          onChange={setLater}
          error={(field) => (wrong?.field === field ? wrong.text : undefined)}
        />
      </Flex>
    </DialogForm>
  );
};

/** Another time for a message that waits for one. */
export const Reschedule = ({ submission, told }: Props) => (
  <FormDialog open="reschedule.open" icon={<Calendar />} variant="secondary">
    {(close) => <Form submission={submission} told={told} close={close} />}
  </FormDialog>
);
