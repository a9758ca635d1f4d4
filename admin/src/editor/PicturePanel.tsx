import { Field, TextInput } from '@strapi/design-system';
import type { Editor } from '@tiptap/react';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { Panel } from './styles';

/** Edits the alternative text of the selected picture. */
export const PicturePanel = ({ editor, position }: { editor: Editor; position: number }) => {
  const t = useText();
  const [alt, setAlt] = React.useState(() => String(editor.state.doc.nodeAt(position)?.attrs['alt'] ?? ''));
  return (
    <Panel role="group" aria-label={t('editor.picture')}>
      <Field.Root hint={t('editor.picture.hint')}>
        <Field.Label>{t('editor.picture.alt')}</Field.Label>
        <TextInput
          size="S"
          value={alt}
          onChange={({ target: { value } }: React.ChangeEvent<HTMLInputElement>) => {
            setAlt(value);
            // Other commands would lose the selection, and thereby unmount this field.
            if (editor.state.doc.nodeAt(position)?.type.name === 'image')
              editor.view.dispatch(editor.state.tr.setNodeAttribute(position, 'alt', value));
          }}
          onKeyDown={(event: React.KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== 'Escape') return;
            event.preventDefault();
            editor.commands.focus();
          }}
        />
        <Field.Hint />
      </Field.Root>
    </Panel>
  );
};
