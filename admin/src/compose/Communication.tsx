import { Page, useAuth } from '@strapi/strapi/admin';
import { Route, Routes } from 'react-router-dom';
import { DraftsPage } from '../drafts/DraftsPage';
import { permission } from '../lib/permissions';
import { Texts } from '../lib/Texts';
import { DetailPage } from '../submissions/DetailPage';
import { ListPage } from '../submissions/ListPage';
import { ComposePage } from './ComposePage';
import { draftStore } from './draft-store';
import { UndoToast } from './UndoToast';

const Pages = () => {
  const owner = String(useAuth('Communication', ({ user }) => user?.id));
  // Before anything of it is drawn.
  draftStore.enter(owner);
  return (
    <>
      <Routes>
        <Route index element={<ComposePage owner={owner} />} />
        <Route path="drafts" element={<DraftsPage />} />
        <Route path="submissions" element={<ListPage />} />
        <Route path="submissions/:id" element={<DetailPage />} />
      </Routes>
      <UndoToast />
    </>
  );
};

/** Communication, in the main menu. */
export const Communication = () => (
  <Texts>
    <Page.Protect permissions={permission('communication.send')}>
      <Pages />
    </Page.Protect>
  </Texts>
);
