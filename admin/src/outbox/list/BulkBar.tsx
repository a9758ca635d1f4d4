import { Box, Button, Checkbox, Flex, Link, Typography } from '@strapi/design-system';
import { ArrowClockwise, Cross } from '@strapi/icons';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import { Notice } from '../../shared/ui/Notice';
import { OUTBOX_PATH } from '../../shared/paths';
import { useText } from '../../shared/i18n/use-text';
import { Bar } from '../detail/Progress';
import type { BulkRetry } from './use-bulk-retry';

const Outcome = ({ run, stop, close }: { run: NonNullable<BulkRetry['run']>; stop: () => void; close: () => void }) => {
  const t = useText();
  const { total, queued, refused, phase } = run;
  const done = queued + refused.length;
  const box = React.useRef<HTMLDivElement>(null);
  // The pressed button is disabled now and has lost the focus.
  React.useEffect(() => box.current?.focus(), []);
  const rest = phase === 'over' && done < total ? ` ${t('submissions.bulk.rest', { count: total - done })}` : '';
  return (
    <Notice
      ref={box}
      kind={phase !== 'over' ? 'info' : refused.length > 0 ? 'warning' : 'success'}
      title={
        phase === 'over'
          ? t('submissions.bulk.over', { queued, refused: refused.length }) + rest
          : t('submissions.bulk.running')
      }
      action={
        phase === 'over' ? (
          <Button variant="tertiary" size="S" onClick={close}>
            {t('close')}
          </Button>
        ) : (
          <Button variant="tertiary" size="S" startIcon={<Cross />} loading={phase === 'stopping'} onClick={stop}>
            {t('submissions.bulk.stop')}
          </Button>
        )
      }
    >
      <Flex direction="column" alignItems="stretch" gap={2}>
        {phase !== 'over' && (
          <Box maxWidth="48rem">
            <Bar label={t('submissions.bulk.progress')} done={done} total={total} />
          </Box>
        )}
        {refused.length > 0 && (
          <Flex tag="ul" direction="column" alignItems="stretch" gap={1}>
            {refused.map(({ id, subject, reason }) => (
              <li key={id}>
                <Link tag={NavLink} to={`${OUTBOX_PATH}/${id}`}>
                  {subject || t('submissions.no-subject')}
                </Link>
                : {reason}
              </li>
            ))}
          </Flex>
        )}
      </Flex>
    </Notice>
  );
};

/** Bulk retry of failed submissions: select all of the page, start, stop, results. */
export const BulkBar = ({ bulk, children }: { bulk: BulkRetry; children: React.ReactNode }) => {
  const t = useText();
  const { retryable, chosen, run, toggleAll, start, stop, close } = bulk;
  const running = run !== null && run.phase !== 'over';
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      {run && <Outcome run={run} stop={stop} close={close} />}
      <Flex gap={4} wrap="wrap" justifyContent="space-between" minHeight="3.2rem">
        {retryable.size > 0 && (
          <Flex gap={4} wrap="wrap">
            <Checkbox
              checked={chosen.size > 0 && (chosen.size === retryable.size || 'indeterminate')}
              disabled={running}
              onCheckedChange={toggleAll}
            >
              <Typography>{t('submissions.bulk.all', { count: retryable.size })}</Typography>
            </Checkbox>
            {chosen.size > 0 && (
              <Button size="S" variant="secondary" startIcon={<ArrowClockwise />} disabled={running} onClick={start}>
                {t('submissions.bulk.retry', { count: chosen.size })}
              </Button>
            )}
          </Flex>
        )}
        {children}
      </Flex>
    </Flex>
  );
};
