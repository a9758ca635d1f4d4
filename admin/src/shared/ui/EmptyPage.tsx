import { Box, EmptyStateLayout } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';

interface Props {
  title: string;
  text: string;
  /** Link or button that leads further. */
  action?: React.ReactNode;
  children?: React.ReactNode;
}

/** Page without content: the reason and the next step. */
export const EmptyPage = ({ title, text, action, children }: Props) => (
  <Page.Main>
    <Page.Title>{title}</Page.Title>
    <Layouts.Header title={title} />
    <Layouts.Content>
      {children && <Box paddingBottom={4}>{children}</Box>}
      <EmptyStateLayout
        icon={<Mail width="6rem" height="6rem" />}
        content={text}
        action={action as React.JSX.Element}
      />
    </Layouts.Content>
  </Page.Main>
);
