import { Box, Field, Typography } from '@strapi/design-system';
import { EditorContent, useEditorState } from '@tiptap/react';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { LinkPanel } from './LinkPanel';
import { PicturePanel } from './PicturePanel';
import type { RichTextProps } from './props';
import { leaveSignature } from './signature';
import { Frame, Text } from './styles';
import { Toolbar } from './Toolbar';
import { useRichText, type LeftOut } from './use-rich-text';

/** ARIA attributes of the editable element. A stable reference while nothing changes. */
const useTextboxAttributes = (id: string, { error, hint, disabled = false }: RichTextProps): Record<string, string> => {
  const described = error ? `${id}-error` : hint && `${id}-hint`;
  return React.useMemo(
    () => ({
      id,
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-labelledby': `${id}-label`,
      'data-field': 'text',
      ...(described ? { 'aria-describedby': described } : {}),
      ...(error ? { 'aria-invalid': 'true' } : {}),
      ...(disabled ? { 'aria-disabled': 'true' } : {}),
    }),
    [id, described, error, disabled]
  );
};

/** Editor for the text of a message, limited to formatting that mail programs support. */
export const RichText = (props: RichTextProps) => {
  const { label, error, hint, disabled = false, images, onPickImage } = props;
  const t = useText();
  const id = React.useId();
  const [linkIsOpen, setLinkIsOpen] = React.useState(false);
  const [leftOut, setLeftOut] = React.useState<LeftOut>('nothing');
  const attributes = useTextboxAttributes(id, props);
  const editor = useRichText(
    { ...props, images },
    {
      attributes,
      openLink: () => setLinkIsOpen(true),
      onLeftOut: setLeftOut,
    }
  );
  const picture = useEditorState({
    editor,
    selector: ({ editor: now }) => (now?.isActive('image') ? now.state.selection.from : null),
  });
  if (!editor) return null;

  const pickImage = async () => {
    const chosen = await onPickImage();
    if (chosen === null || editor.isDestroyed) return;
    setLeftOut('nothing');
    leaveSignature(editor.state, editor.view.dispatch);
    editor
      .chain()
      .focus()
      .setImage({ src: `cid:${chosen.cid}`, alt: chosen.alt })
      .run();
  };

  return (
    <Field.Root id={id} error={error} hint={hint}>
      <Field.Label id={`${id}-label`} onClick={() => editor.commands.focus()}>
        {label}
      </Field.Label>
      <Frame $hasError={Boolean(error)} $disabled={disabled}>
        <Toolbar
          editor={editor}
          label={t('editor.toolbar', { label })}
          controls={id}
          disabled={disabled}
          onLink={() => setLinkIsOpen(true)}
          onPicture={() => void pickImage()}
        />
        {linkIsOpen && !disabled && <LinkPanel editor={editor} onClose={() => setLinkIsOpen(false)} />}
        {picture !== null && !disabled && <PicturePanel key={picture} editor={editor} position={picture} />}
        <Text $signature={t('editor.signature')}>
          <EditorContent editor={editor} />
        </Text>
      </Frame>
      <Box role="status">
        {leftOut !== 'nothing' && (
          <Typography variant="pi" textColor="warning700">
            {t(leftOut === 'pictures' ? 'editor.pictures-elsewhere' : 'attachments.dropped')}
          </Typography>
        )}
      </Box>
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};
export default RichText;
