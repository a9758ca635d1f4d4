import {
  ArrowClockwise,
  Bold,
  BulletList,
  IndentDecrease,
  IndentIncrease,
  Italic,
  NumberList,
  Quotes,
  StrikeThrough,
  Underline,
} from '@strapi/icons';
import type { ChainedCommands, Editor } from '@tiptap/react';
import type * as React from 'react';
import type { TextKey } from '../shared/i18n/use-text';

export interface Tool {
  label: TextKey;
  /** Shortcut in TipTap's notation: `Mod-Shift-8`. */
  keys: string;
  Icon: React.ElementType;
  run: (editor: Editor) => void;
  /** Undefined: not a toggle */
  isOn?: (editor: Editor) => boolean;
  can?: (editor: Editor) => boolean;
}

type Change = (chain: ChainedCommands) => ChainedCommands;

export const MARKS: readonly Tool[] = [
  toggle('editor.bold', 'Mod-B', Bold, 'bold', (chain) => chain.toggleBold()),
  toggle('editor.italic', 'Mod-I', Italic, 'italic', (chain) => chain.toggleItalic()),
  toggle('editor.underline', 'Mod-U', Underline, 'underline', (chain) => chain.toggleUnderline()),
  toggle('editor.strike', 'Mod-Shift-S', StrikeThrough, 'strike', (chain) => chain.toggleStrike()),
];

export const BLOCKS: readonly Tool[] = [
  toggle('editor.bullets', 'Mod-Shift-8', BulletList, 'bulletList', (chain) => chain.toggleBulletList()),
  toggle('editor.numbers', 'Mod-Shift-7', NumberList, 'orderedList', (chain) => chain.toggleOrderedList()),
  step('editor.outdent', 'Alt-Shift-ArrowLeft', IndentDecrease, (chain) => chain.liftListItem('listItem')),
  step('editor.indent', 'Alt-Shift-ArrowRight', IndentIncrease, (chain) => chain.sinkListItem('listItem')),
  toggle('editor.quote', 'Mod-Shift-B', Quotes, 'blockquote', (chain) => chain.toggleBlockquote()),
];

export const HISTORY: readonly Tool[] = [
  step('editor.undo', 'Mod-Z', ArrowClockwise, (chain) => chain.undo()),
  step('editor.redo', 'Mod-Shift-Z', ArrowClockwise, (chain) => chain.redo()),
];

/** Tool that switches a mark or a kind of block on and off. */
function toggle(label: TextKey, keys: string, Icon: React.ElementType, name: string, change: Change): Tool {
  const run = (editor: Editor) => change(editor.chain().focus()).run();
  return { label, keys, Icon, run, isOn: (editor) => editor.isActive(name) };
}

/** Tool that is disabled where it changes nothing. */
function step(label: TextKey, keys: string, Icon: React.ElementType, change: Change): Tool {
  const run = (editor: Editor) => change(editor.chain().focus()).run();
  return { label, keys, Icon, run, can: (editor) => change(editor.can().chain()).run() };
}
