import { Extension } from '@tiptap/core';
import type { Node as Content } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';

const drawn = new WeakMap<Content, DecorationSet>();

const decorationsOf = (doc: Content): DecorationSet => {
  const known = drawn.get(doc);
  if (known) return known;
  const blocks: Decoration[] = [];
  const add = (node: Content, from: number) =>
    blocks.push(Decoration.node(from, from + node.nodeSize, { dir: 'auto' }));
  doc.forEach((node, from) => {
    if (node.type.name === 'signature') node.forEach((inner, offset) => add(inner, from + 1 + offset));
    else add(node, from);
  });
  const set = DecorationSet.create(doc, blocks);
  drawn.set(doc, set);
  return set;
};

/** Sets `dir="auto"` on each block, as in the sent HTML (`written.ts`). */
export const Direction = Extension.create({
  name: 'direction',
  addProseMirrorPlugins: () => [new Plugin({ props: { decorations: ({ doc }) => decorationsOf(doc) } })],
});
