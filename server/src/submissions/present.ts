import type { Actor } from '../domain/actor';
import type { Submission } from '../contracts/answers';
import { iso } from '../contracts/instant';
import type { AuthorNames } from './author-names';
import { sameActor, type RecipientRow, type SubmissionRow } from '../outbox/repository';
import type { NewSubmission } from '../outbox/insert';


/** What a token left of its owner's actions is nobody's business. */
const actorOf = (actor: Actor): Actor => (actor.type === 'user' ? { type: 'user', id: actor.id } : actor);

const recipientOf = ({ email, name, field, state, reply }: Omit<RecipientRow, 'submission' | 'position' | 'key'>) => ({
  email,
  ...(name === null ? {} : { name }),
  field,
  state,
  reply,
});

/** The name of somebody else's author; nothing where there is none to tell. */
const authorOf = (actor: Actor, viewer: Actor, names: AuthorNames): Pick<Submission, 'author'> => {
  const author = actor.type === 'user' && !sameActor(actor, viewer) ? names.get(actor.id) : undefined;
  return author === undefined ? {} : { author };
};

/**
 * @param viewer who reads it: a draft is its author's alone
 * @param names of authors, for a viewer who reads what others wrote
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

/** As `present` would say it of what was just written, without reading it back. */
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
