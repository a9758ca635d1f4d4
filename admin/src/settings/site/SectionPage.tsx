import { Flex } from '@strapi/design-system';
import * as React from 'react';
import { TitledPage } from '../../shared/ui/TitledPage';
import { SectionNav } from './SectionNav';

interface Props {
  title: string;
  subtitle: string;
  actions?: React.ReactNode;
  children: React.ReactNode;
}

/** Page of one section of Settings → Mailboxes, with the links to the others. */
export const SectionPage = ({ title, subtitle, actions, children }: Props) => (
  <TitledPage title={title} subtitle={subtitle} actions={actions}>
    <SectionNav />
    <Flex direction="column" alignItems="stretch" gap={6} paddingBottom={8}>
      {children}
    </Flex>
  </TitledPage>
);
