import { Dialog } from '@strapi/design-system';
import { ConfirmDialog } from '@strapi/strapi/admin';
import * as React from 'react';
import { useBlocker } from 'react-router-dom';
import { useText, type TextKey } from '../i18n/use-text';

/**
 * Confirms leaving a page with unsaved changes: with a dialog in the panel, with the browser's own on reload or close.
 *
 * @param mayLeave evaluated on leaving, so that a page can navigate right after saving
 */
export const LeaveGuard = ({
  changed,
  mayLeave,
  text = 'leave.text',
}: {
  changed: boolean;
  mayLeave: () => boolean;
  text?: TextKey;
}) => {
  const t = useText();
  const focused = React.useRef<Element | null>(null);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    focused.current = document.activeElement;
    return changed && !mayLeave() && currentLocation.pathname !== nextLocation.pathname;
  });

  // A closed dialog returns the focus to its trigger; this one has none.
  const asked = React.useRef(false);
  React.useEffect(() => {
    if (asked.current && blocker.state === 'unblocked' && focused.current instanceof HTMLElement)
      focused.current.focus();
    asked.current = blocker.state === 'blocked';
  }, [blocker.state]);

  React.useEffect(() => {
    if (!changed) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);

  if (blocker.state !== 'blocked') return null;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && blocker.reset()}>
      <ConfirmDialog
        title={t('leave.title')}
        onConfirm={(event) => {
          // Otherwise the dialog closes too, which resets the navigation.
          event?.preventDefault();
          blocker.proceed();
        }}
      >
        {t(text)}
      </ConfirmDialog>
    </Dialog.Root>
  );
};
