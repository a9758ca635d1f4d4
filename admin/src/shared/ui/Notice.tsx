import { Box, Flex, Typography } from '@strapi/design-system';
import { CheckCircle, Information, WarningCircle } from '@strapi/icons';
import * as React from 'react';

type Kind = 'danger' | 'warning' | 'info' | 'success';

// Typed explicitly: a declaration file cannot name the types of the icons.
const STYLE: Record<Kind, { color: 'danger' | 'warning' | 'primary' | 'success'; Icon: React.ElementType }> = {
  danger: { color: 'danger', Icon: WarningCircle },
  warning: { color: 'warning', Icon: WarningCircle },
  info: { color: 'primary', Icon: Information },
  success: { color: 'success', Icon: CheckCircle },
};

interface Props {
  kind: Kind;
  title?: string;
  /** Buttons and links. */
  action?: React.ReactNode;
  /** `quiet`: not a live region, because an ancestor is one. */
  quiet?: boolean;
  children?: React.ReactNode;
}

/**
 * Message on a page. Replaces the Alert of the design system, whose close button is always present, has no name if
 * closing is disabled, and submits a surrounding form.
 */
export const Notice = React.forwardRef<HTMLDivElement, Props>(
  ({ kind, title, action, quiet = false, children }, ref) => {
    const { color, Icon } = STYLE[kind];
    const role = kind === 'danger' ? 'alert' : 'status';
    return (
      <Flex
        ref={ref}
        role={quiet ? undefined : role}
        // Focusable: a form focuses the error that prevents submitting.
        tabIndex={-1}
        alignItems="flex-start"
        gap={3}
        padding={4}
        hasRadius
        background={`${color}100`}
        borderColor={`${color}200`}
      >
        <Box shrink={0} paddingTop={1}>
          <Icon width="1.6rem" height="1.6rem" fill={`${color}700`} aria-hidden />
        </Box>
        <Flex direction="column" alignItems="stretch" gap={1} flex="1" minWidth={0}>
          {title && (
            <Typography tag="p" fontWeight="bold" textColor="neutral800">
              {title}
            </Typography>
          )}
          {children && (
            <Typography tag="div" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
              {children}
            </Typography>
          )}
          {action && (
            <Flex gap={2} wrap="wrap" paddingTop={2}>
              {action}
            </Flex>
          )}
        </Flex>
      </Flex>
    );
  }
);
Notice.displayName = 'Notice';
