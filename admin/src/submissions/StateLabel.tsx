import { Status, Typography } from '@strapi/design-system';
import type { SubmissionState } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';

const VARIANT = {
  held: 'secondary',
  queued: 'secondary',
  submitting: 'secondary',
  submitted: 'success',
  failed: 'danger',
  canceled: 'neutral',
  uncertain: 'warning',
} as const satisfies Record<SubmissionState, string>;

/** A submission's state in words and colour. */
export const StateLabel = ({ state }: { state: SubmissionState }) => {
  const t = useText();
  return (
    <Status variant={VARIANT[state]} size="S">
      <Typography fontWeight="semiBold">{t(`submission.${state}`)}</Typography>
    </Status>
  );
};
