/** `crypto.randomUUID` exists on secure pages only, and not every admin panel is one. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
