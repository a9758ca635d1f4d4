/** The words of an HTML text, line by line. They are taken out of a document that loads and runs nothing. */
export const textLinesOf = (html: string): string => {
  // Of blocks that end together, such as a paragraph and its list item, one line ends.
  const lines = html.replace(/<(?:br|hr)\b[^<>]*>|(?:<\/(?:p|h[1-6]|li|div|blockquote)>)+/gi, '$&\n');
  return new DOMParser().parseFromString(lines, 'text/html').body.textContent?.trim() ?? '';
};
