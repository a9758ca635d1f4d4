import { Page, useAuth } from '@strapi/strapi/admin';
import { Route, Routes } from 'react-router-dom';
import { DraftsPage } from '../drafts/DraftsPage';
import { permission } from '../shared/permissions';
import { PAGE_TEXTS } from '../shared/i18n/page-texts';
import { Texts } from '../shared/i18n/Texts';
import { DetailPage } from '../outbox/detail/DetailPage';
import { ListPage } from '../outbox/list/ListPage';
import { ComposePage } from '../compose/ComposePage';
import { draftStore } from '../compose/draft/store';
import { UndoToast } from '../compose/UndoToast';

const TEXTS = {
  en: [...PAGE_TEXTS.en, () => import('../translations/communication.en.json')],
  de: [...PAGE_TEXTS.de, () => import('../translations/communication.de.json')],
};

const Pages = () => {
  const owner = String(useAuth('Communication', ({ user }) => user?.id));
  // Before the first render: clears the draft of another user.
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

/** Pages of Communication in the main menu. */
export const Communication = () => (
  <Texts sources={TEXTS}>
    <Page.Protect permissions={permission('communication.send')}>
      <Pages />
    </Page.Protect>
  </Texts>
);
