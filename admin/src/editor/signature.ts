import { mergeAttributes, Node, type Editor } from '@tiptap/core';
import { DOMParser as SchemaParser, type Node as Content, type ResolvedPos, type Schema } from '@tiptap/pm/model';
import { NodeSelection, Plugin, Selection, TextSelection, type EditorState, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { incoming, isBlank } from './html';
import { lineRows } from './paste-lines';

/** Document node: signatures are allowed at the top level only. */
export const Document = Node.create({ name: 'doc', topNode: true, content: '(block | signature)+' });

const isSignature = (node: Content | null | undefined): boolean => node?.type.name === 'signature';

const isEmptyParagraph = (node: Content | null | undefined): boolean =>
  node?.type.name === 'paragraph' && node.content.size === 0;

/** Returns the position of the signature that contains a position; null: none */
const signatureAround = ($pos: ResolvedPos): number | null => (isSignature($pos.node(1)) ? $pos.before(1) : null);

/** Returns the position of a signature at the end of the document; null: none */
const lastSignature = ({ doc }: EditorState): number | null =>
  isSignature(doc.lastChild) ? doc.content.size - (doc.lastChild?.nodeSize ?? 0) : null;

/**
 * Moves the caret to the end of the text above a signature.
 *
 * @param at position of the signature
 */
const caretAbove = (tr: Transaction, at: number): Transaction => {
  const above = tr.doc.cut(0, at);
  // No text yet: the first line, not the empty one that separates text and signature.
  if (above.content.content.length > 0 && above.content.content.every(isEmptyParagraph))
    return tr.setSelection(TextSelection.create(tr.doc, 1));
  const before = above.lastChild;
  const end = before && !isSignature(before) ? Selection.near(tr.doc.resolve(at), -1) : null;
  if (end instanceof TextSelection) return tr.setSelection(end);
  // Typed text would replace a rule or a picture there: insert a paragraph.
  const { paragraph } = tr.doc.type.schema.nodes;
  if (paragraph === undefined) return tr;
  return tr.insert(at, paragraph.create()).setSelection(TextSelection.create(tr.doc, at + 1));
};

/** Returns the position of a selected signature; null: none is selected */
const selectedSignature = ({ selection }: EditorState): number | null =>
  selection instanceof NodeSelection && isSignature(selection.node) ? selection.from : null;

/** Moves the caret out of a selected signature, so that the next insertion does not replace it. */
export const leaveSignature = (state: EditorState, dispatch: (tr: Transaction) => void): boolean => {
  const at = selectedSignature(state);
  if (at !== null) dispatch(caretAbove(state.tr, at));
  return at !== null;
};

/** Excludes a signature from a selection that ends within it; null: the selection does not. */
const selectOutside = ({ selection, doc, tr }: EditorState): Transaction | null => {
  if (!(selection instanceof TextSelection)) return null;
  const { $anchor, $head } = selection;
  const [from, to] = [signatureAround($anchor), signatureAround($head)];
  if (from === null && to === null) return null;
  if (from === to || (from !== null && to !== null)) return caretAbove(tr, Math.min(from ?? 0, to ?? 0));
  const at = from ?? to ?? 0;
  const [inside, other] = from === null ? [$head, $anchor] : [$anchor, $head];
  const isBelow = other.pos < inside.pos;
  const near = Selection.near(doc.resolve(isBelow ? at : at + (doc.nodeAt(at)?.nodeSize ?? 0)), isBelow ? -1 : 1);
  const edge = isBelow ? near.$to : near.$from;
  return tr.setSelection(from === null ? TextSelection.between(other, edge) : TextSelection.between(edge, other));
};

/** Returns the position of a pressed signature, or of the last one for a press on the empty space below it. */
const pressedSignature = (view: EditorView, { target, clientY }: MouseEvent): number | null => {
  if (!(target instanceof Element)) return null;
  const element = target.closest('[data-signature]');
  if (element !== null && view.dom.contains(element))
    return signatureAround(view.state.doc.resolve(view.posAtDOM(element, 0)));
  const bottom = view.dom.lastElementChild?.getBoundingClientRect().bottom ?? 0;
  return target === view.dom && clientY > bottom ? lastSignature(view.state) : null;
};

/** Redirects the caret, typing, pasting and drops from a signature to the text above it. */
const writesAbove = new Plugin({
  appendTransaction: (_transactions, _before, state) => selectOutside(state),
  props: {
    handleDOMEvents: {
      mousedown: (view, event) => {
        const at = view.editable && event.button === 0 ? pressedSignature(view, event) : null;
        if (at === null) return false;
        event.preventDefault();
        view.dispatch(caretAbove(view.state.tr, at));
        view.focus();
        return true;
      },
      // IME composition starts without a text input event.
      compositionstart: (view) => {
        leaveSignature(view.state, view.dispatch);
        return false;
      },
    },
    handleTextInput: (view, _from, _to, text) => {
      if (!leaveSignature(view.state, view.dispatch)) return false;
      view.dispatch(view.state.tr.insertText(text));
      return true;
    },
    handlePaste: (view) => {
      leaveSignature(view.state, view.dispatch);
      return false;
    },
    handleDrop: (view, event, slice, moved) => {
      const dropped = view.posAtCoords({ left: event.clientX, top: event.clientY });
      const at = dropped && signatureAround(view.state.doc.resolve(dropped.pos));
      if (at === null || slice.size === 0) return false;
      event.preventDefault();
      const { tr } = view.state;
      if (moved) tr.deleteSelection();
      view.dispatch(caretAbove(tr, tr.mapping.map(at)).replaceSelection(slice).setMeta('uiEvent', 'drop'));
      return true;
    },
  },
});

/** Ctrl+End: browsers do not move the caret past a signature that is not editable. */
const endOfText =
  (extend: boolean) =>
  ({ editor }: { editor: Editor }): boolean => {
    const { state, view } = editor;
    const at = lastSignature(state);
    if (at === null) return false;
    const { tr } = state;
    const { $anchor } = state.selection;
    caretAbove(tr, at);
    if (extend) tr.setSelection(TextSelection.between(tr.doc.resolve(tr.mapping.map($anchor.pos)), tr.selection.$head));
    view.dispatch(tr.scrollIntoView());
    // The browser may have moved the caret without a transaction of the editor.
    view.focus();
    return true;
  };

/**
 * Node for the signature of a mailbox: one atom, which can be removed but not edited. Its attribute is the identity's id,
 * so that a change of From replaces the signature; the server removes the attribute from sent HTML.
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
  addKeyboardShortcuts: () => ({
    'Mod-End': endOfText(false),
    'Shift-Mod-End': endOfText(true),
    // macOS
    'Meta-ArrowDown': endOfText(false),
    'Shift-Meta-ArrowDown': endOfText(true),
  }),
  addNodeView:
    () =>
    ({ HTMLAttributes }) => {
      const dom = document.createElement('div');
      dom.dataset['signature'] = String(HTMLAttributes['data-signature'] ?? '');
      dom.contentEditable = 'false';
      return { dom, contentDOM: dom };
    },
});

const parseSignature = (schema: Schema, html: string, of: string): Content | null => {
  const type = schema.nodes['signature'];
  if (type === undefined || isBlank(html)) return null;
  // A document of its own: it runs no script and loads no picture.
  const { body } = new DOMParser().parseFromString(incoming(html), 'text/html');
  lineRows(body);
  return SchemaParser.fromSchema(schema).parse(body, { topNode: type.create({ of }) });
};

/** Returns the identity id of the signature in the text; null: none */
export const signatureIn = (editor: Editor): string | null => {
  let of: string | null = null;
  editor.state.doc.forEach((node) => {
    if (node.type.name === 'signature') of ??= String(node.attrs['of']);
  });
  return of;
};

/**
 * Replaces the signature, or appends it after an empty line. Not part of the editor's undo history, because a change of
 * From caused it.
 *
 * @param of identity id
 * @param html null: removes the signature
 */
export const placeSignature = (editor: Editor, of: string, html: string | null): void => {
  const { state } = editor;
  const { paragraph } = state.schema.nodes;
  const { tr } = state;
  const next = html === null ? null : parseSignature(state.schema, html, of);
  /** Positions of signatures. */
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
