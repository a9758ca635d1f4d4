import fc from 'fast-check';
import type { Outbox } from '../../server/src/outbox/service';
import type { Job } from '../../server/src/outbox/protocol';
import { TABLES } from '../../server/src/database/tables';
import { outcomeOf, type Attempt } from '../../server/src/domain/outcome';
import { codeOf } from '../../server/src/strapi/error';
import { bootForDelivery, ROBOT } from '../support/outbox';
import { OPERATOR, type App } from '../support/strapi';

const LEASE_MS = 600_000;
const RUNS = 150;
const MOST_COMMANDS = 80;
const LIMIT_MS = 240_000;

/** An attempt as its process holds it. Anything but `sent` can end without a trace at the server. */
interface InFlight {
  job: Job;
  stage: 'claimed' | 'transmitting' | 'sent';
  /** Only where all of it was sent: does the server have it? */
  stored: boolean;
}

/** Facts apart from the database: results on the server, and requests of users. */
interface Truth {
  /** By recipient: how often the server has it. */
  accepted: Map<string, number>;
  /** By recipient: how often a person asked for it again. */
  askedAgain: Map<string, number>;
  /** Recipients that a person said had arrived. */
  vouched: Set<string>;
  submissions: string[];
  inFlight: InFlight[];
  recipients: number;
}

/** The outbox's protocol as processes use it, on the real database; the mail server is the only thing that is played. */
interface Real {
  app: App;
  outbox: Outbox;
  mailbox: string;
}

type Command = fc.AsyncCommand<Truth, Real>;

const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const command = (
  name: string,
  run: (truth: Truth, real: Real) => Promise<void>,
  check: (truth: Truth) => boolean = () => true
): Command => ({
  check,
  run: async (truth, real) => {
    await run(truth, real);
    await look(truth, real);
  },
  toString: () => name,
});

/** A request may be refused with a code; any other error is a fault. */
const asked = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return false;
  }
};

interface RecipientRow {
  submission: string;
  email: string;
  state: string;
}

const recipientsOf = ({ app }: Real, submissions: readonly string[]): Promise<RecipientRow[]> =>
  app.strapi.db
    .connection(TABLES.recipients)
    .whereIn('submission', [...submissions])
    .select('*') as never;

/** Holds after every step (delivery §8). */
const look = async ({ accepted, askedAgain, vouched, submissions }: Truth, real: Real): Promise<void> => {
  for (const [email, times] of accepted)
    if (times > 1 + (askedAgain.get(email) ?? 0)) throw new Error(`${email} was accepted ${times} times`);
  for (const { email, state } of await recipientsOf(real, submissions))
    if (state === 'accepted' && !accepted.has(email) && !vouched.has(email))
      throw new Error(`${email} counts as accepted, and no server has it`);
};

const submit = (recipients: number): Command =>
  command(`submit to ${recipients}`, async (truth, { app, mailbox }) => {
    const to = Array.from({ length: recipients }, () => `reader-${(truth.recipients += 1)}@reader.example`);
    await asked(async () => {
      const { id } = await app
        .service('submissions')
        .submit({ actor: ROBOT, from: `mailbox:${mailbox}`, to, subject: 'Hello', text: 'Hello' });
      truth.submissions.push(id);
    });
  });

const claim = (limit: number): Command =>
  command(`claim ${limit}`, async (truth, { outbox }) => {
    const { jobs } = await outbox.claim(limit, LEASE_MS);
    for (const job of jobs) truth.inFlight.push({ job, stage: 'claimed', stored: false });
  });

const drop = (truth: Truth, one: InFlight): void => {
  truth.inFlight = truth.inFlight.filter((other) => other !== one);
};

const onInFlight = (
  name: string,
  stage: InFlight['stage'],
  run: (one: InFlight, truth: Truth, real: Real) => Promise<void>,
  index: number
): Command => {
  const at = (truth: Truth): InFlight[] => truth.inFlight.filter((one) => one.stage === stage);
  return command(
    `${name} #${index}`,
    (truth, real) => run(pick(at(truth), index), truth, real),
    (truth) => at(truth).length > 0
  );
};

const pass = async (one: InFlight, truth: Truth, { outbox }: Real): Promise<void> => {
  const [passage] = await outbox.beginTransmission([one.job], LEASE_MS);
  if (passage === 'go') one.stage = 'transmitting';
  else drop(truth, one);
};

const giveBack = async (one: InFlight, truth: Truth, { outbox }: Real): Promise<void> => {
  await outbox.release(one.job, 'shutdown');
  drop(truth, one);
};

/** Checks the lease right before the last chunk. @param stored the server keeps the message */
const endOfData = async (one: InFlight, stored: boolean, truth: Truth, { outbox }: Real): Promise<void> => {
  if (!(await outbox.isOurs(one.job))) {
    await outbox.release(one.job, 'shutdown');
    return drop(truth, one);
  }
  one.stage = 'sent';
  one.stored = stored;
  if (stored) for (const { email } of one.job.open) count(truth.accepted, email);
};

const REPLIES = { later: { code: 451, text: '451 4.3.0 Later' }, never: { code: 554, text: '554 5.7.1 No' } } as const;

/** A server that has it says 250; one that does not refuses it, now or for good; or the connection is gone. */
const reply = async (
  one: InFlight,
  kind: 'reply' | 'later' | 'gone',
  truth: Truth,
  { outbox }: Real
): Promise<void> => {
  const attempt: Attempt =
    kind === 'gone'
      ? { kind: 'uncertain', refused: [] }
      : one.stored
        ? { kind: 'accepted', reply: { code: 250, text: '250 2.0.0 Ok' }, refused: [] }
        : {
            kind: 'failed',
            stage: 'dot',
            reply: REPLIES[kind === 'later' ? 'later' : 'never'],
            trouble: null,
            refused: [],
          };
  await outbox.finish([{ claim: one.job, outcome: outcomeOf(attempt, one.job.open), retryAfterMs: 0 }]);
  drop(truth, one);
};

const onAny = (name: string, run: (one: InFlight, truth: Truth, real: Real) => Promise<void>, index: number): Command =>
  command(
    `${name} #${index}`,
    (truth, real) => run(pick(truth.inFlight, index), truth, real),
    ({ inFlight }) => inFlight.length > 0
  );

const onSubmission = (
  name: string,
  run: (id: string, truth: Truth, real: Real) => Promise<void>,
  index: number
): Command =>
  command(
    `${name} #${index}`,
    (truth, real) => run(pick(truth.submissions, index), truth, real),
    ({ submissions }) => submissions.length > 0
  );

const cancel = async (id: string, _truth: Truth, { app }: Real): Promise<void> => {
  await asked(() => app.service('submissions').cancel(id, { actor: ROBOT }));
};

const sendAgain = async (id: string, truth: Truth, real: Real): Promise<void> => {
  const before = new Map((await recipientsOf(real, [id])).map(({ email, state }) => [email, state]));
  if (!(await asked(() => real.app.service('submissions').retry(id, { actor: ROBOT })))) return;
  for (const { email, state } of await recipientsOf(real, [id]))
    if (state !== before.get(email)) count(truth.askedAgain, email);
};

const say = async (id: string, as: 'submitted' | 'failed', truth: Truth, real: Real): Promise<void> => {
  const doubtful = (await recipientsOf(real, [id])).filter(({ state }) => state === 'uncertain');
  if (!(await asked(() => real.app.service('submissions').settle(id, { actor: ROBOT, as })))) return;
  if (as === 'submitted') for (const { email } of doubtful) truth.vouched.add(email);
};

const switched =
  (enabled: boolean) =>
  ({ app, mailbox }: Real) =>
    app.service('mailboxes').update(mailbox, { enabled }, { actor: OPERATOR });

const leasesEnd = async ({ app }: Real): Promise<void> => {
  await app.strapi.db.connection(TABLES.submissions).whereNotNull('lease_until').update({ lease_until: 1 });
};

const timePasses = async ({ app }: Real): Promise<void> => {
  const knex = app.strapi.db.connection;
  await knex(TABLES.submissions).where({ state: 'queued' }).update({ next_attempt_at: 1 });
  await knex(TABLES.transports).update({ circuit_until: null, paused_code: null, unreachable: 0 });
};

const index = fc.nat({ max: 9 });
/** How often each is drawn: enough that whole conversations happen, and that something goes wrong in most of them. */
const COMMANDS: [weight: number, command: fc.Arbitrary<Command>][] = [
  [4, fc.integer({ min: 1, max: 3 }).map(submit)],
  [8, fc.integer({ min: 1, max: 4 }).map(claim)],
  [8, index.map((at) => onInFlight('point of no return', 'claimed', pass, at))],
  [
    8,
    fc
      .tuple(index, fc.boolean())
      .map(([at, stored]) =>
        onInFlight(
          `end of data (${stored ? 'stored' : 'not stored'})`,
          'transmitting',
          (one, truth, real) => endOfData(one, stored, truth, real),
          at
        )
      ),
  ],
  [
    6,
    fc
      .tuple(index, fc.constantFrom('reply' as const, 'later' as const, 'gone' as const))
      .map(([at, kind]) =>
        onInFlight(`answer (${kind})`, 'sent', (one, truth, real) => reply(one, kind, truth, real), at)
      ),
  ],
  [1, index.map((at) => onInFlight('given back', 'claimed', giveBack, at))],
  [2, index.map((at) => onAny('crash', async (one, truth) => drop(truth, one), at))],
  [2, index.map((at) => onAny('heartbeat', (one, _truth, { outbox }) => outbox.renew([one.job], LEASE_MS), at))],
  [3, fc.constant(command('leases end', (_truth, real) => leasesEnd(real)))],
  [3, fc.constant(command('reap', async (_truth, { outbox }) => void (await outbox.reap())))],
  [1, index.map((at) => onSubmission('cancel', cancel, at))],
  [2, index.map((at) => onSubmission('send again', sendAgain, at))],
  [
    1,
    fc
      .tuple(index, fc.constantFrom('submitted' as const, 'failed' as const))
      .map(([at, as]) => onSubmission(`it is ${as}`, (id, truth, real) => say(id, as, truth, real), at)),
  ],
  [
    1,
    fc
      .boolean()
      .map((on) => command(`mailbox ${on ? 'on' : 'off'}`, async (_truth, real) => void (await switched(on)(real)))),
  ],
  [5, fc.constant(command('time passes', (_truth, real) => timePasses(real)))],
];

/** Delivers everything deliverable: no submission may stay where no user sees it. */
const drain = async (truth: Truth, real: Real): Promise<string[]> => {
  await switched(true)(real);
  truth.inFlight = [];
  await leasesEnd(real);
  await real.outbox.reap();
  for (;;) {
    await timePasses(real);
    const { jobs } = await real.outbox.claim(50, LEASE_MS);
    if (jobs.length === 0) break;
    for (const job of jobs) {
      const one: InFlight = { job, stage: 'claimed', stored: false };
      await pass(one, truth, real);
      if (one.stage !== 'transmitting') continue;
      await endOfData(one, true, truth, real);
      await reply(one, 'reply', truth, real);
    }
  }
  await look(truth, real);
  const rows: { id: string; state: string }[] = await real.app.strapi.db
    .connection(TABLES.submissions)
    .whereIn('id', truth.submissions)
    .select('id', 'state');
  if (rows.length !== truth.submissions.length) throw new Error('an accepted submission is gone');
  const unended = rows.filter(({ state }) => !['submitted', 'failed', 'uncertain', 'canceled'].includes(state));
  if (unended.length > 0) throw new Error(`not ended: ${JSON.stringify(unended)}`);
  return rows.map(({ state }) => state);
};

/** Delivery §8: any course of events, on the real database; a failure prints the shortest one that was found. */
describe('any events in any order', () => {
  let app: App;
  let mailbox: string;

  beforeAll(async () => {
    // Only the test delivers: nothing connects to the system mailbox's server.
    app = await bootForDelivery({ systemPort: 1, config: { delivery: { role: 'accept' } } });
    ({ id: mailbox } = await app
      .service('mailboxes')
      .create({ email: 'news@club.example', name: 'News' }, { actor: OPERATOR }));
  });
  afterAll(() => app.stop());

  it(
    'a recipient gets it at most once unless a person asks again, nothing counts as submitted that no server has, and everything ends where it is seen',
    async () => {
      const { outbox } = app.service('submissions');
      const ends = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          fc.commands([fc.oneof(...COMMANDS.map(([weight, arbitrary]) => ({ weight, arbitrary })))], {
            maxCommands: MOST_COMMANDS,
            size: 'max',
          }),
          async (commands) => {
            const truth: Truth = {
              accepted: new Map(),
              askedAgain: new Map(),
              vouched: new Set(),
              submissions: [],
              inFlight: [],
              recipients: 0,
            };
            const real: Real = { app, outbox, mailbox };
            await switched(true)(real);
            await app.strapi.db.connection(TABLES.submissions).delete();
            await fc.asyncModelRun(() => ({ model: truth, real }), commands);
            for (const state of await drain(truth, real)) count(ends, state);
          }
        ),
        { numRuns: RUNS }
      );
      // A course of events in which nothing happens proves nothing.
      expect([...ends.keys()].sort()).toEqual(['canceled', 'failed', 'submitted', 'uncertain']);
    },
    LIMIT_MS
  );
});
