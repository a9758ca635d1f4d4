import type { RecipientState } from '../../server/src/domain/submission';
import type { Actor } from '../../server/src/domain/actor';
import type { SubmitInput } from '../../server/src/submissions/service';
import { KEEPER, READER, type App, type Person } from './strapi';

/* Submissions in any state, without a worker: for the tests of the users' actions. */

export type PutState =
  'held' | 'queued' | 'claimed' | 'transmitting' | 'submitted' | 'failed' | 'uncertain' | 'canceled';

/** Default state of the recipients of a submission in that state. */
const RECIPIENTS: Record<PutState, RecipientState> = {
  held: 'pending',
  queued: 'pending',
  claimed: 'pending',
  transmitting: 'pending',
  submitted: 'accepted',
  failed: 'rejected',
  uncertain: 'uncertain',
  canceled: 'canceled',
};

/** Puts a submission into a state. `recipients` name the state of each, by position. */
export const put = async (
  app: App,
  id: string,
  state: PutState,
  recipients: readonly RecipientState[] = []
): Promise<void> => {
  const knex = app.strapi.db.connection;
  const held = state === 'claimed' || state === 'transmitting';
  const ended = ['submitted', 'failed', 'uncertain', 'canceled'].includes(state);
  await knex('mailboxes_submissions')
    .where({ id })
    .update({
      state: held ? 'submitting' : state,
      phase: held ? state : null,
      claims: state === 'held' || state === 'queued' ? 0 : 1,
      lease_token: held || state === 'uncertain' ? `lease-of-${id}` : null,
      lease_until: held ? Date.now() + 600_000 : null,
      next_attempt_at: ended ? null : Date.now() + 600_000,
      settled_at: ended ? Date.now() : null,
      error_code: state === 'failed' ? 'RECIPIENTS_REJECTED' : state === 'uncertain' ? 'UNCERTAIN' : null,
      error_message: state === 'failed' || state === 'uncertain' ? 'As it was.' : null,
    });
  if (state !== 'held' && state !== 'queued')
    await knex('mailboxes_attempts').insert({
      submission: id,
      claim: 1,
      lease_token: `lease-of-${id}`,
      started_at: Date.now(),
      ended_at: ended ? Date.now() : null,
      result: ended ? state : null,
    });
  const rows: { position: number }[] = await knex('mailboxes_recipients').where({ submission: id }).orderBy('position');
  for (const { position } of rows)
    await knex('mailboxes_recipients')
      .where({ submission: id, position })
      .update({ state: recipients[position] ?? RECIPIENTS[state] });
};

/** Two authors, and two other members of their tenant: one with `log.read`, one also with `log.manage`. */
export const peopleOfLog = async (app: App): Promise<Record<'ada' | 'ben' | 'reader' | 'keeper', Person>> => ({
  ada: await app.person({ firstname: 'Ada', lastname: 'Archer' }),
  ben: await app.person(),
  reader: await app.person({ actions: READER }),
  keeper: await app.person({ firstname: 'Kim', lastname: 'Keeper', actions: KEEPER }),
});

/** Submits for a day on which no test runs, and puts the submission into the state. @returns its id */
export const submittedAs = async (
  app: App,
  actor: Actor,
  state: PutState,
  { recipients = [], ...differs }: Partial<SubmitInput> & { recipients?: readonly RecipientState[] } = {}
): Promise<string> => {
  const { id } = await app.service('submissions').submit({
    actor,
    from: 'system',
    to: ['ada@reader.example'],
    subject: 'Hello',
    text: 'Hello',
    sendAt: new Date(Date.now() + 24 * 3_600_000).toISOString(),
    ...differs,
  });
  await put(app, id, state, recipients);
  return id;
};
