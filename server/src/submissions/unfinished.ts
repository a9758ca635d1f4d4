import { UNFINISHED } from '../domain/submission';
import { nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

/** What the noun that owns mailboxes may ask of submissions: inside its own transaction. */
export interface SubmissionsOfMailboxes {
  /** Submissions that go through the mailbox, come from it or let answers go to it, and are not finished. */
  countUnfinished: (queries: Queries, mailbox: string) => Promise<number>;
  /** Cancels those that are held, queued or claimed. @returns their ids; transmitting and uncertain ones are left */
  cancelUnfinished: (queries: Queries, mailbox: string) => Promise<string[]>;
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

export const countUnfinished: SubmissionsOfMailboxes['countUnfinished'] = async (queries, mailbox) => {
  const [row]: { n: unknown }[] = await ofMailbox(queries, mailbox).count({ n: '*' });
  return Number(row?.n ?? 0);
};

export const cancelUnfinished: SubmissionsOfMailboxes['cancelUnfinished'] = async (queries, mailbox) => {
  const rows: { id: string }[] = await ofMailbox(queries, mailbox).select('id');
  const canceled: string[] = [];
  for (const { id } of rows) {
    // Without its lease token a worker that holds it stops at the point of no return.
    const changed = await queries(TABLES.submissions)
      .where({ id })
      .andWhere((where) => {
        where.whereIn('state', ['held', 'queued']).orWhere({ state: 'submitting', phase: 'claimed' });
      })
      .update({
        state: 'canceled',
        phase: null,
        lease_token: null,
        lease_until: null,
        next_attempt_at: null,
        settled_at: nowMs(queries),
      });
    if (changed !== 1) continue;
    await queries(TABLES.recipients)
      .where({ submission: id })
      .whereIn('state', ['pending', 'deferred'])
      .update({ state: 'canceled' });
    canceled.push(id);
  }
  return canceled;
};
