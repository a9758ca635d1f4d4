import { Extension, type Extensions } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';
import { Direction } from './direction';
import { isLink } from './html';
import { pictureNode, type PictureOptions } from './picture';
import { Document, Signature } from './signature';

/** Shortcuts of the editor; unhandled, some of them would make the browser leave the page. */
const Keys = Extension.create<{ link: () => void }>({
  name: 'keys',
  addOptions: () => ({ link: () => undefined }),
  addKeyboardShortcuts() {
    const { editor } = this;
    const down = () => {
      editor.commands.sinkListItem('listItem');
      return true;
    };
    const up = () => {
      editor.commands.liftListItem('listItem');
      return true;
    };
    return {
      'Mod-k': () => {
        this.options.link();
        return true;
      },
      'Mod-]': down,
      'Mod-[': up,
      // On many keyboards a bracket needs a third key.
      'Alt-Shift-ArrowRight': down,
      'Alt-Shift-ArrowLeft': up,
    };
  },
});

/** `www.club.example`, `news@club.example` */
const isBareAddress = (target: string): boolean => /^(?:www\.|[^\s@/:]{1,200}@)[^\s@/]+$/i.test(target);

/**
 * Extensions of the editor. Their schema limits pasted content to elements that the server keeps
 * (`message/clean-html.ts`).
 *
 * @param link opens the field for a link
 */
export const extensionsOf = ({ link, ...picture }: PictureOptions & { link: () => void }): Extensions => [
  Document,
  StarterKit.configure({
    document: false,
    code: false,
    codeBlock: false,
    heading: { levels: [2, 3] },
    trailingNode: { notAfter: ['paragraph', 'signature'] },
    link: {
      openOnClick: false,
      defaultProtocol: 'https',
      protocols: ['http', 'https', 'mailto', 'tel'],
      HTMLAttributes: { target: null, rel: null, class: null },
      // Typed targets are checked before `written.ts` adds the scheme.
      isAllowedUri: (target) => isLink(target) || isBareAddress(target),
      // Most words with a dot are no URLs.
      shouldAutoLink: (target) => /^(?:https?:\/\/|mailto:)/i.test(target) || isBareAddress(target),
    },
  }),
  pictureNode(picture),
  Signature,
  Direction,
  Keys.configure({ link }),
];
