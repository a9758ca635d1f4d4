export type RawRecipient = string | { email: string; name: string };

const SEPARATOR = /[,;\r\n]/;
const MAILTO = /^mailto:/i;

/** Where the quoted string that begins at `start` ends (RFC 5322 §3.2.4); null: nowhere. */
const endOfQuoted = (text: string, start: number): number | null => {
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '\\') at += 1;
    else if (sign === '"') return at;
  }
  return null;
};

/** Commas, semicolons, line breaks and a closing `>` part recipients, unless a quoted name holds them. */
const itemsIn = (text: string): string[] => {
  const items: string[] = [];
  let start = 0;
  // Where one quoted string has no end, no later one has: each is looked for once.
  let closes = true;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"' && closes) {
      const end = endOfQuoted(text, at);
      closes = end !== null;
      at = end ?? at;
    } else if (sign === '>' || SEPARATOR.test(sign)) {
      if (at > start) items.push(text.slice(start, sign === '>' ? at + 1 : at));
      start = at + 1;
    }
  }
  return start < text.length ? [...items, text.slice(start)] : items;
};

const nameOf = (raw: string): string =>
  /^"(.*)"$/s.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, '$1').trim() : raw.trim();

/** Cells of a table's row: one or two before its one address, or else behind it, are the name. */
const recipientsInRow = (row: string): RawRecipient[] => {
  const cells = row
    .split('\t')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');
  const [email, ...others] = cells.filter((cell) => cell.includes('@'));
  if (email === undefined || others.length > 0 || /[\s<]/.test(email)) return cells.flatMap(recipientsInItem);
  const place = cells.indexOf(email);
  const names = place > 0 ? cells.slice(0, place) : cells.slice(1);
  return names.length === 1 || names.length === 2 ? [{ email, name: names.join(' ') }] : [email];
};

const recipientsInItem = (item: string): RawRecipient[] => {
  const text = item.trim();
  if (text.includes('\t')) return recipientsInRow(text);
  const open = text.endsWith('>') ? text.lastIndexOf('<') : -1;
  const written = text.slice(open + 1, -1);
  if (open < 0 || written.includes('>'))
    // Words without any address are one mistake, not one for each word.
    return (text.includes('@') ? text.split(/\s+/) : [text]).map((part) => part.replace(MAILTO, '')).filter(Boolean);
  const email = written.trim().replace(MAILTO, '');
  const named = nameOf(text.slice(0, open).trimEnd());
  return [named === '' ? email : { email, name: named }];
};

/**
 * What was typed or pasted into a recipients' field: addresses with commas, semicolons, spaces or line breaks between
 * them, `Name <address>` as mail programs copy it, or rows of a table. Nothing is judged.
 */
export const recipientsIn = (text: string): RawRecipient[] => itemsIn(text).flatMap(recipientsInItem);

/**
 * While somebody types: what a separator ended, and what is still being written. A separator inside of an open quoted
 * name ends nothing.
 */
export const settled = (text: string): { done: RawRecipient[]; pending: string } => {
  if (!SEPARATOR.test(text)) return { done: [], pending: text };
  let quoted = false;
  let end = 0;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (quoted && sign === '\\') index += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && SEPARATOR.test(sign)) end = index + 1;
  }
  return { done: recipientsIn(text.slice(0, end)), pending: text.slice(end).trimStart() };
};
