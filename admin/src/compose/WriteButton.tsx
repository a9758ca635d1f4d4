import { Button } from '@strapi/design-system';
import { Pencil } from '@strapi/icons';
import { useNavigate } from 'react-router-dom';
import { COMPOSE_PATH } from '../lib/paths';
import { useText } from '../lib/use-text';
import { isSafe } from './autosave';
import { draftStore } from './draft-store';
import { autosave } from './keeping';

/** To an empty message; what is in the form is among the drafts then. */
export const WriteButton = () => {
  const t = useText();
  const navigate = useNavigate();
  const startAnew = async () => {
    await autosave.flush();
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
