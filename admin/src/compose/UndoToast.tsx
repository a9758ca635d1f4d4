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
import { useProblemText } from './use-sayings';
import { useMailboxesCancelMutation } from '../shared/api/mailbox-user';

const isOffered = (sent: Sent | null): sent is Sent => sent !== null && sent.undoUntil > Date.now();

const Toast = ({ sent }: { sent: Sent }) => {
  const t = useText();
  const time = useTime();
  const problem = useProblemText();
  const navigate = useNavigate();
  const theme = useTheme();
  const { toggleNotification } = useNotification();
  const [cancel] = useMailboxesCancelMutation();
  const toast = React.useRef<HTMLDivElement>(null);
  const { submission, undoUntil } = sent;

  React.useLayoutEffect(() => {
    const node = toast.current;
    // The button that was pressed is gone with its page: Undo is one Tab away instead of a whole page.
    node?.focus();
    return () => {
      // A button that waits is switched off, and has lost the focus already.
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
    // As it is stored; where it was sent without ever being stored, as it was typed.
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
  const leave = React.useRef(() => undefined as void);
  leave.current = () => showElsewhere(theme, bar);
  React.useEffect(() => {
    hideElsewhere();
    return () => {
      if (draftStore.get().sent === sent && isOffered(sent)) leave.current();
    };
  }, [sent]);

  return <UndoBar ref={toast} {...bar} onClose={draftStore.dismiss} />;
};

/** For as long as a message can be taken back: on every page of Communication, and on those that one goes to from there. */
export const UndoToast = () => {
  const { sent } = useDrafts();
  return isOffered(sent) ? <Toast key={sent.submission.id} sent={sent} /> : null;
};
