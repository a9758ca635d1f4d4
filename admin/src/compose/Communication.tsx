import { Page } from '@strapi/strapi/admin';
import { Route, Routes } from 'react-router-dom';
import { permission } from '../lib/permissions';
import { Texts } from '../lib/Texts';
import { DetailPage } from '../submissions/DetailPage';
import { ListPage } from '../submissions/ListPage';
import { ComposePage } from './ComposePage';

/** Communication, in the main menu. */
export const Communication = () => (
  <Texts>
    <Page.Protect permissions={permission('communication.send')}>
      <Routes>
        <Route index element={<ComposePage />} />
        <Route path="submissions" element={<ListPage />} />
        <Route path="submissions/:id" element={<DetailPage />} />
      </Routes>
    </Page.Protect>
  </Texts>
);
