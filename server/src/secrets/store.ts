import { setImmediate as turn } from 'node:timers/promises';
import type { Queries } from '../database/dialect';
import { CONTENT_TABLES, TABLES } from '../database/tables';
import type { KeyRing, Place } from './key-ring';

/** The only secret of a mailbox so far. */
const PASSWORD = 'smtp.password';

export type StoredSecret = { state: 'ok'; plaintext: string } | { state: 'missing' } | { state: 'unreadable' };

interface Row {
  mailbox: string;
  field: string;
  value: string;
}

/** A mailbox by documentId. */
export interface MailboxRef {
  id: string;
  email: string;
}

const placeOf = (mailbox: string, field: string): Place => ({ table: TABLES.secrets, row: mailbox, field });

const BATCH = 100;

/** Reads every stored secret, in batches. */
async function* everySecret(queries: Queries, batchSize: number): AsyncGenerator<Row> {
  for (let last: Row | undefined; ;) {
    const { mailbox = '', field = '' } = last ?? {};
    const rows: Row[] = await queries(TABLES.secrets)
      .where('mailbox', '>', mailbox)
      .orWhere((where) => {
        where.where({ mailbox }).andWhere('field', '>', field);
      })
      .orderBy(['mailbox', 'field'])
      .limit(batchSize)
      .select('mailbox', 'field', 'value');
    yield* rows;
    last = rows.at(-1);
    if (rows.length < batchSize) return;
  }
}

const mailboxesWithSecrets = async (queries: Queries, ids: ReadonlySet<string>): Promise<MailboxRef[]> => {
  if (ids.size === 0) return [];
  const rows: MailboxRef[] = await queries(`${CONTENT_TABLES.mailboxes} as m`)
    .innerJoin(`${TABLES.secrets} as s`, 's.mailbox', 'm.document_id')
    .orderBy('m.document_id')
    .distinct({ id: 'm.document_id', email: 'm.email' });
  return rows.filter(({ id }) => ids.has(id)).map(({ id, email }) => ({ id, email }));
};

/** Stores the passwords of mailboxes. Only `credentialsFor` reads them (security 1 and 2). */
export const createSecretStore = (keyRing: KeyRing) => ({
  /** Whether there is a key that seals. Without one, no mailbox with a password can be saved. */
  canWrite: (): boolean => keyRing.writes !== null,

  /** @param now milliseconds since the epoch */
  put: async (queries: Queries, mailbox: string, password: string, now: number): Promise<void> => {
    const value = keyRing.seal(password, placeOf(mailbox, PASSWORD));
    if (value === null || keyRing.writes === null) throw new Error('[mailboxes] no key to seal with');
    await queries(TABLES.secrets)
      .insert({ mailbox, field: PASSWORD, value, key_id: keyRing.writes, set_at: now })
      .onConflict(['mailbox', 'field'])
      .merge();
  },

  forget: async (queries: Queries, mailbox: string): Promise<void> => {
    await queries(TABLES.secrets).where({ mailbox }).delete();
  },

  open: async (queries: Queries, mailbox: string): Promise<StoredSecret> => {
    const [row]: Row[] = await queries(TABLES.secrets)
      .where({ mailbox, field: PASSWORD })
      .select('mailbox', 'field', 'value');
    if (!row) return { state: 'missing' };
    const opened = keyRing.open(row.value, placeOf(mailbox, PASSWORD));
    return opened.ok ? { state: 'ok', plaintext: opened.plaintext } : { state: 'unreadable' };
  },

  /** Lists the mailboxes with a secret that no key of the ring opens. */
  unreadable: async (queries: Queries): Promise<MailboxRef[]> => {
    const found = new Set<string>();
    const rows: Row[] = await queries(TABLES.secrets).select('mailbox', 'field', 'value');
    for (const [index, { mailbox, field, value }] of rows.entries()) {
      if (index % BATCH === BATCH - 1) await turn();
      if (!keyRing.open(value, placeOf(mailbox, field)).ok) found.add(mailbox);
    }
    return mailboxesWithSecrets(queries, found);
  },

  /**
   * Re-encrypts secrets of other keys with the key that seals. Safe on a running site: a password that changes meanwhile
   * is skipped.
   *
   * @returns number of rewritten secrets, and of those that no key of the ring opens
   */
  rotate: async (queries: Queries, batchSize = BATCH): Promise<{ rotated: number; unreadable: number }> => {
    if (keyRing.writes === null) throw new Error('[mailboxes] no key to seal with');
    let rotated = 0;
    let unreadable = 0;
    for await (const { mailbox, field, value } of everySecret(queries, batchSize)) {
      const place = placeOf(mailbox, field);
      const opened = keyRing.open(value, place);
      if (!opened.ok) unreadable += 1;
      else if (keyRing.needsRotation(value, place))
        rotated += await queries(TABLES.secrets)
          .where({ mailbox, field, value })
          .update({ value: keyRing.seal(opened.plaintext, place), key_id: keyRing.writes });
    }
    return { rotated, unreadable };
  },
});

export type SecretStore = ReturnType<typeof createSecretStore>;
