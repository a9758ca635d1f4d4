import type { ResolvedPos } from '@tiptap/pm/model';
import type { Text } from '../shared/i18n/use-text';
import { incoming } from './html';
import { cleanPaste } from './paste';
import { sliceOfText } from './paste-text';
import type { RichTextProps } from './props';
import { extensionsOf } from './schema';

/** Content of a paste or drop that was not inserted. */
export type LeftOut = 'nothing' | 'pictures' | 'files';

/** Current properties, read when an event occurs: the editor is created once. */
export interface LatestProps extends Pick<RichTextProps, 'images'> {
  t: Text;
  attributes: Record<string, string>;
  openLink: () => void;
  /** Called for every paste and drop. */
  onLeftOut: (what: LeftOut) => void;
}

const filesIn = (transfer: DataTransfer | null): LeftOut => {
  const files = [...(transfer?.files ?? [])];
  if (files.length === 0) return 'nothing';
  return files.every(({ type }) => type.startsWith('image/')) ? 'pictures' : 'files';
};

const hasText = (transfer: DataTransfer | null): boolean =>
  transfer?.types.some((type) => type === 'text/html' || type === 'text/plain') ?? false;

/** Handlers of paste, drop and keys. */
const editorProps = (latest: () => LatestProps) => ({
  attributes: () => latest().attributes,
  transformPastedHTML: (html: string) => {
    const { html: clean, pictures } = cleanPaste(html, (cid) => latest().images.has(cid));
    latest().onLeftOut(pictures > 0 ? 'pictures' : 'nothing');
    return incoming(clean);
  },
  clipboardTextParser: (text: string, $context: ResolvedPos) => {
    latest().onLeftOut('nothing');
    return sliceOfText(text, $context);
  },
  handlePaste: (_view: unknown, { clipboardData }: ClipboardEvent) => {
    const files = filesIn(clipboardData);
    // Office apps put an image beside the text on the clipboard: prefer the text.
    if (files === 'nothing' || hasText(clipboardData)) return false;
    latest().onLeftOut(files);
    return true;
  },
  // Unhandled, browsers would leave the page and open the file.
  handleDrop: (_view: unknown, event: DragEvent) => {
    const files = filesIn(event.dataTransfer);
    if (files === 'nothing') return false;
    event.preventDefault();
    latest().onLeftOut(files);
    return true;
  },
  handleDOMEvents: {
    // Tab leaves the editor, in lists too (WCAG 2.1.2); Alt+Shift with an arrow key indents items.
    keydown: (_view: unknown, event: KeyboardEvent) => event.key === 'Tab',
  },
});

/**
 * Options of TipTap's editor.
 *
 * @param drawn redraw functions of the pictures on the page
 */
export const editorOptionsOf = (html: string, latest: () => LatestProps, drawn: Set<() => void>) => ({
  extensions: extensionsOf({
    urlOf: (cid) => latest().images.get(cid),
    missing: () => latest().t('editor.picture.missing'),
    drawn,
    link: () => latest().openLink(),
  }),
  content: incoming(html),
  shouldRerenderOnTransaction: false,
  // Not for links: `paste.ts` and `plain-text.ts` recognize them, while TipTap's rule has a list of domains.
  enablePasteRules: ['bold', 'italic', 'strike'],
  editorProps: editorProps(latest),
});
