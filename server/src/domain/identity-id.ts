import type { IdentityId } from './identity';

export const IDENTITY_ID = /^(?:system|own|mailbox:[\x21-\x7e]{1,255})$/;

export const isIdentityId = (text: string): text is IdentityId => IDENTITY_ID.test(text);
