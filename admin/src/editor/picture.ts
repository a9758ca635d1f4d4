import { Image } from '@tiptap/extension-image';
import type { Node as Content } from '@tiptap/pm/model';

/** In the text a picture is named by its Content-ID, as in the message that it will be part of. */
export const CID = /^cid:(.+)$/i;

/**
 * Holds a picture's source where the editor writes elements by itself, as for the clipboard and when it ends: a browser
 * would look for `src`, and a `cid:` is nothing that it could load.
 */
export const HELD = 'data-held-src';

export interface PictureOptions {
  /** Where to show a Content-ID from; undefined: it is not known yet. */
  urlOf: (cid: string) => string | undefined;
  /** Said of a picture that cannot be shown here. */
  missing: () => string;
  /** The pictures that are on the page; each draws itself anew. */
  drawn: Set<() => void>;
}

/**
 * Pictures of the text. New ones come from the media library; those of a stored draft are as the server keeps them. One
 * that lies elsewhere tells its server who reads it, so it is never loaded here.
 */
export const pictureNode = ({ urlOf, missing, drawn }: PictureOptions) =>
  Image.extend({
    parseHTML: () => [{ tag: 'img[src^="cid:" i]' }, { tag: 'img[src^="https:" i]' }],
    renderHTML: ({ node }) => ['img', { [HELD]: String(node.attrs['src']), alt: String(node.attrs['alt'] ?? '') }],
    // Markdown names a picture by an address.
    addInputRules: () => [],
    addNodeView: () => (view) => {
      const dom = document.createElement('span');
      let node: Content = view.node;
      const draw = () => {
        const cid = CID.exec(String(node.attrs['src']))?.[1];
        const url = cid === undefined ? undefined : urlOf(cid);
        const alt = String(node.attrs['alt'] ?? '');
        dom.className = url === undefined ? 'picture missing' : 'picture';
        if (url === undefined) return dom.replaceChildren(alt || missing());
        const picture = document.createElement('img');
        picture.src = url;
        picture.alt = alt;
        picture.draggable = false;
        dom.replaceChildren(picture);
      };
      draw();
      drawn.add(draw);
      return {
        dom,
        update: (next) => {
          if (next.type !== node.type) return false;
          node = next;
          draw();
          return true;
        },
        ignoreMutation: () => true,
        destroy: () => drawn.delete(draw),
      };
    },
  }).configure({ inline: true });
