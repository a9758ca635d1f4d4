import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import type { KeyRing, Place } from './key-ring';

/** The one secret a mailbox has so far. */
const PASSWORD = 'smtp.password';

export type StoredSecret = { state: 'ok'; plaintext: string } | { state: 'missing' } | { state: 'unreadable' };

interface Row {
  mailbox: string;
  field: string;
  value: string;
}

const placeOf = (mailbox: string, field: string): Place => ({ table: TABLES.secrets, row: mailbox, field });

/** Passwords of mailboxes: they go in and never come out, but to the transport (security 1 and 2). */
export const createSecretStore = (keyRing: KeyRing) => ({
  /** Is there a key to write with? Without one no mailbox with a password can be saved. */
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

  /**
   * Re-encrypts, with the key that writes, what older keys wrote. Safe to run while the site works: a password that
   * changes in between is left alone.
   *
   * @returns how many were rewritten, how many could not be read with any key of the ring
   */
  rotate: async (queries: Queries, batchSize = 100): Promise<{ rotated: number; unreadable: number }> => {
    if (keyRing.writes === null) throw new Error('[mailboxes] no key to seal with');
    let rotated = 0;
    let unreadable = 0;
    for (let after = ''; ;) {
      const rows: Row[] = await queries(TABLES.secrets)
        .whereNot('key_id', keyRing.writes)
        .andWhere('mailbox', '>', after)
        .orderBy('mailbox')
        .limit(batchSize)
        .select('mailbox', 'field', 'value');
      const last = rows.at(-1);
      if (!last) return { rotated, unreadable };
      for (const { mailbox, field, value } of rows) {
        const opened = keyRing.open(value, placeOf(mailbox, field));
        const sealed = opened.ok ? keyRing.seal(opened.plaintext, placeOf(mailbox, field)) : null;
        if (sealed === null) unreadable += 1;
        else
          rotated += await queries(TABLES.secrets)
            .where({ mailbox, field, value })
            .update({ value: sealed, key_id: keyRing.writes });
      }
      after = last.mailbox;
    }
  },
});

export type SecretStore = ReturnType<typeof createSecretStore>;
