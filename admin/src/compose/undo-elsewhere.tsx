import { createRoot } from 'react-dom/client';
import { ThemeProvider, type DefaultTheme } from 'styled-components';
import { draftStore } from './draft/store';
import { UndoBar, type UndoBarProps } from './UndoBar';

/*
 * Strapi offers plugins no place that all pages of the admin panel have. A message can still be taken back on the pages of
 * others, so what Communication showed goes on in a root of its own.
 */

const SIGNED_OUT = /\/auth\//;
const LOOK_MS = 500;

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
  const timer = window.setInterval(() => SIGNED_OUT.test(window.location.pathname) && close(), LOOK_MS);
  remove = () => {
    window.clearInterval(timer);
    // React unmounts no root while it renders another one.
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
