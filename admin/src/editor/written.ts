import { DOMSerializer } from '@tiptap/pm/model';
import type { Editor } from '@tiptap/react';
import { checkedLink, isLink } from './html';
import { HELD } from './picture';

/** The blocks that each have a direction of their own: what is in them has the same. */
const DIRECTED = 'body > :not(hr, [data-signature]), body > [data-signature] > :not(hr)';

/** The editor's HTML, as it is handed over. */
export const writtenIn = ({ schema, state }: Editor): string => {
  // A document of its own: it loads nothing.
  const inert = document.implementation.createHTMLDocument();
  const written = DOMSerializer.fromSchema(schema).serializeFragment(state.doc.content, { document: inert });
  inert.body.appendChild(written);
  for (const picture of inert.querySelectorAll(`[${HELD}]`)) {
    picture.setAttribute('src', picture.getAttribute(HELD) ?? '');
    picture.removeAttribute(HELD);
  }
  // An address that became a link while it was typed.
  for (const link of inert.querySelectorAll('a[href]')) {
    const href = link.getAttribute('href') ?? '';
    if (!isLink(href)) link.setAttribute('href', checkedLink(href) ?? '');
  }
  // By its first letter, or Hebrew and Arabic would be read from the left.
  for (const block of inert.querySelectorAll(DIRECTED))
    if (block.textContent?.trim()) block.setAttribute('dir', 'auto');
  return inert.body.innerHTML;
};
