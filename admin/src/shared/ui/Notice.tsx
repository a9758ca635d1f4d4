import { Box, Flex, Typography } from '@strapi/design-system';
import { CheckCircle, Information, WarningCircle } from '@strapi/icons';
import * as React from 'react';

type Kind = 'danger' | 'warning' | 'info' | 'success';

// With types that a declaration can name: the icons' own cannot be.
const LOOK: Record<Kind, { color: 'danger' | 'warning' | 'primary' | 'success'; Icon: React.ElementType }> = {
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
  /** `quiet`: told when it is read, not when it appears, because something around it tells already. */
  quiet?: boolean;
  children?: React.ReactNode;
}

/**
 * A message on a page. The design system's Alert has a close button always, without a name where it cannot be closed,
 * and inside a form that button saves.
 */
export const Notice = React.forwardRef<HTMLDivElement, Props>(
  ({ kind, title, action, quiet = false, children }, ref) => {
    const { color, Icon } = LOOK[kind];
    const role = kind === 'danger' ? 'alert' : 'status';
    return (
      <Flex
        ref={ref}
        role={quiet ? undefined : role}
        // A form may go to what keeps it from being sent.
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
