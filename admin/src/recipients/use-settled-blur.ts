import * as React from 'react';

/**
 * What leaving a field does, but not while the mouse is held down: a page that changes its layout between press and
 * release moves the button from under the pointer, and the click is lost.
 */
export const useSettledBlur = (settle: () => void): (() => void) => {
  const isDown = React.useRef(false);
  const latest = React.useRef(settle);
  latest.current = settle;
  React.useEffect(() => {
    const down = () => (isDown.current = true);
    const up = () => (isDown.current = false);
    window.addEventListener('pointerdown', down, true);
    window.addEventListener('pointerup', up, true);
    window.addEventListener('pointercancel', up, true);
    return () => {
      window.removeEventListener('pointerdown', down, true);
      window.removeEventListener('pointerup', up, true);
      window.removeEventListener('pointercancel', up, true);
    };
  }, []);
  return React.useCallback(() => {
    if (!isDown.current) return latest.current();
    const once = () => {
      window.removeEventListener('pointerup', once, true);
      window.removeEventListener('pointercancel', once, true);
      latest.current();
    };
    window.addEventListener('pointerup', once, true);
    window.addEventListener('pointercancel', once, true);
  }, []);
};
