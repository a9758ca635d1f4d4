import { customAlphabet } from 'nanoid';

/** Creates an id of 24 random lower-case letters and digits (124 bits), like Strapi's document ids. */
export const newId: () => string = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 24);
