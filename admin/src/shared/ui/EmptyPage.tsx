import { Box, EmptyStateLayout } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';

interface Props {
  title: string;
  text: string;
  /** A way back, or on. */
  action?: React.ReactNode;
  children?: React.ReactNode;
}

/** A page that has nothing to show, says why, and does not leave anybody there. */
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
