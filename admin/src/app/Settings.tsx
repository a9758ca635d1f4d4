import { Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { AccessPage } from '../settings/access/AccessPage';
import { EventsPage } from '../settings/events/EventsPage';
import { WebhookPage } from '../settings/events/WebhookPage';
import { GuardPage } from '../settings/guard/GuardPage';
import { permission } from '../shared/permissions';
import { PAGE_TEXTS } from '../shared/i18n/page-texts';
import { Texts } from '../shared/i18n/Texts';
import { RulesPage } from '../settings/rules/RulesPage';
import { EditPage } from '../settings/mailboxes/EditPage';
import { ListPage } from '../settings/mailboxes/ListPage';
import { useSections } from '../settings/site/SectionNav';

const TEXTS = {
  en: [...PAGE_TEXTS.en, () => import('../translations/settings.en.json')],
  de: [...PAGE_TEXTS.de, () => import('../translations/settings.de.json')],
};

/** `tenants.manage` includes `mailboxes.read`. */
const READERS = [...permission('mailboxes.read'), ...permission('tenants.manage')];

const Readers = ({ children }: { children: React.ReactNode }) => (
  <Page.Protect permissions={READERS}>{children}</Page.Protect>
);

/** List of mailboxes; a user with permission for the guard only is redirected to its page. */
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

/** Settings → Mailboxes. Pages outside of `Readers` check their own permissions. */
export const Settings = () => (
  <Texts sources={TEXTS}>
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
