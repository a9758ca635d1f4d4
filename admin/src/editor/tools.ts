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
import type { Editor } from '@tiptap/react';
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

export const MARKS: readonly Tool[] = [
  {
    label: 'editor.bold',
    keys: 'Mod-B',
    Icon: Bold,
    run: (editor) => editor.chain().focus().toggleBold().run(),
    isOn: (editor) => editor.isActive('bold'),
  },
  {
    label: 'editor.italic',
    keys: 'Mod-I',
    Icon: Italic,
    run: (editor) => editor.chain().focus().toggleItalic().run(),
    isOn: (editor) => editor.isActive('italic'),
  },
  {
    label: 'editor.underline',
    keys: 'Mod-U',
    Icon: Underline,
    run: (editor) => editor.chain().focus().toggleUnderline().run(),
    isOn: (editor) => editor.isActive('underline'),
  },
  {
    label: 'editor.strike',
    keys: 'Mod-Shift-S',
    Icon: StrikeThrough,
    run: (editor) => editor.chain().focus().toggleStrike().run(),
    isOn: (editor) => editor.isActive('strike'),
  },
];

export const BLOCKS: readonly Tool[] = [
  {
    label: 'editor.bullets',
    keys: 'Mod-Shift-8',
    Icon: BulletList,
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
    isOn: (editor) => editor.isActive('bulletList'),
  },
  {
    label: 'editor.numbers',
    keys: 'Mod-Shift-7',
    Icon: NumberList,
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
    isOn: (editor) => editor.isActive('orderedList'),
  },
  {
    label: 'editor.outdent',
    keys: 'Alt-Shift-ArrowLeft',
    Icon: IndentDecrease,
    run: (editor) => editor.chain().focus().liftListItem('listItem').run(),
    can: (editor) => editor.can().liftListItem('listItem'),
  },
  {
    label: 'editor.indent',
    keys: 'Alt-Shift-ArrowRight',
    Icon: IndentIncrease,
    run: (editor) => editor.chain().focus().sinkListItem('listItem').run(),
    can: (editor) => editor.can().sinkListItem('listItem'),
  },
  {
    label: 'editor.quote',
    keys: 'Mod-Shift-B',
    Icon: Quotes,
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
    isOn: (editor) => editor.isActive('blockquote'),
  },
];

export const HISTORY: readonly Tool[] = [
  {
    label: 'editor.undo',
    keys: 'Mod-Z',
    Icon: ArrowClockwise,
    run: (editor) => editor.chain().focus().undo().run(),
    can: (editor) => editor.can().undo(),
  },
  {
    label: 'editor.redo',
    keys: 'Mod-Shift-Z',
    Icon: ArrowClockwise,
    run: (editor) => editor.chain().focus().redo().run(),
    can: (editor) => editor.can().redo(),
  },
];
