/** Returns the text of HTML, line by line. DOMParser neither loads resources nor runs scripts. */
export const textLinesOf = (html: string): string => {
  // Blocks that end together, such as a paragraph and its list item, end one line.
  const lines = html.replace(/<(?:br|hr)\b[^<>]*>|(?:<\/(?:p|h[1-6]|li|div|blockquote)>)+/gi, '$&\n');
  return new DOMParser().parseFromString(lines, 'text/html').body.textContent?.trim() ?? '';
};
