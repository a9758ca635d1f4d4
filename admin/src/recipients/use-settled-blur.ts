import * as React from 'react';

/**
 * Returns a blur handler that is deferred until the pointer is released: a change of layout between press and release
 * would move the pressed button away, and the click would be lost.
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
    const settleOnce = () => {
      window.removeEventListener('pointerup', settleOnce, true);
      window.removeEventListener('pointercancel', settleOnce, true);
      latest.current();
    };
    window.addEventListener('pointerup', settleOnce, true);
    window.addEventListener('pointercancel', settleOnce, true);
  }, []);
};
