import { Box, EmptyStateLayout } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import * as React from 'react';
import { TitledPage } from './TitledPage';

interface Props {
  title: string;
  text: string;
  /** Link or button that leads further. */
  action?: React.ReactNode;
  children?: React.ReactNode;
}

/** Page without content: the reason and the next step. */
export const EmptyPage = ({ title, text, action, children }: Props) => (
  <TitledPage title={title}>
    {children && <Box paddingBottom={4}>{children}</Box>}
    <EmptyStateLayout icon={<Mail width="6rem" height="6rem" />} content={text} action={action as React.JSX.Element} />
  </TitledPage>
);
