import { Button, Flex } from '@strapi/design-system';
import { Calendar, Eye, PaperPlane } from '@strapi/icons';
import { useText } from '../shared/i18n/use-text';
import { DiscardButton } from './DiscardButton';
import { SaveStatus } from './draft/SaveStatus';
import { firstSuggestion } from './send-later';
import type { ComposeFormState } from './use-compose-form';

/** Buttons of the form, and whether the draft is saved. */
export const FormActions = ({ form, onPreview }: { form: ComposeFormState; onPreview: () => void }) => {
  const t = useText();
  const { draft, isBusy, change, focus } = form;
  const { later } = draft;
  return (
    <Flex gap={2} wrap="wrap">
      <Button
        type="submit"
        name="send"
        aria-keyshortcuts="Control+Enter Meta+Enter"
        loading={isBusy}
        startIcon={later ? <Calendar /> : <PaperPlane />}
      >
        {t(later ? 'later.schedule' : 'compose.send')}
      </Button>
      <Button
        variant="tertiary"
        startIcon={later ? <PaperPlane /> : <Calendar />}
        onClick={() => {
          change({ later: later ? null : firstSuggestion(Date.now()) });
          if (!later) focus.goTo('date');
        }}
      >
        {t(later ? 'later.now-instead' : 'later.open')}
      </Button>
      <Button name="preview" variant="tertiary" startIcon={<Eye />} onClick={onPreview}>
        {t('preview.open')}
      </Button>
      <DiscardButton onDiscarded={() => focus.goTo('to')} />
      <SaveStatus />
    </Flex>
  );
};
