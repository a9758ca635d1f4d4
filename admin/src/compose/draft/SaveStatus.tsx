import { Button, Flex, LinkButton, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import { NavLink, useHref } from 'react-router-dom';
import { Notice } from '../../shared/ui/Notice';
import { DRAFTS_PATH } from '../../shared/paths';
import { useText } from '../../shared/i18n/use-text';
import { isDirty } from './autosave';
import { useDrafts, type State } from './store';
import { autosave } from './persistence';
import { draftsFull } from '../problem';
import { useRefusalWithNext } from '../use-sentences';

const useStatusText = (): ((state: State) => string) => {
  const t = useText();
  const { formatDate } = useIntl();
  return (state) => {
    if (state.saving.kind === 'saving') return t('draft.saving');
    if (isDirty(state)) return t('draft.unsaved');
    if (state.stored === null) return '';
    const at = new Date(state.stored.savedAt);
    const today = at.toDateString() === new Date().toDateString();
    return today
      ? t('draft.saved', { time: formatDate(at, { timeStyle: 'short' }) })
      : t('draft.saved.earlier', { time: formatDate(at, { dateStyle: 'medium', timeStyle: 'short' }) });
  };
};

/** Whether the draft is saved, and when. Not a live region: screen readers would announce every save. */
export const SaveStatus = () => {
  const statusOf = useStatusText();
  const state = useDrafts();
  return (
    <Typography variant="pi" textColor="neutral600">
      {statusOf(state)}
    </Typography>
  );
};

/** Shown when saving has failed: the reason, the local backup, and the next step. */
export const NotSaved = () => {
  const t = useText();
  const problem = useRefusalWithNext();
  const { saving } = useDrafts();
  const signIn = useHref('/auth/login');
  if (saving.kind !== 'failed') return null;
  const signedOut = saving.error.status === 401;
  const isFull = draftsFull(saving.error) !== null;
  return (
    <Notice
      kind="warning"
      title={t(signedOut ? 'draft.signed-out' : 'draft.not-saved')}
      action={
        <Flex gap={2} wrap="wrap">
          {signedOut && (
            <LinkButton href={signIn} target="_blank" size="S" variant="secondary">
              {t('draft.sign-in')}
            </LinkButton>
          )}
          {isFull && (
            <LinkButton tag={NavLink} to={DRAFTS_PATH} target="_blank" size="S" variant="secondary">
              {t('drafts.title')}
            </LinkButton>
          )}
          <Button size="S" variant="tertiary" onClick={() => void autosave.flush()}>
            {t('try-again')}
          </Button>
        </Flex>
      }
    >
      {signedOut
        ? t('draft.signed-out.text')
        : `${problem(saving.error)} ${t(isFull ? 'draft.kept-here.full' : 'draft.kept-here')}`}
    </Notice>
  );
};
