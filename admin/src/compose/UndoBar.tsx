import { Button, Flex, IconButton, Typography } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import * as React from 'react';

export interface UndoBarProps {
  text: string;
  undo: string;
  close: string;
  /** Milliseconds since the epoch */
  until: number;
  onUndo: () => Promise<void>;
  /** A stable reference: a new one restarts the timer. */
  onClose: () => void;
}

/** Offers Undo at the lower edge of the window. Uses no context, because it is also drawn outside of the plugin's pages. */
export const UndoBar = React.forwardRef<HTMLDivElement, UndoBarProps>(
  ({ text, undo, close, until, onUndo, onClose }, ref) => {
    const [isRunning, setIsRunning] = React.useState(false);
    React.useEffect(() => {
      const timer = window.setTimeout(onClose, until - Date.now());
      return () => window.clearTimeout(timer);
    }, [until, onClose]);

    const run = async () => {
      setIsRunning(true);
      await onUndo();
      setIsRunning(false);
    };

    return (
      <Flex
        ref={ref}
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
          <Typography textColor="neutral800">{text}</Typography>
          <Button variant="secondary" loading={isRunning} onClick={() => void run()}>
            {undo}
          </Button>
          <IconButton variant="ghost" label={close} withTooltip={false} onClick={onClose}>
            <Cross />
          </IconButton>
        </Flex>
      </Flex>
    );
  }
);
UndoBar.displayName = 'UndoBar';
