import { Button } from '@strapi/design-system';
import { Pencil } from '@strapi/icons';
import { useNavigate } from 'react-router-dom';
import { useMailboxesDeleteDraftMutation } from './draft/api';
import { draftsClient } from './draft/client';
import { COMPOSE_PATH } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { isDirty } from './draft/autosave';
import { draftStore } from './draft/store';
import { autosave } from './draft/persistence';
import { leaveForm } from './leave-form';

/** Opens an empty form, after saving the present draft. */
export const WriteButton = () => {
  const t = useText();
  const navigate = useNavigate();
  const [remove] = useMailboxesDeleteDraftMutation();
  const startAnew = async () => {
    await leaveForm(draftStore, { flush: autosave.flush, get: draftsClient.get, remove });
    // A draft that could not be saved stays in the form, which shows the reason.
    if (!isDirty(draftStore.get())) draftStore.startAnew();
    navigate(COMPOSE_PATH);
  };
  return (
    <Button startIcon={<Pencil />} onClick={() => void startAnew()}>
      {t('submissions.write')}
    </Button>
  );
};
