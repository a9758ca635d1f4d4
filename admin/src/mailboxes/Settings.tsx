import { Page } from '@strapi/strapi/admin';
import { Route, Routes } from 'react-router-dom';
import { permission } from '../lib/permissions';
import { Texts } from '../lib/Texts';
import { EditPage } from './EditPage';
import { ListPage } from './ListPage';

/** Settings → Mailboxes. */
export const Settings = () => (
  <Texts>
    <Page.Protect permissions={permission('mailboxes.read')}>
      <Routes>
        <Route index element={<ListPage />} />
        <Route path="new" element={<EditPage />} />
        <Route path=":id" element={<EditPage />} />
      </Routes>
    </Page.Protect>
  </Texts>
);
