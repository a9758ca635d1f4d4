import { Box, Flex, Typography } from '@strapi/design-system';
import type { Submission } from '../../../../server/src/contracts/answers';
import { useText } from '../../shared/i18n/use-text';
import { progressOf } from '../delivery-state';

/** Number of recipients from which progress is shown; a shorter list is clear without it. */
export const MANY_RECIPIENTS = 10;

export const Bar = ({ label, done, total }: { label: string; done: number; total: number }) => {
  const t = useText();
  const percent = Math.round((100 * done) / total);
  return (
    <Flex gap={3} alignItems="center">
      <Box
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        background="neutral200"
        height="0.8rem"
        hasRadius
        overflow="hidden"
        style={{ flex: 1 }}
      >
        <Box background="success500" height="100%" style={{ width: `${percent}%` }} />
      </Box>
      <Typography variant="pi" textColor="neutral600">
        {t('submission.progress.text', { done, total })}
      </Typography>
    </Flex>
  );
};

/** Progress bar of a submission with many recipients. */
export const Progress = ({ submission }: { submission: Submission }) => {
  const t = useText();
  return <Bar label={t('submission.progress')} {...progressOf(submission)} />;
};
