import { Page } from '@strapi/strapi/admin';
import { Route, Routes } from 'react-router-dom';
import { permission } from '../lib/permissions';
import { Texts } from '../lib/Texts';
import { RulesPage } from '../tenants/RulesPage';
import { EditPage } from './EditPage';
import { ListPage } from './ListPage';

/** `tenants.manage` includes `mailboxes.read`. */
const READERS = [...permission('mailboxes.read'), ...permission('tenants.manage')];

/** Settings → Mailboxes. */
export const Settings = () => (
  <Texts>
    <Page.Protect permissions={READERS}>
      <Routes>
        <Route index element={<ListPage />} />
        <Route path="new" element={<EditPage />} />
        <Route path="rules/*" element={<RulesPage />} />
        <Route path=":id" element={<EditPage />} />
      </Routes>
    </Page.Protect>
  </Texts>
);
