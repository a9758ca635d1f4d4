import { DOMSerializer } from '@tiptap/pm/model';
import type { Editor } from '@tiptap/react';
import { checkedLink, isLink } from './html';
import { HELD } from './picture';

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
  return inert.body.innerHTML;
};
