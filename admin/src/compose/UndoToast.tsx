import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import { useTheme } from 'styled-components';
import { COMPOSE_PATH, composeOf } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { useTime } from '../shared/time/use-time';
import { draftStore, useDrafts, type Sent } from './draft/store';
import { hideElsewhere, showElsewhere } from './undo-elsewhere';
import { UndoBar } from './UndoBar';
import { TAKES_FOCUS } from './use-focus-on-arrival';
import { useRefusalWithNext } from './use-sentences';
import { useMailboxesCancelMutation } from '../shared/api/mailbox-user';

const isOffered = (sent: Sent | null): sent is Sent => sent !== null && sent.undoUntil > Date.now();

const Toast = ({ sent }: { sent: Sent }) => {
  const t = useText();
  const time = useTime();
  const problem = useRefusalWithNext();
  const navigate = useNavigate();
  const theme = useTheme();
  const { toggleNotification } = useNotification();
  const [cancel] = useMailboxesCancelMutation();
  const toast = React.useRef<HTMLDivElement>(null);
  const { submission, undoUntil } = sent;

  React.useLayoutEffect(() => {
    const node = toast.current;
    // The pressed button was unmounted with its page; without this, Undo would be a whole page of Tabs away.
    node?.focus();
    return () => {
      // A loading button is disabled and has lost the focus already.
      if (node?.contains(document.activeElement) || document.activeElement === document.body)
        document.getElementById('main-content')?.focus();
    };
  }, []);

  const onUndo = async () => {
    const answer = await cancel(submission.id);
    hideElsewhere();
    if ('error' in answer) {
      draftStore.dismiss();
      return toggleNotification({ type: 'warning', message: problem(answer.error) });
    }
    // Opens the stored draft; a draft that was never stored is restored from memory.
    if (answer.data.draft === null) draftStore.restore(sent.draft);
    else draftStore.dismiss();
    navigate(answer.data.draft === null ? COMPOSE_PATH : composeOf(answer.data.draft), { state: TAKES_FOCUS });
    toggleNotification({ type: 'info', message: t('undo.done') });
  };

  const bar = {
    text: submission.sendAt ? t('compose.scheduled', { time: time(submission.sendAt) }) : t('undo.text'),
    undo: t('undo'),
    close: t('close'),
    until: undoUntil,
    onUndo,
  };
  const moveElsewhere = React.useRef(() => undefined as void);
  moveElsewhere.current = () => showElsewhere(theme, bar);
  React.useEffect(() => {
    hideElsewhere();
    return () => {
      if (draftStore.get().sent === sent && isOffered(sent)) moveElsewhere.current();
    };
  }, [sent]);

  return <UndoBar ref={toast} {...bar} onClose={draftStore.dismiss} />;
};

/** Offers Undo during the undo window, on the pages of Communication and on pages opened from there. */
export const UndoToast = () => {
  const { sent } = useDrafts();
  return isOffered(sent) ? <Toast key={sent.submission.id} sent={sent} /> : null;
};
