import { createRoot } from 'react-dom/client';
import { ThemeProvider, type DefaultTheme } from 'styled-components';
import { draftStore } from './draft/store';
import { UndoBar, type UndoBarProps } from './UndoBar';

/*
 * Strapi has no slot for plugins that is present on all pages of the admin panel. Undo stays available on the pages of
 * other plugins in a React root of its own.
 */

const SIGNED_OUT = /\/auth\//;
/** Interval of the check for a sign-out. */
const CHECK_MS = 500;

let remove: (() => void) | null = null;

export const hideElsewhere = (): void => {
  remove?.();
  remove = null;
};

const close = (): void => {
  draftStore.dismiss();
  hideElsewhere();
};

export const showElsewhere = (theme: DefaultTheme, bar: Omit<UndoBarProps, 'onClose'>): void => {
  hideElsewhere();
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  const timer = window.setInterval(() => SIGNED_OUT.test(window.location.pathname) && close(), CHECK_MS);
  remove = () => {
    window.clearInterval(timer);
    // React cannot unmount a root while it renders another one.
    window.setTimeout(() => {
      root.unmount();
      host.remove();
    });
  };
  root.render(
    <ThemeProvider theme={theme}>
      <UndoBar {...bar} onClose={close} />
    </ThemeProvider>
  );
};
