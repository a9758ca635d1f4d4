import type { Actor } from '../domain/actor';
import type { Submission } from '../contracts/answers';
import { iso } from '../contracts/instant';
import type { AuthorNames } from './author-names';
import { sameActor, type RecipientRow, type SubmissionRow } from '../outbox/repository';
import type { NewSubmission } from '../outbox/insert';

/** Omits `only`: the reduced permissions of an admin token are not public. */
const actorOf = (actor: Actor): Actor => (actor.type === 'user' ? { type: 'user', id: actor.id } : actor);

const recipientOf = ({ email, name, field, state, reply }: Omit<RecipientRow, 'submission' | 'position' | 'key'>) => ({
  email,
  ...(name === null ? {} : { name }),
  field,
  state,
  reply,
});

/** Adds the author's name for other viewers, if it is known. */
const authorOf = (actor: Actor, viewer: Actor, names: AuthorNames): Pick<Submission, 'author'> => {
  const author = actor.type === 'user' && !sameActor(actor, viewer) ? names.get(actor.id) : undefined;
  return author === undefined ? {} : { author };
};

/**
 * Returns a stored submission as the API shows it.
 *
 * @param viewer the draft's id is for its author alone
 * @param names of the authors, for viewers of other users' submissions
 */
export const present = (
  row: SubmissionRow,
  recipients: readonly RecipientRow[],
  viewer: Actor,
  names: AuthorNames = new Map()
): Submission => ({
  id: row.id,
  state: row.state,
  actor: row.actor,
  ...authorOf(row.actor, viewer, names),
  tenant: row.tenant,
  from: { name: row.from.name, email: row.from.email },
  replyTo: row.replyTo ? { name: row.replyTo.name, email: row.replyTo.email } : null,
  transport: row.transport,
  messageId: row.messageId,
  subject: row.subject,
  createdAt: iso(row.createdAt),
  sendAt: iso(row.sendAt),
  sendZone: row.sendZone,
  settledAt: iso(row.settledAt),
  attempts: row.attempts,
  nextAttemptAt: iso(row.nextAttemptAt),
  error: row.error,
  draft: sameActor(row.actor, viewer) ? row.draft : null,
  resentFrom: row.resentFrom,
  recipients: recipients.filter(({ submission }) => submission === row.id).map(recipientOf),
});

/** Returns a submission that was just written as `present` would, without reading it back. */
export const presentNew = (written: NewSubmission): Submission => ({
  id: written.id,
  state: written.state,
  actor: actorOf(written.actor),
  tenant: written.tenant,
  from: { name: written.from.name, email: written.from.email },
  replyTo: written.replyTo ? { name: written.replyTo.name, email: written.replyTo.email } : null,
  transport: written.from.transport,
  messageId: written.messageId,
  subject: written.subject,
  createdAt: iso(written.createdAt),
  sendAt: iso(written.sendAt),
  sendZone: written.sendZone,
  settledAt: null,
  attempts: 0,
  nextAttemptAt: written.direct ? null : iso(written.dueAt),
  error: null,
  draft: null,
  resentFrom: written.resent?.from ?? null,
  recipients: written.recipients.map((recipient) => recipientOf({ ...recipient, state: 'pending', reply: null })),
});
