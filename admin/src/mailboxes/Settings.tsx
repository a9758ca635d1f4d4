import { Page } from '@strapi/strapi/admin';
import { Route, Routes } from 'react-router-dom';
import { permission } from '../lib/permissions';
import { EditPage } from './EditPage';
import { ListPage } from './ListPage';

/** Settings → Mailboxes. */
export const Settings = () => (
  <Page.Protect permissions={permission('mailboxes.read')}>
    <Routes>
      <Route index element={<ListPage />} />
      <Route path="new" element={<EditPage />} />
      <Route path=":id" element={<EditPage />} />
    </Routes>
  </Page.Protect>
);
