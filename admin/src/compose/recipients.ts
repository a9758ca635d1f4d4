/** What was typed or pasted into a recipients' field, one address each; the server says which are wrong. */
export const addressesIn = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((address) => address.trim())
    .filter(Boolean);
