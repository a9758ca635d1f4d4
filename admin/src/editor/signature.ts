import { mergeAttributes, Node, type Editor } from '@tiptap/core';
import { DOMParser as SchemaParser, type Node as Content, type Schema } from '@tiptap/pm/model';
import { NodeSelection, Plugin, Selection, type EditorState } from '@tiptap/pm/state';
import { incoming, isBlank } from './html';
import { lineRows } from './paste';

/** The document: text, and a signature among it, but none within anything else. */
export const Document = Node.create({ name: 'doc', topNode: true, content: '(block | signature)+' });

/** The end of what stands before the signature that ends the text; null: none does, or nothing stands there. */
const endOfText = ({ doc }: EditorState): Selection | null => {
  const last = doc.lastChild;
  if (last?.type.name !== 'signature' || doc.childCount < 2) return null;
  return Selection.near(doc.resolve(doc.content.size - last.nodeSize), -1);
};

/** Who clicks into the empty space below, or types where the signature is selected, means the text. */
const writesAbove = new Plugin({
  props: {
    handleDOMEvents: {
      mousedown: (view, event) => {
        const end = endOfText(view.state);
        const bottom = view.dom.lastElementChild?.getBoundingClientRect().bottom ?? 0;
        if (end === null || event.target !== view.dom || event.clientY <= bottom) return false;
        event.preventDefault();
        view.focus();
        view.dispatch(view.state.tr.setSelection(end));
        return true;
      },
    },
    handleTextInput: (view, _from, _to, text) => {
      const { selection, tr } = view.state;
      const end = endOfText(view.state);
      if (end === null || !(selection instanceof NodeSelection) || selection.node.type.name !== 'signature')
        return false;
      view.dispatch(tr.setSelection(end).insertText(text));
      return true;
    },
  },
});

/**
 * The signature of a mailbox. It is known by whose it is, so that another one can take its place when From changes; the
 * server leaves the attribute out of what is sent. It is one piece, which can be taken away but not written in: what
 * stands in it goes with it.
 */
export const Signature = Node.create({
  name: 'signature',
  content: 'block+',
  atom: true,
  isolating: true,
  defining: true,
  addAttributes: () => ({
    of: {
      default: '',
      parseHTML: (element: HTMLElement) => element.dataset['signature'] ?? '',
      renderHTML: ({ of }: { of: string }) => ({ 'data-signature': of }),
    },
  }),
  parseHTML: () => [{ tag: 'div[data-signature]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', mergeAttributes(HTMLAttributes), 0],
  addProseMirrorPlugins: () => [writesAbove],
  addNodeView:
    () =>
    ({ HTMLAttributes }) => {
      const dom = document.createElement('div');
      dom.dataset['signature'] = String(HTMLAttributes['data-signature'] ?? '');
      dom.contentEditable = 'false';
      return { dom, contentDOM: dom };
    },
});

const read = (schema: Schema, html: string, of: string): Content | null => {
  const type = schema.nodes['signature'];
  if (type === undefined || isBlank(html)) return null;
  // A document of its own: it runs no script and loads no picture.
  const { body } = new DOMParser().parseFromString(incoming(html), 'text/html');
  lineRows(body);
  return SchemaParser.fromSchema(schema).parse(body, { topNode: type.create({ of }) });
};

const isEmptyParagraph = (node: Content | null | undefined): boolean =>
  node?.type.name === 'paragraph' && node.content.size === 0;

/** Whose signature stands in the text; null: none does. */
export const signatureIn = (editor: Editor): string | null => {
  let of: string | null = null;
  editor.state.doc.forEach((node) => {
    if (node.type.name === 'signature') of ??= String(node.attrs['of']);
  });
  return of;
};

/**
 * Puts a signature in the place of the present one, or behind an empty line at the end; null takes it away. Undo passes
 * this by, since what changed it is From.
 *
 * @param of identity id
 */
export const placeSignature = (editor: Editor, of: string, html: string | null): void => {
  const { state } = editor;
  const { paragraph } = state.schema.nodes;
  const { tr } = state;
  const next = html === null ? null : read(state.schema, html, of);
  const present: { from: number; to: number }[] = [];
  state.doc.forEach((node, from) => {
    if (node.type.name === 'signature') present.push({ from, to: from + node.nodeSize });
  });
  if (paragraph === undefined || (next === null && present.length === 0)) return;

  const [first, ...others] = present;
  for (const { from, to } of others.reverse()) tr.delete(from, to);
  if (first && next) tr.replaceWith(first.from, first.to, next);
  else if (first) {
    const before = tr.doc.resolve(first.from).nodeBefore;
    const isLast = tr.doc.lastChild?.type.name === 'signature';
    if (tr.doc.childCount === 1) tr.replaceWith(first.from, first.to, paragraph.create());
    else if (isLast && isEmptyParagraph(before) && tr.doc.childCount > 2) tr.delete(first.from - 2, first.to);
    else tr.delete(first.from, first.to);
  } else if (next) {
    const hasBlank = tr.doc.childCount > 1 && isEmptyParagraph(tr.doc.lastChild);
    tr.insert(tr.doc.content.size, hasBlank ? next : [paragraph.create(), next]);
  }
  editor.view.dispatch(tr.setMeta('addToHistory', false));
};
