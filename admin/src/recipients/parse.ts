export type RawRecipient = string | { email: string; name: string };

/** Commas, semicolons, line breaks and a closing `>` part recipients, unless a quoted name holds them: RFC 5322 §3.2.4. */
const ITEMS = /(?:"(?:[^"\\]|\\.)*"|[^,;\r\n">]|")+>?/g;
const WITH_NAME = /^(.*?)\s*<([^<>]*)>$/s;
const MAILTO = /^mailto:/i;

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
  const [, name, written] = WITH_NAME.exec(text) ?? [];
  if (written === undefined)
    // Words without any address are one mistake, not one for each word.
    return (text.includes('@') ? text.split(/\s+/) : [text]).map((part) => part.replace(MAILTO, '')).filter(Boolean);
  const email = written.trim().replace(MAILTO, '');
  const named = nameOf(name ?? '');
  return [named === '' ? email : { email, name: named }];
};

/**
 * What was typed or pasted into a recipients' field: addresses with commas, semicolons, spaces or line breaks between
 * them, `Name <address>` as mail programs copy it, or rows of a table. Nothing is judged.
 */
export const recipientsIn = (text: string): RawRecipient[] => (text.match(ITEMS) ?? []).flatMap(recipientsInItem);

const SEPARATOR = /[,;\r\n]/;

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
