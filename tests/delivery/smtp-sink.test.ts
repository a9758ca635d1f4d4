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
  ['refuses for now the dot', ['-r', '.'], ['queued', 'deferred', null]],
  ['refuses for good the dot', ['-f', '.'], ['failed', 'rejected', 'CONTENT_REJECTED']],
  ['hangs up at DATA', ['-q', 'DATA'], ['queued', 'deferred', null]],
  ['refuses for now DATA', ['-r', 'DATA'], ['queued', 'deferred', null]],
  ['refuses for good DATA', ['-f', 'DATA'], ['failed', 'rejected', 'CONTENT_REJECTED']],
  ['hangs up at RCPT', ['-q', 'RCPT'], ['queued', 'deferred', null]],
  ['says 421 to RCPT', ['-Q', 'RCPT'], ['queued', 'deferred', null]],
  ['refuses for now RCPT', ['-r', 'RCPT'], ['queued', 'deferred', null]],
  ['refuses for good RCPT', ['-f', 'RCPT'], ['failed', 'rejected', 'RECIPIENTS_REJECTED']],
  ['refuses for now MAIL', ['-r', 'MAIL'], ['queued', 'deferred', null]],
  ['refuses for good MAIL', ['-f', 'MAIL'], ['failed', 'rejected', 'SENDER_REJECTED']],
  ['hangs up at the greeting', ['-q', 'CONNECT'], ['queued', 'deferred', null]],
  ['refuses for good the connection', ['-f', 'CONNECT'], ['queued', 'pending', null]],
  ['refuses for good EHLO and HELO', ['-f', 'EHLO,HELO'], ['queued', 'pending', null]],
];

const PAUSED: Record<string, string> = {
  'refuses for good the connection': 'SERVER_REFUSED',
  'refuses for good EHLO and HELO': 'SERVER_REFUSED',
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
