import { Extension, type Extensions } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';
import { Direction } from './direction';
import { isLink } from './html';
import { pictureNode, type PictureOptions } from './picture';
import { Document, Signature } from './signature';

/** Keys that are always ours: of these, browsers would leave the page for some. */
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
      // Not every keyboard has brackets without a third key.
      'Alt-Shift-ArrowRight': down,
      'Alt-Shift-ArrowLeft': up,
    };
  },
});

/** `www.club.example`, `news@club.example` */
const isBareAddress = (target: string): boolean => /^(?:www\.|[^\s@/:]{1,200}@)[^\s@/]+$/i.test(target);

/**
 * What a text can hold. It is the fence for what is pasted, and holds nothing that the server would take away
 * afterwards (`message/clean-html.ts`).
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
      // What is typed is asked for before its scheme is written (`written.ts`).
      isAllowedUri: (target) => isLink(target) || isBareAddress(target),
      // Words with a dot in them are mostly no addresses of the web.
      shouldAutoLink: (target) => /^(?:https?:\/\/|mailto:)/i.test(target) || isBareAddress(target),
    },
  }),
  pictureNode(picture),
  Signature,
  Direction,
  Keys.configure({ link }),
];
