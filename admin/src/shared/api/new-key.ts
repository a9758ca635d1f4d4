/** Returns a random key. `crypto.randomUUID` needs HTTPS, which not every admin panel has. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
