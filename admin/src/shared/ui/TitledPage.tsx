import { Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';

interface Props {
  title: string;
  subtitle?: string;
  /** Link to the page above. */
  back?: React.ReactNode;
  actions?: React.ReactNode;
  busy?: boolean;
  children: React.ReactNode;
}

/** Page with its title, which is the title of the browser's tab too. */
export const TitledPage = ({ title, subtitle, back, actions, busy, children }: Props) => (
  <Page.Main aria-busy={busy}>
    <Page.Title>{title}</Page.Title>
    <Layouts.Header title={title} subtitle={subtitle} navigationAction={back} primaryAction={actions} />
    <Layouts.Content>{children}</Layouts.Content>
  </Page.Main>
);
