import { DOMSerializer } from '@tiptap/pm/model';
import type { Editor } from '@tiptap/react';
import { checkedLink, isLink } from './html';
import { HELD } from './picture';

/** Blocks that get a direction; their content inherits it. */
const DIRECTED = 'body > :not(hr, [data-signature]), body > [data-signature] > :not(hr)';

/** Serializes the editor's document for the draft. */
export const writtenIn = ({ schema, state }: Editor): string => {
  // An inert document loads no pictures.
  const inert = document.implementation.createHTMLDocument();
  const written = DOMSerializer.fromSchema(schema).serializeFragment(state.doc.content, { document: inert });
  inert.body.appendChild(written);
  for (const picture of inert.querySelectorAll(`[${HELD}]`)) {
    picture.setAttribute('src', picture.getAttribute(HELD) ?? '');
    picture.removeAttribute(HELD);
  }
  // Links made from typed addresses have no scheme.
  for (const link of inert.querySelectorAll('a[href]')) {
    const href = link.getAttribute('href') ?? '';
    if (!isLink(href)) link.setAttribute('href', checkedLink(href) ?? '');
  }
  // Without `dir`, Hebrew and Arabic would be shown left to right.
  for (const block of inert.querySelectorAll(DIRECTED))
    if (block.textContent?.trim()) block.setAttribute('dir', 'auto');
  return inert.body.innerHTML;
};
