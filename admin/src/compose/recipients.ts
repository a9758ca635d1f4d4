export type RawRecipient = string | { email: string; name: string };

/** Commas, semicolons and line breaks part recipients, unless a quoted name holds them: RFC 5322 §3.2.4. */
const ITEMS = /(?:"(?:[^"\\]|\\.)*"|[^,;\r\n"]|")+/g;
const WITH_NAME = /^(.*?)\s*<([^<>]*)>$/s;

const nameOf = (raw: string): string =>
  /^"(.*)"$/s.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, '$1').trim() : raw.trim();

/**
 * What was typed or pasted into a recipients' field: addresses with commas, semicolons, spaces or line breaks between
 * them, or `Name <address>` as mail programs copy it. Nothing is judged: the server says which are wrong.
 */
export const recipientsIn = (text: string): RawRecipient[] =>
  (text.match(ITEMS) ?? []).flatMap((item): RawRecipient[] => {
    const [, name, email] = WITH_NAME.exec(item.trim()) ?? [];
    if (email === undefined) return item.split(/\s+/).filter(Boolean);
    const written = nameOf(name ?? '');
    return [written === '' ? email.trim() : { email: email.trim(), name: written }];
  });
