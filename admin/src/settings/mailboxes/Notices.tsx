import { Box, Button, Flex, Link, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';
import { useMailboxesGuardQuery } from '../guard/api';
import { Notice } from '../../shared/ui/Notice';
import { permission } from '../../shared/permissions';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useMailboxesForgetLostMutation, useMailboxesTestMutation, type MailboxList } from './api';
import { Steps } from './ConnectionTest';
import { PAUSE_TEXTS, systemNext } from './pause';

type Meta = MailboxList['meta'];

const READ_ROLES = [{ action: 'admin::roles.read', subject: null }];

/** Link to the roles; users without permission for them are referred to an administrator. */
const RolesLink = () => {
  const t = useText();
  const { allowedActions } = useRBAC(READ_ROLES);
  return allowedActions.canRead ? (
    <Link tag={NavLink} to="/settings/roles">
      {t('notice.roles.link')}
    </Link>
  ) : (
    <Typography>{t('notice.roles.ask')}</Typography>
  );
};

const NobodyMaySend = () => {
  const t = useText();
  return (
    <Notice kind="warning" title={t('notice.nobody.title')} action={<RolesLink />}>
      {t('notice.nobody.text')}
    </Notice>
  );
};

const ACTION_TEXTS: Partial<Record<string, TextKey>> = {
  'communication.send': 'action.communication.send',
  'log.read': 'action.log.read',
  'log.manage': 'action.log.manage',
  'mailboxes.read': 'action.mailboxes.read',
  'mailboxes.create': 'action.mailboxes.create',
  'mailboxes.update': 'action.mailboxes.update',
  'mailboxes.delete': 'action.mailboxes.delete',
  'grants.manage': 'action.grants.manage',
  'tenants.manage': 'action.tenants.manage',
};

const LostPermissions = ({ lost, operate }: { lost: Meta['setup']['lostPermissions']; operate: boolean }) => {
  const t = useText();
  const [forget, { isLoading }] = useMailboxesForgetLostMutation();
  const textOf = (action: string): string => {
    const key = ACTION_TEXTS[action];
    return key === undefined ? action : t(key);
  };
  return (
    <Notice
      kind="warning"
      title={t('notice.lost.title')}
      action={
        <Flex gap={4} wrap="wrap">
          <RolesLink />
          {operate && (
            <Button variant="tertiary" loading={isLoading} onClick={() => void forget()}>
              {t('notice.lost.forget')}
            </Button>
          )}
        </Flex>
      }
    >
      <p>{t('notice.lost.text')}</p>
      <Box tag="ul" paddingTop={2}>
        {lost.map(({ role, name, actions }) => (
          <li key={role}>
            <Typography fontWeight="semiBold">{name}</Typography>: {actions.map(textOf).join(', ')}
          </li>
        ))}
      </Box>
    </Notice>
  );
};

/** Pause of the system mailbox. An operator can test it; a passed test ends the pause. */
const SystemPaused = ({
  pause,
  transport,
  operate,
}: {
  pause: NonNullable<Meta['system']['pausedBecause']>;
  transport: Meta['system']['transport'];
  operate: boolean;
}) => {
  const t = useText();
  const refusal = useRefusalText();
  const [test, { data, error, isLoading }] = useMailboxesTestMutation({ fixedCacheKey: 'mailboxes-system-test' });
  const texts = PAUSE_TEXTS[pause.code];
  return (
    <Notice
      kind="danger"
      title={t('notice.system-paused.title')}
      action={
        operate && (
          <Button
            variant="secondary"
            loading={isLoading}
            onClick={() => void test({ mailbox: 'system', sendToMe: transport === 'provider' })}
          >
            {t('notice.system-paused.test')}
          </Button>
        )
      }
    >
      <p>{t(texts.reason)}</p>
      <p>{t(operate ? systemNext(pause.code) : 'notice.system-paused.ask')}</p>
      {error !== undefined && <p>{refusal(error)}</p>}
      {data && (!data.ok || data.mail?.ok === false) && (
        <Box paddingTop={3}>
          <Steps {...data} />
        </Box>
      )}
    </Notice>
  );
};

/** Reminder of the guard's report-only mode, for users with permission for the guard. */
const GuardReports = () => {
  const t = useText();
  const { allowedActions } = useRBAC(permission('guard.read'));
  const { data } = useMailboxesGuardQuery(undefined, { skip: allowedActions.canRead !== true });
  if (data?.mode !== 'report') return null;
  return (
    <Notice
      kind="warning"
      title={t('notice.guard.title')}
      action={
        <Link tag={NavLink} to="guard">
          {t('notice.guard.link')}
        </Link>
      }
    >
      {t('notice.guard.text')}
    </Notice>
  );
};

/** Problems of the setup that prevent sending, above the list. */
export const Notices = ({ system, setup, operate }: Pick<Meta, 'system' | 'setup'> & { operate: boolean }) => {
  const t = useText();
  return (
    <>
      {!system.configured && (
        <Notice kind="danger" title={t('notice.system.title')}>
          {t('notice.system.text')}
        </Notice>
      )}
      {system.configured && system.pausedBecause && (
        <SystemPaused pause={system.pausedBecause} transport={system.transport} operate={operate} />
      )}
      {system.configured && setup.weakProvider !== null && (
        <Notice kind="warning" title={t('notice.provider.title', { provider: setup.weakProvider })}>
          {t('notice.provider.text', { address: system.email ?? '' })}
        </Notice>
      )}
      {setup.lostPermissions.length > 0 && <LostPermissions lost={setup.lostPermissions} operate={operate} />}
      {setup.nobodyMaySend && <NobodyMaySend />}
      <GuardReports />
    </>
  );
};
