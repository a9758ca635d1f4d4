import type { Actor } from '../domain/actor';
import { UNFINISHED } from '../domain/submission';
import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { cancelSubmissions } from './cancel';

/** What the noun that owns mailboxes may ask of submissions: inside its own transaction. */
export interface SubmissionsOfMailboxes {
  /** Submissions that go through the mailbox, come from it or let answers go to it, and are not finished. */
  countUnfinished: (queries: Queries, mailbox: string) => Promise<number>;
  /** Cancels those that are held, queued or claimed. @returns their ids; transmitting and uncertain ones are left */
  cancelUnfinished: (queries: Queries, mailbox: string, by: Actor) => Promise<string[]>;
  /** Tells, after the commit. */
  announceCanceled: (ids: readonly string[]) => Promise<void>;
}

const ofMailbox = (queries: Queries, mailbox: string) =>
  queries(TABLES.submissions)
    .whereIn('state', [...UNFINISHED])
    .andWhere((where) => {
      where
        .where('transport_mailbox', mailbox)
        .orWhere('from_identity', `mailbox:${mailbox}`)
        .orWhere('reply_identity', `mailbox:${mailbox}`);
    });

export const createUnfinished = ({
  newId,
  announceCanceled,
}: {
  newId: () => string;
  announceCanceled: SubmissionsOfMailboxes['announceCanceled'];
}): SubmissionsOfMailboxes => ({
  countUnfinished: async (queries, mailbox) => {
    const [row]: { n: unknown }[] = await ofMailbox(queries, mailbox).count({ n: '*' });
    return Number(row?.n ?? 0);
  },

  cancelUnfinished: async (queries, mailbox, by) => {
    const rows: { id: string }[] = await ofMailbox(queries, mailbox).select('id');
    return cancelSubmissions(
      queries,
      rows.map(({ id }) => id),
      { by, leaseToken: newId() }
    );
  },

  announceCanceled,
});
