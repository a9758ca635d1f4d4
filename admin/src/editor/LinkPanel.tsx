import { Box, Button, Field, Flex, TextInput } from '@strapi/design-system';
import type { Editor } from '@tiptap/react';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { checkedLink } from './html';
import { leaveSignature } from './signature';
import { Panel } from './styles';

/** @param text inserted for a new link without a selection */
const setLink = (editor: Editor, href: string, { text, isNew }: { text: string; isNew: boolean }): void => {
  leaveSignature(editor.state, editor.view.dispatch);
  const { selection } = editor.state;
  if (selection.empty && isNew)
    editor
      .chain()
      .insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] })
      .run();
  else editor.chain().extendMarkRange('link').setLink({ href }).setTextSelection(selection.to).run();
  // Text typed after the link is not part of it.
  editor.commands.command(({ tr, state, dispatch }) => {
    if (dispatch && state.schema.marks['link']) tr.removeStoredMark(state.schema.marks['link']);
    return true;
  });
};

const TargetField = ({
  input,
  target,
  isWrong,
  onChange,
  onEnter,
}: {
  input: React.RefObject<HTMLInputElement>;
  target: string;
  isWrong: boolean;
  onChange: (target: string) => void;
  onEnter: () => void;
}) => {
  const t = useText();
  return (
    <Box flex="1 1 18rem">
      <Field.Root error={isWrong ? t('editor.link.problem') : undefined} hint={t('editor.link.hint')}>
        <Field.Label>{t('editor.link.target')}</Field.Label>
        <TextInput
          ref={input}
          size="S"
          value={target}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target: { value } }: React.ChangeEvent<HTMLInputElement>) => onChange(value)}
          onKeyDown={(event: React.KeyboardEvent) => {
            if (event.key !== 'Enter') return;
            // Otherwise Enter would submit the surrounding form.
            event.preventDefault();
            onEnter();
          }}
        />
        <Field.Hint />
        <Field.Error />
      </Field.Root>
    </Box>
  );
};

/** Adds a link to the selection, or changes or removes the link at the caret. */
export const LinkPanel = ({ editor, onClose }: { editor: Editor; onClose: () => void }) => {
  const t = useText();
  const present = React.useMemo(() => String(editor.getAttributes('link')['href'] ?? ''), [editor]);
  const [target, setTarget] = React.useState(present);
  const [isWrong, setIsWrong] = React.useState(false);
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.select(), []);

  const close = () => {
    onClose();
    editor.commands.focus();
  };
  const remove = () => {
    editor.chain().extendMarkRange('link').unsetLink().run();
    close();
  };
  const set = () => {
    if (target.trim() === '') return remove();
    const href = checkedLink(target);
    setIsWrong(href === null);
    if (href === null) return input.current?.focus();
    setLink(editor, href, { text: target.trim(), isNew: present === '' });
    close();
  };

  return (
    <Panel
      role="group"
      aria-label={t('editor.link')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <Flex gap={2} alignItems="flex-end" wrap="wrap">
        <TargetField input={input} target={target} isWrong={isWrong} onChange={setTarget} onEnter={set} />
        <Button size="S" onClick={set}>
          {t('editor.link.set')}
        </Button>
        {present !== '' && (
          <Button size="S" variant="danger-light" onClick={remove}>
            {t('editor.link.remove')}
          </Button>
        )}
        <Button size="S" variant="tertiary" onClick={close}>
          {t('editor.link.cancel')}
        </Button>
      </Flex>
    </Panel>
  );
};
