import type { ResolvedPos } from '@tiptap/pm/model';
import { useEditor, type Editor } from '@tiptap/react';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { createHandOver } from './hand-over';
import { incoming, isBlank, outgoing } from './html';
import { cleanPaste } from './paste';
import { sliceOfText } from './paste-text';
import type { RichTextProps } from './props';
import { extensionsOf } from './schema';
import { placeSignature, signatureIn } from './signature';
import { writtenIn } from './written';

const schedule = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** What of the clipboard, or of what was dropped, is not in the text. */
export type LeftOut = 'nothing' | 'pictures' | 'files';

const filesIn = (transfer: DataTransfer | null): LeftOut => {
  const files = [...(transfer?.files ?? [])];
  if (files.length === 0) return 'nothing';
  return files.every(({ type }) => type.startsWith('image/')) ? 'pictures' : 'files';
};

/** Whose signature was put in or left out last: somebody who took it away does not get it again until From changes. */
type Placed = { of: string | null } | 'nothing-yet' | 'as-it-is';

const placedIn = (editor: Editor, html: string): Placed => {
  const of = signatureIn(editor);
  if (of !== null) return { of };
  return isBlank(html) ? 'nothing-yet' : 'as-it-is';
};

/**
 * The editor, and how it goes with the page's draft: what is written is handed over at once or in a moment, and never
 * lost with the page.
 */
export const useRichText = (
  props: RichTextProps,
  {
    attributes,
    openLink,
    onLeftOut,
  }: {
    attributes: Record<string, string>;
    openLink: () => void;
    /** Called for everything that is pasted or dropped. */
    onLeftOut: (what: LeftOut) => void;
  }
): Editor | null => {
  const t = useText();
  const latest = React.useRef({ ...props, t, attributes, openLink, onLeftOut });
  latest.current = { ...props, t, attributes, openLink, onLeftOut };
  /** What the page has of us. Anything else in its draft comes from elsewhere. */
  const handedOver = React.useRef(props.html);
  const unsaved = React.useRef<Editor | null>(null);
  const placed = React.useRef<Placed>('nothing-yet');
  const [drawn] = React.useState(() => new Set<() => void>());

  const [{ flush, handOver }] = React.useState(() => {
    const give = () => {
      waiting.cancel();
      const editor = unsaved.current;
      if (editor === null) return;
      unsaved.current = null;
      const html = outgoing(writtenIn(editor));
      if (html === handedOver.current) return;
      handedOver.current = html;
      latest.current.onChange(html);
    };
    const waiting = createHandOver(give, schedule);
    return { flush: give, handOver: waiting };
  });

  const [options] = React.useState(() => {
    const isOwn = (cid: string) => latest.current.images.has(cid);
    return {
      extensions: extensionsOf({
        urlOf: (cid) => latest.current.images.get(cid),
        missing: () => latest.current.t('editor.picture.missing'),
        drawn,
        link: () => latest.current.openLink(),
      }),
      content: incoming(props.html),
      shouldRerenderOnTransaction: false,
      // Of links, what is pasted is read by `paste.ts` and `plain-text.ts`: the editor's rule knows a list of domains.
      enablePasteRules: ['bold', 'italic', 'strike'],
      editorProps: {
        attributes: () => latest.current.attributes,
        transformPastedHTML: (html: string) => {
          const { html: clean, pictures } = cleanPaste(html, isOwn);
          latest.current.onLeftOut(pictures > 0 ? 'pictures' : 'nothing');
          return incoming(clean);
        },
        clipboardTextParser: (text: string, $context: ResolvedPos) => {
          latest.current.onLeftOut('nothing');
          return sliceOfText(text, $context);
        },
        handlePaste: (_view: unknown, { clipboardData }: ClipboardEvent) => {
          const files = filesIn(clipboardData);
          // A program that copies text as a picture, too, means the text.
          const isText = clipboardData?.types.some((type) => type === 'text/html' || type === 'text/plain') ?? false;
          if (files === 'nothing' || isText) return false;
          latest.current.onLeftOut(files);
          return true;
        },
        // Browsers leave the page for a file that is dropped on it.
        handleDrop: (_view: unknown, event: DragEvent) => {
          const files = filesIn(event.dataTransfer);
          if (files === 'nothing') return false;
          event.preventDefault();
          latest.current.onLeftOut(files);
          return true;
        },
        handleDOMEvents: {
          // Tab leaves the editor, lists too (WCAG 2.1.2): Alt+Shift and an arrow key moves their items.
          keydown: (_view: unknown, event: KeyboardEvent) => event.key === 'Tab',
        },
      },
      onUpdate: ({ editor }: { editor: Editor }) => {
        unsaved.current = editor;
        handOver.typed();
      },
      onBlur: flush,
    };
  });
  const editor = useEditor(options);

  React.useEffect(() => {
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

  const { html, signature, signatureOf, images, disabled = false } = props;
  const loaded = React.useRef(false);
  React.useEffect(() => {
    if (!editor) return;
    if (!loaded.current) placed.current = placedIn(editor, html);
    loaded.current = true;
    if (html === handedOver.current) return;
    // Another text than ours: a draft that was opened, or a message that was brought back.
    handOver.cancel();
    unsaved.current = null;
    handedOver.current = html;
    editor.commands.setContent(incoming(html), { emitUpdate: false });
    placed.current = placedIn(editor, html);
  }, [editor, html, handOver]);

  React.useEffect(() => {
    if (!editor || signature === undefined) return;
    const present = signatureIn(editor);
    const before = placed.current;
    placed.current = { of: signatureOf };
    if (present !== null && signature !== null && present === (signatureOf ?? '')) return;
    // Somebody took it away, or opened a text that had none.
    if (present === null && (before === 'as-it-is' || (before !== 'nothing-yet' && before.of === signatureOf))) return;
    placeSignature(editor, signatureOf ?? '', signature?.html ?? null);
    flush();
  }, [editor, signature, signatureOf, html, flush]);

  React.useEffect(() => {
    drawn.forEach((draw) => draw());
  }, [drawn, images]);
  React.useEffect(() => {
    editor?.setEditable(!disabled, false);
  }, [editor, disabled]);
  React.useEffect(() => {
    // What describes the editor has changed; its attributes are read when it draws itself.
    if (editor && !editor.isDestroyed) editor.view.setProps({});
  }, [editor, attributes]);
  return editor;
};
