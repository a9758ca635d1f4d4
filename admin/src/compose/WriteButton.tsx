import { Button } from '@strapi/design-system';
import { Pencil } from '@strapi/icons';
import { useNavigate } from 'react-router-dom';
import { useMailboxesDeleteDraftMutation } from './draft/api';
import { draftsClient } from './draft/client';
import { COMPOSE_PATH } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { isSafe } from './draft/autosave';
import { draftStore } from './draft/store';
import { autosave } from './draft/persistence';
import { leaveForm } from './leave-form';

/** To an empty message; what is in the form is among the drafts then. */
export const WriteButton = () => {
  const t = useText();
  const navigate = useNavigate();
  const [remove] = useMailboxesDeleteDraftMutation();
  const startAnew = async () => {
    await leaveForm(draftStore, { flush: autosave.flush, get: draftsClient.get, remove });
    // What could not be stored stays in the form, which says why.
    if (isSafe(draftStore.get())) draftStore.startAnew();
    navigate(COMPOSE_PATH);
  };
  return (
    <Button startIcon={<Pencil />} onClick={() => void startAnew()}>
      {t('submissions.write')}
    </Button>
  );
};
