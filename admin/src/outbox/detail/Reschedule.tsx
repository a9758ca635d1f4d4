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
  /** Notifies the user of the result; returns whether the request succeeded. */
  report: (answer: object, done: string) => boolean;
}

/** Text for each field that the server may refuse. */
const FIELD_PROBLEMS = {
  sendAt: { field: 'time', text: 'later.problem.server' },
  sendZone: { field: 'zone', text: 'later.problem.unknown' },
} as const;

const fieldProblemOf = (error: unknown) => {
  const path = refusalOf(error).details?.path;
  return path === 'sendAt' || path === 'sendZone' ? FIELD_PROBLEMS[path] : null;
};

const Form = ({ submission, report, close }: Props & { close: () => void }) => {
  const t = useText();
  const time = useTime();
  const [reschedule, rescheduling] = useMailboxesRescheduleMutation();
  const [later, setLater] = React.useState(() =>
    laterAt(Date.parse(submission.sendAt ?? submission.createdAt), knownZone(submission.sendZone))
  );
  const [problem, setProblem] = React.useState<{ field: string; text: string } | null>(null);
  const form = React.useRef<HTMLFormElement>(null);
  React.useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);

  const save = async () => {
    if (rescheduling.isLoading) return;
    const at = sendAtOf(later, Date.now());
    if (!at.ok) return setProblem({ field: at.field, text: t(`later.problem.${at.reason}`) });
    const answer = await reschedule({ id: submission.id, sendAt: at.sendAt, sendZone: later.zone });
    const refused = 'error' in answer ? fieldProblemOf(answer.error) : null;
    if (refused) return setProblem({ field: refused.field, text: t(refused.text) });
    report(answer, t('reschedule.done', { time: time(at.sendAt) }));
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
          error={(field) => (problem?.field === field ? problem.text : undefined)}
        />
      </Flex>
    </DialogForm>
  );
};

/** Dialog to reschedule a scheduled submission. */
export const Reschedule = ({ submission, report }: Props) => (
  <FormDialog open="reschedule.open" icon={<Calendar />} variant="secondary">
    {(close) => <Form submission={submission} report={report} close={close} />}
  </FormDialog>
);
