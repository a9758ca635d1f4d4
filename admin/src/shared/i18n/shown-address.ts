/* RFC 3492 §5: parameters of Punycode for domain names. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE_POINT = 128;

const digitOf = (sign: string): number => {
  const digit = parseInt(sign, BASE);
  // Letters come before digits in Punycode, after them in JavaScript.
  return digit < 10 ? digit + 26 : digit - 10;
};

const adapted = (delta: number, length: number, isFirst: boolean): number => {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > Math.floor(((BASE - T_MIN) * T_MAX) / 2); k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
};

/** Decodes the part after `xn--`. Throws on invalid input: `fromCodePoint` rejects NaN. */
const decoded = (text: string): string => {
  const hyphen = text.lastIndexOf('-');
  const output = [...text.slice(0, Math.max(hyphen, 0))].map((sign) => sign.codePointAt(0) ?? 0);
  const signs = [...text.slice(hyphen + 1)];
  let [codePoint, index, bias] = [FIRST_CODE_POINT, 0, FIRST_BIAS];
  while (signs.length > 0) {
    const before = index;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = digitOf(signs.shift() ?? '');
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (!(digit >= threshold)) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapted(index - before, length, before === 0);
    codePoint += Math.floor(index / length);
    index %= length;
    output.splice(index, 0, codePoint);
    index += 1;
  }
  return String.fromCodePoint(...output);
};

const labelOf = (label: string): string => {
  if (!label.startsWith('xn--')) return label;
  try {
    const shown = decoded(label.slice('xn--'.length));
    // A label that encodes differently would show another domain.
    return new URL(`http://${shown}.example`).hostname === `${label}.example` ? shown : label;
  } catch {
    return label;
  }
};

/** Returns an address with a readable domain: `info@bücher.example` for `info@xn--bcher-kva.example`. */
export const shownAddress = (email: string): string => {
  const at = email.lastIndexOf('@') + 1;
  return at === 0 ? email : `${email.slice(0, at)}${email.slice(at).split('.').map(labelOf).join('.')}`;
};

/** Returns `Name <address>`, or the address without a name. */
export const written = ({ name, email }: { name?: string | null; email: string }): string =>
  name ? `${name} <${shownAddress(email)}>` : shownAddress(email);
