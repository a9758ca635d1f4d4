import { Td, Tr, Typography } from '@strapi/design-system';
import type { GuardFinding } from '../../../../server/src/contracts/guard';
import { RowTable } from '../../shared/ui/RowTable';
import { useText } from '../../shared/i18n/use-text';
import { useTime } from '../../shared/time/use-time';

/** Findings by sender and caller, with count and the result under `enforce`. */
export const FindingTable = ({ findings, actor }: { findings: readonly GuardFinding[]; actor: string | null }) => {
  const t = useText();
  const time = useTime();
  const nextOf = ({ verdict, address }: GuardFinding): string => {
    if (verdict !== 'FORBIDDEN_FROM') return t('guard.next.other');
    if (address === null) return t('guard.next.unreadable');
    return actor === null ? t('guard.next.no-actor', { address }) : t('guard.next.list', { address, actor });
  };
  return (
    <RowTable
      columns={['guard.caller', 'guard.from', 'guard.count', 'guard.last', 'guard.would']}
      rows={findings}
      label={t('guard.findings')}
    >
      {(finding) => (
        <Tr key={finding.id}>
          <Td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            <Typography>{finding.caller}</Typography>
          </Td>
          <Td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            <Typography tag="p">{finding.from || t('guard.unreadable')}</Typography>
            {finding.address !== null && finding.address !== finding.from && (
              <Typography tag="p" variant="pi" textColor="neutral600">
                {finding.address}
              </Typography>
            )}
          </Td>
          <Td>
            <Typography>{t('guard.times', { count: finding.count })}</Typography>
          </Td>
          <Td style={{ whiteSpace: 'normal' }}>
            <Typography tag="p" style={{ whiteSpace: 'nowrap' }}>
              {time(finding.lastAt)}
            </Typography>
            {finding.count > 1 && (
              <Typography tag="p" variant="pi" textColor="neutral600">
                {t('guard.since', { time: time(finding.firstAt) })}
              </Typography>
            )}
          </Td>
          <Td style={{ whiteSpace: 'normal' }}>
            <Typography tag="p">{t('guard.refused', { code: finding.verdict })}</Typography>
            <Typography tag="p" variant="pi" textColor="neutral600">
              {nextOf(finding)}
            </Typography>
          </Td>
        </Tr>
      )}
    </RowTable>
  );
};
