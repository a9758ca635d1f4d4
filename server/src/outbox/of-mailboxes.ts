import type { Actor } from '../domain/actor';
import { UNFINISHED } from '../domain/submission';
import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { cancelSubmissions } from './cancel';

/** Operations on submissions for the mailboxes service, inside its own transaction. */
export interface SubmissionsOfMailboxes {
  /** Counts unfinished submissions that use the mailbox as transport, From or Reply-To. */
  countUnfinished: (queries: Queries, mailbox: string) => Promise<number>;
  /** Cancels the held, queued and claimed ones. @returns their ids; transmitting and uncertain ones are unchanged */
  cancelUnfinished: (queries: Queries, mailbox: string, by: Actor) => Promise<string[]>;
  /** Emits the events, after the commit. */
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
