/* Encrypts secrets with AES-256-GCM (security 1). The keys are in the configuration, never in the database. */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

/** Location of a sealed value, which is bound to it: moved to another row, it cannot be opened. */
export interface Place {
  table: string;
  row: string | number;
  field: string;
}

export type Opened =
  | { ok: true; plaintext: string }
  /** `unknown-key`: no key of this id in the ring. `tampered`: wrong key, other place, or changed bytes, which GCM cannot distinguish. */
  | { ok: false; reason: 'unknown-key' | 'malformed' | 'tampered' };

export interface KeyRing {
  /** Id of the key that seals; null: the ring is empty. */
  writes: string | null;
  seal(plaintext: string, place: Place): string | null;
  open(sealed: string, place: Place): Opened;
  /** Id of the key of a sealed value, in the ring or not; null: no sealed value. */
  keyIdOf(sealed: string): string | null;
  /** Whether it can be opened at this place, but with another key than the one that seals now. */
  needsRotation(sealed: string, place: Place): boolean;
}

/** Id of the keys derived from Strapi's current and former encryption keys. */
export const STRAPI_KEY_ID = 'strapi';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2.2: random 96-bit IVs; safe for 2^32 values per key; there is one value per saved password. */
const IV_BYTES = 12;
/** Without this length, Node accepts tags of 4 bytes, which 2^32 tries can forge. */
const TAG_BYTES = 16;

/** RFC 5869. Both name the plugin, so that other code derives other bytes from Strapi's key. */
const HKDF_SALT = 'strapi-plugin-mailboxes';
const HKDF_INFO = 'strapi-plugin-mailboxes/secrets/v1';

const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** Refuses non-canonical encodings, which would allow an undetected change of the stored text. */
const decodeCanonical = (text: string, encoding: 'base64' | 'base64url'): Buffer | null => {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? bytes : null;
};

/** A JSON array, so that different places and key ids never give the same bytes. */
const associatedData = ({ table, row, field }: Place, keyId: string): Buffer =>
  Buffer.from(JSON.stringify([table, String(row), field, keyId]), 'utf8');

interface Parts {
  keyId: string;
  iv: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
}

const partsOf = (sealed: string): Parts | null => {
  const [version, keyId = '', ...encoded] = sealed.split('.');
  if (version !== VERSION || !KEY_ID.test(keyId) || encoded.length !== 3) return null;
  const [iv, ciphertext, tag] = encoded.map((part) => decodeCanonical(part, 'base64url'));
  if (!iv || !ciphertext || !tag || iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return null;
  return { keyId, iv, ciphertext, tag };
};

/** Reads `secrets.keys`. Errors name the entry and the problem, never its content. */
const readConfigured = (entries: readonly string[]): Map<string, [KeyObject]> => {
  const keys = new Map<string, [KeyObject]>();
  entries.forEach((entry, index) => {
    const refuse = (why: string): never => {
      throw new Error(`secrets.keys[${index}] ${why}`);
    };
    if (typeof entry !== 'string') return refuse('is not a text.');
    const colon = entry.indexOf(':');
    const keyId = entry.slice(0, Math.max(colon, 0));
    if (colon < 0 || !KEY_ID.test(keyId)) {
      return refuse('is not of the form keyId:base64; a key id has 1 to 32 characters of A-Z a-z 0-9 _ -.');
    }
    if (keyId === STRAPI_KEY_ID) return refuse(`uses the key id "${STRAPI_KEY_ID}", which is reserved.`);
    if (keys.has(keyId)) return refuse('uses a key id that an earlier entry has.');
    const bytes = decodeCanonical(entry.slice(colon + 1), 'base64');
    if (bytes?.length !== KEY_BYTES) return refuse(`does not hold ${KEY_BYTES} bytes as base64 after the colon.`);
    keys.set(keyId, [createSecretKey(bytes)]);
  });
  return keys;
};

const deriveFrom = (strapiKey: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', Buffer.from(strapiKey, 'utf8'), HKDF_SALT, HKDF_INFO, KEY_BYTES)));

/** @returns null for a wrong key, another place, or changed bytes, which GCM cannot distinguish */
const decrypt = (key: KeyObject, { keyId, iv, ciphertext, tag }: Parts, place: Place): string | null => {
  try {
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(place, keyId));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
};

export interface KeyRingOptions {
  /** `secrets.keys`: 'keyId:base64 of 32 bytes'. The first one seals, all of them open. */
  configured?: readonly string[];
  /** `admin.secrets.encryptionKey`. The derived key opens, and seals without `configured`. */
  strapiKey?: string | null;
  /** `secrets.formerStrapiKeys`: former values of `admin.secrets.encryptionKey`, which open only. */
  formerStrapiKeys?: readonly string[];
}

/**
 * Creates the keys that seal and open secrets. Keys with the same id are tried in order.
 *
 * @throws Error naming the entry of `secrets.keys` that is wrong, without printing it
 */
export const createKeyRing = ({
  configured = [],
  strapiKey = null,
  formerStrapiKeys = [],
}: KeyRingOptions = {}): KeyRing => {
  const keys: Map<string, readonly KeyObject[]> = readConfigured(configured);
  const writes = [...keys.keys()][0] ?? (strapiKey ? STRAPI_KEY_ID : null);
  // The first key of an id seals.
  keys.set(STRAPI_KEY_ID, [...(strapiKey ? [strapiKey] : []), ...formerStrapiKeys].map(deriveFrom));

  const keysOf = (keyId: string): readonly KeyObject[] => keys.get(keyId) ?? [];

  /** `seals`: whether the value was opened with the key that seals now. */
  const openedBy = (parts: Parts, place: Place): { plaintext: string; seals: boolean } | null => {
    for (const [index, key] of keysOf(parts.keyId).entries()) {
      const plaintext = decrypt(key, parts, place);
      if (plaintext !== null) return { plaintext, seals: parts.keyId === writes && index === 0 };
    }
    return null;
  };

  const keyIdOf = (sealed: string): string | null => partsOf(sealed)?.keyId ?? null;

  return {
    writes,
    keyIdOf,

    seal(plaintext, place) {
      const [key] = writes === null ? [] : keysOf(writes);
      if (writes === null || !key) return null;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(associatedData(place, writes));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      const encoded = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
      return [VERSION, writes, ...encoded].join('.');
    },

    open(sealed, place) {
      const parts = partsOf(sealed);
      if (!parts) return { ok: false, reason: 'malformed' };
      if (keysOf(parts.keyId).length === 0) return { ok: false, reason: 'unknown-key' };
      const opened = openedBy(parts, place);
      return opened ? { ok: true, plaintext: opened.plaintext } : { ok: false, reason: 'tampered' };
    },

    needsRotation(sealed, place) {
      const parts = partsOf(sealed);
      return parts !== null && writes !== null && openedBy(parts, place)?.seals === false;
    },
  };
};
