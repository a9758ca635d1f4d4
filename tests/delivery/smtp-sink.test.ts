import type { Submission } from '../../server/src/contracts/answers';
import { bootForDelivery, mailboxAt, pausedCode, tried } from '../support/outbox';
import { hasSmtpSink, startSmtpSink, type SmtpSink } from '../support/smtp/smtp-sink';
import type { App } from '../support/strapi';

if (!hasSmtpSink() && !process.env.CI) console.log("skipped: smtp-sink is not there (Debian's package postfix has it)");

type Expected = [state: Submission['state'], recipient: string, error: string | null];

/** How smtp-sink misbehaves, and what delivery §4 says to that. */
const TABLE: [what: string, faults: string[], expected: Expected][] = [
  ['takes it', [], ['submitted', 'accepted', null]],
  ['hangs up at the dot', ['-q', '.'], ['uncertain', 'uncertain', 'UNCERTAIN']],
  ['says 421 to the dot', ['-Q', '.'], ['queued', 'deferred', null]],
  ['refuses the dot for now', ['-r', '.'], ['queued', 'deferred', null]],
  ['refuses the dot for good', ['-f', '.'], ['failed', 'rejected', 'CONTENT_REJECTED']],
  ['hangs up at DATA', ['-q', 'DATA'], ['queued', 'deferred', null]],
  ['refuses DATA for now', ['-r', 'DATA'], ['queued', 'deferred', null]],
  ['refuses DATA for good', ['-f', 'DATA'], ['failed', 'rejected', 'CONTENT_REJECTED']],
  ['hangs up at RCPT', ['-q', 'RCPT'], ['queued', 'deferred', null]],
  ['says 421 to RCPT', ['-Q', 'RCPT'], ['queued', 'deferred', null]],
  ['refuses RCPT for now', ['-r', 'RCPT'], ['queued', 'deferred', null]],
  ['refuses RCPT for good', ['-f', 'RCPT'], ['failed', 'rejected', 'RECIPIENTS_REJECTED']],
  ['refuses MAIL for now', ['-r', 'MAIL'], ['queued', 'deferred', null]],
  ['refuses MAIL for good', ['-f', 'MAIL'], ['failed', 'rejected', 'SENDER_REJECTED']],
  ['hangs up at the greeting', ['-q', 'CONNECT'], ['queued', 'deferred', null]],
  ['refuses the connection for good', ['-f', 'CONNECT'], ['queued', 'pending', null]],
  ['refuses EHLO and HELO for good', ['-f', 'EHLO,HELO'], ['queued', 'pending', null]],
];

const PAUSED: Record<string, string> = {
  'refuses the connection for good': 'SERVER_REFUSED',
  'refuses EHLO and HELO for good': 'SERVER_REFUSED',
};

/** A second opinion: a server that we have not written says what the outcomes of delivery §4 are. */
(hasSmtpSink() || process.env.CI ? describe : describe.skip)("Postfix's smtp-sink", () => {
  let app: App;
  let sink: SmtpSink | undefined;

  beforeAll(async () => {
    app = await bootForDelivery();
  });

  afterEach(async () => {
    await sink?.stop();
    sink = undefined;
  });

  afterAll(() => app.stop());

  it.each(TABLE)('that %s', async (what, faults, [state, recipient, error]) => {
    sink = await startSmtpSink(faults);
    const mailbox = await mailboxAt(app, sink.port);
    const submission = await tried(app, `mailbox:${mailbox}`);
    expect({
      state: submission.state,
      recipient: submission.recipients[0]?.state,
      error: submission.error?.code ?? null,
      paused: await pausedCode(app, mailbox),
    }).toEqual({ state, recipient, error, paused: PAUSED[what] ?? null });
    if (state === 'submitted') expect(await sink.transactions()).toHaveLength(1);
  });
});
