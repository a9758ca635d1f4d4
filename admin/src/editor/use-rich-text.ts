import { useEditor, type Editor } from '@tiptap/react';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { editorOptionsOf, type LatestProps, type LeftOut } from './editor-options';
import { createHandOver } from './hand-over';
import { incoming, isBlank, outgoing } from './html';
import type { RichTextProps } from './props';
import { placeSignature, signatureIn } from './signature';
import { writtenIn } from './written';

export type { LeftOut } from './editor-options';

const schedule = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Identity whose signature was inserted or removed last. A removed signature is not inserted again until From changes. */
type Placed = { of: string | null } | 'nothing-yet' | 'as-it-is';

const placedIn = (editor: Editor, html: string): Placed => {
  const of = signatureIn(editor);
  if (of !== null) return { of };
  return isBlank(html) ? 'nothing-yet' : 'as-it-is';
};

/** Hands changes of the editor over to the draft, debounced; `flush` does so at once, on blur, unmount and `pagehide`. */
const useHandOver = (html: string, onChange: (html: string) => void) => {
  const latest = React.useRef(onChange);
  latest.current = onChange;
  /** HTML that was handed over last. Other HTML in the draft comes from elsewhere. */
  const handedOver = React.useRef(html);
  /** Editor with changes that were not handed over. */
  const changed = React.useRef<Editor | null>(null);
  const [actions] = React.useState(() => {
    const flush = () => {
      timers.cancel();
      const editor = changed.current;
      if (editor === null) return;
      changed.current = null;
      const written = outgoing(writtenIn(editor));
      if (written === handedOver.current) return;
      handedOver.current = written;
      latest.current(written);
    };
    const timers = createHandOver(flush, schedule);
    return {
      flush,
      typed: (editor: Editor) => {
        changed.current = editor;
        timers.typed();
      },
      /** Discards changes, for a draft that replaces the text. */
      reset: (next: string) => {
        timers.cancel();
        changed.current = null;
        handedOver.current = next;
      },
      isHandedOver: (other: string) => other === handedOver.current,
    };
  });
  return actions;
};

type HandOver = ReturnType<typeof useHandOver>;

const useFlushOnLeave = ({ flush }: HandOver): void =>
  React.useEffect(() => {
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

/** Loads another draft into the editor, and inserts or replaces the signature. */
const useContent = (editor: Editor | null, props: RichTextProps, { flush, reset, isHandedOver }: HandOver): void => {
  const { html, signature, signatureOf } = props;
  const placed = React.useRef<Placed>('nothing-yet');
  const isLoaded = React.useRef(false);
  React.useEffect(() => {
    if (!editor) return;
    if (!isLoaded.current) placed.current = placedIn(editor, html);
    isLoaded.current = true;
    if (isHandedOver(html)) return;
    reset(html);
    editor.commands.setContent(incoming(html), { emitUpdate: false });
    placed.current = placedIn(editor, html);
  }, [editor, html, reset, isHandedOver]);

  React.useEffect(() => {
    if (!editor || signature === undefined) return;
    const present = signatureIn(editor);
    const before = placed.current;
    placed.current = { of: signatureOf };
    if (present !== null && signature !== null && present === (signatureOf ?? '')) return;
    // The author removed it, or opened a text without one.
    if (present === null && (before === 'as-it-is' || (before !== 'nothing-yet' && before.of === signatureOf))) return;
    placeSignature(editor, signatureOf ?? '', signature?.html ?? null);
    flush();
  }, [editor, signature, signatureOf, html, flush]);
};

/** Creates the editor and keeps it and the draft in step. */
export const useRichText = (
  props: RichTextProps,
  options: {
    attributes: Record<string, string>;
    openLink: () => void;
    /** Called for every paste and drop. */
    onLeftOut: (what: LeftOut) => void;
  }
): Editor | null => {
  const t = useText();
  const { images, disabled = false } = props;
  const { attributes } = options;
  const latest = React.useRef<LatestProps>({ ...options, images, t });
  latest.current = { ...options, images, t };
  const handOver = useHandOver(props.html, props.onChange);
  const [drawn] = React.useState(() => new Set<() => void>());
  const [editorOptions] = React.useState(() => ({
    ...editorOptionsOf(props.html, () => latest.current, drawn),
    onUpdate: ({ editor: updated }: { editor: Editor }) => handOver.typed(updated),
    onBlur: handOver.flush,
  }));
  const editor = useEditor(editorOptions);

  useFlushOnLeave(handOver);
  useContent(editor, props, handOver);
  React.useEffect(() => {
    drawn.forEach((draw) => draw());
  }, [drawn, images]);
  React.useEffect(() => {
    editor?.setEditable(!disabled, false);
  }, [editor, disabled]);
  React.useEffect(() => {
    // Makes the editor read `attributes` again.
    if (editor && !editor.isDestroyed) editor.view.setProps({});
  }, [editor, attributes]);
  return editor;
};
