import { Alert } from '@strapi/design-system';
import { useText } from '../lib/use-text';
import type { MailboxList } from './api';

/** What keeps mail from leaving, above everything else. */
export const Notices = ({ system }: { system: MailboxList['meta']['system'] }) => {
  const t = useText();
  if (!system.configured)
    return (
      <Alert variant="warning" title={t('notice.system.title')} closeLabel="" onClose={undefined}>
        {t('notice.system.text')}
      </Alert>
    );
  if (system.state === 'paused')
    return (
      <Alert variant="danger" title={t('notice.system-paused.title')} closeLabel="" onClose={undefined}>
        {system.pausedBecause?.message}
      </Alert>
    );
  return null;
};
