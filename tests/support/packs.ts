/** Texts joined into one, to be stored in one row. */
export interface Pack {
  text: string;
  parts: string[];
}

/** Values that a database or a driver may take for a number, a boolean or JSON stay alone. */
const COERCIBLE_UNITS = 6;

/** Joins texts, in their order, into as few as `fits` allows; a text that does not fit alone is left out. */
export const packs = (texts: readonly string[], fits: (text: string) => boolean): Pack[] => {
  const fitting = texts.filter(fits);
  const packed: Pack[] = fitting
    .filter((text) => text.length <= COERCIBLE_UNITS)
    .map((text) => ({ text, parts: [text] }));
  let last: Pack | null = null;
  for (const part of fitting.filter(({ length }) => length > COERCIBLE_UNITS)) {
    const text: string = last === null ? part : `${last.text} ${part}`;
    if (last !== null && fits(text)) {
      last.text = text;
      last.parts.push(part);
    } else packed.push((last = { text: part, parts: [part] }));
  }
  return packed;
};

/** The stored text is the pack; a failure names the parts that changed. */
export const expectStored = ({ text, parts }: Pack, stored: string | null | undefined): void => {
  const changed = parts.filter((part) => !(stored ?? '').includes(part));
  expect({ changed, stored }).toEqual({ changed: [], stored: text });
};
