import { Button, Flex, IconButton, Typography } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import { COMPOSE_PATH, composeOf } from '../lib/paths';
import { useText } from '../lib/use-text';
import { useTime } from '../lib/use-time';
import { useMailboxesCancelMutation } from '../submissions/api';
import { draftStore, useDrafts, type Sent } from './draft-store';
import { TAKES_FOCUS } from './use-focus-on-arrival';
import { useProblemText } from './use-sayings';

const Toast = ({ sent }: { sent: Sent }) => {
  const t = useText();
  const time = useTime();
  const problem = useProblemText();
  const navigate = useNavigate();
  const { toggleNotification } = useNotification();
  const [cancel, canceling] = useMailboxesCancelMutation();
  const toast = React.useRef<HTMLDivElement>(null);
  const { submission, undoUntil } = sent;

  React.useEffect(() => {
    const timer = window.setTimeout(draftStore.dismiss, undoUntil - Date.now());
    return () => window.clearTimeout(timer);
  }, [undoUntil]);
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

  const undo = async () => {
    const answer = await cancel(submission.id);
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

  return (
    <Flex
      ref={toast}
      tabIndex={-1}
      role="status"
      position="fixed"
      bottom={6}
      left={4}
      right={4}
      justifyContent="center"
      zIndex="overlay"
      style={{ pointerEvents: 'none', outline: 'none' }}
    >
      <Flex
        gap={4}
        padding={4}
        hasRadius
        background="neutral0"
        borderColor="neutral200"
        shadow="popupShadow"
        style={{ pointerEvents: 'auto' }}
      >
        <Typography textColor="neutral800">
          {submission.sendAt ? t('compose.scheduled', { time: time(submission.sendAt) }) : t('undo.text')}
        </Typography>
        <Button variant="secondary" loading={canceling.isLoading} onClick={() => void undo()}>
          {t('undo')}
        </Button>
        <IconButton variant="ghost" label={t('close')} withTooltip={false} onClick={draftStore.dismiss}>
          <Cross />
        </IconButton>
      </Flex>
    </Flex>
  );
};

/** For as long as a message can be taken back, on every page of Communication. */
export const UndoToast = () => {
  const { sent } = useDrafts();
  return sent && sent.undoUntil > Date.now() ? <Toast key={sent.submission.id} sent={sent} /> : null;
};
