import { Image } from '@tiptap/extension-image';
import type { Node as Content } from '@tiptap/pm/model';

/** Source of a picture in the text: its Content-ID, as in the message. */
export const CID = /^cid:(.+)$/i;

/** Replaces `src` in HTML that the editor writes, as for the clipboard: a browser would try to load the `cid:` URL. */
export const HELD = 'data-held-src';

export interface PictureOptions {
  /** Returns the URL of a Content-ID; undefined: not loaded yet */
  urlOf: (cid: string) => string | undefined;
  /** Returns the text for a picture that cannot be shown. */
  missing: () => string;
  /** Redraw functions of the pictures on the page. */
  drawn: Set<() => void>;
}

/**
 * Node for pictures, from the media library or a stored draft. Remote pictures are never loaded, because that would reveal
 * the reader to their server.
 */
export const pictureNode = ({ urlOf, missing, drawn }: PictureOptions) =>
  Image.extend({
    parseHTML: () => [{ tag: 'img[src^="cid:" i]' }, { tag: 'img[src^="https:" i]' }],
    renderHTML: ({ node }) => ['img', { [HELD]: String(node.attrs['src']), alt: String(node.attrs['alt'] ?? '') }],
    // Markdown pictures are remote.
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
