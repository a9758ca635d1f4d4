import { Box, Flex, Typography } from '@strapi/design-system';
import { CheckCircle, Information, WarningCircle } from '@strapi/icons';
import * as React from 'react';

const LOOK = {
  danger: { color: 'danger', Icon: WarningCircle },
  warning: { color: 'warning', Icon: WarningCircle },
  info: { color: 'primary', Icon: Information },
  success: { color: 'success', Icon: CheckCircle },
} as const;

/**
 * A message on a page. The design system's Alert has a close button always, without a name where it cannot be closed,
 * and inside a form that button saves.
 */
export const Notice = ({
  kind,
  title,
  action,
  children,
}: {
  kind: keyof typeof LOOK;
  title: string;
  action?: React.ReactNode;
  children?: React.ReactNode;
}) => {
  const { color, Icon } = LOOK[kind];
  return (
    <Flex
      role={kind === 'danger' ? 'alert' : 'status'}
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
      <Flex direction="column" alignItems="flex-start" gap={1} flex="1" minWidth={0}>
        <Typography tag="p" fontWeight="bold" textColor="neutral800">
          {title}
        </Typography>
        {children && (
          <Typography tag="div" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
            {children}
          </Typography>
        )}
        {action && <Box paddingTop={2}>{action}</Box>}
      </Flex>
    </Flex>
  );
};
