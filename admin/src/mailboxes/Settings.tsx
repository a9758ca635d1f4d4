import { Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { AccessPage } from '../access/AccessPage';
import { EventsPage } from '../events/EventsPage';
import { WebhookPage } from '../events/WebhookPage';
import { GuardPage } from '../guard/GuardPage';
import { permission } from '../lib/permissions';
import { Texts } from '../lib/Texts';
import { RulesPage } from '../tenants/RulesPage';
import { EditPage } from './EditPage';
import { ListPage } from './ListPage';
import { useSections } from './SectionNav';

/** `tenants.manage` includes `mailboxes.read`. */
const READERS = [...permission('mailboxes.read'), ...permission('tenants.manage')];

const Readers = ({ children }: { children: React.ReactNode }) => (
  <Page.Protect permissions={READERS}>{children}</Page.Protect>
);

/** The list, or for somebody who may only look after the guard that. */
const First = () => {
  const may = useSections();
  if (may.loading) return <Page.Loading />;
  if (!may.mailboxes && may.guard) return <Navigate to="guard" replace />;
  return (
    <Readers>
      <ListPage />
    </Readers>
  );
};

const of = (page: React.ReactNode) => <Readers>{page}</Readers>;

/** Settings → Mailboxes. The pages that have permissions of their own ask for them. */
export const Settings = () => (
  <Texts>
    <Routes>
      <Route index element={<First />} />
      <Route path="access" element={<AccessPage />} />
      <Route path="events" element={<EventsPage />} />
      <Route path="events/new" element={<WebhookPage />} />
      <Route path="events/:webhook" element={<WebhookPage />} />
      <Route path="guard" element={<GuardPage />} />
      <Route path="new" element={of(<EditPage />)} />
      <Route path="rules/*" element={of(<RulesPage />)} />
      <Route path=":id" element={of(<EditPage />)} />
    </Routes>
  </Texts>
);
