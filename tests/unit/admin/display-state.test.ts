import {
  acceptedTwice,
  byUrgency,
  isLate,
  pauseOf,
  progressOf,
  retriedAt,
} from '../../../admin/src/outbox/delivery-state';
import { actionsOf } from '../../../admin/src/outbox/available-actions';
import { displayStateOf } from '../../../admin/src/outbox/display-state';
import type { Submission, TimelineEntry } from '../../../server/src/contracts/answers';
import { aList, anIdentity, aRecipient, aSubmission } from './builders';

const partly = [aRecipient('accepted', 'a@x.example'), aRecipient('rejected', 'b@x.example')];

describe('the state of a submission that an editor sees', () => {
  const rows: [string, Partial<Submission>, boolean, string][] = [
    ['in its undo window', { state: 'held' }, false, 'undo'],
    ['that is scheduled', { state: 'held', sendAt: '2026-01-16T12:00:00.000Z' }, false, 'scheduled'],
    ['that waits for its first attempt', { state: 'queued' }, false, 'waiting'],
    ['that waits after an attempt', { state: 'queued', attempts: 1 }, false, 'again'],
    ['whose mailbox is paused', { state: 'queued', attempts: 1 }, true, 'resting'],
    [
      'that is scheduled while its mailbox is paused',
      { state: 'held', sendAt: '2026-01-16T12:00:00.000Z' },
      true,
      'scheduled',
    ],
    ['that is on its way', { state: 'submitting' }, true, 'submitting'],
    ['that everybody got', { state: 'submitted', recipients: [aRecipient('accepted')] }, false, 'submitted'],
    ['that some were refused', { state: 'submitted', recipients: partly }, false, 'partly'],
    [
      'whose rest was canceled',
      { state: 'submitted', recipients: [aRecipient('accepted'), aRecipient('canceled', 'b@x.example')] },
      false,
      'partly',
    ],
    ['that failed', { state: 'failed' }, true, 'failed'],
    ['that was canceled', { state: 'canceled' }, false, 'canceled'],
    ['that may have gone', { state: 'uncertain' }, false, 'uncertain'],
  ];
  it.each(rows)('%s', (_, part, resting, displayState) => {
    expect(displayStateOf(aSubmission(part), resting)).toBe(displayState);
  });
});

describe('the actions offered for a submission', () => {
  const nothing = { cancel: false, retry: false, settle: false, reschedule: false, resend: false, edit: false };
  const rows: [string, Partial<Submission>, Partial<typeof nothing>][] = [
    ['held', { state: 'held' }, { cancel: true }],
    ['held for its time', { state: 'held', sendAt: '2026-01-16T12:00:00.000Z' }, { cancel: true, reschedule: true }],
    ['queued', { state: 'queued' }, { cancel: true }],
    ['submitting, in the hope that it is in time', { state: 'submitting' }, { cancel: true }],
    ['submitted to all', { state: 'submitted', recipients: [aRecipient('accepted')] }, { resend: true }],
    ['submitted to some', { state: 'submitted', recipients: partly }, { retry: true, resend: true }],
    ['failed', { state: 'failed' }, { retry: true, resend: true }],
    ['uncertain', { state: 'uncertain' }, { retry: true, settle: true, resend: true }],
    ['canceled', { state: 'canceled' }, {}],
    ['canceled, and its draft came back', { state: 'canceled', draft: 'draft' }, { edit: true }],
  ];
  it.each(rows)('when it is %s', (_, part, actions) => {
    expect(actionsOf(aSubmission(part), true)).toEqual({ ...nothing, ...actions });
    expect(actionsOf(aSubmission(part), false)).toEqual({ ...nothing, ...actions, resend: false });
  });
});

describe('a submission is late', () => {
  const at = (minutes: number): number => Date.parse('2026-01-15T12:00:00.000Z') + minutes * 60_000;

  it('when it is due for more than 30 minutes', () => {
    expect(isLate(aSubmission(), { resting: false, nowMs: at(30) })).toBe(false);
    expect(isLate(aSubmission(), { resting: false, nowMs: at(31) })).toBe(true);
  });

  it('counted from the time it was scheduled for', () => {
    const scheduled = aSubmission({ sendAt: '2026-01-15T13:00:00.000Z' });
    expect(isLate(scheduled, { resting: false, nowMs: at(89) })).toBe(false);
    expect(isLate(scheduled, { resting: false, nowMs: at(91) })).toBe(true);
  });

  it('counted from its last retry', () => {
    const timeline = [
      { kind: 'accepted', at: '2026-01-15T12:00:00.000Z' },
      { kind: 'retried', at: '2026-01-15T13:00:00.000Z', by: { type: 'user', id: 1 }, name: null },
    ] as const;
    expect([retriedAt(timeline), retriedAt([])]).toEqual([at(60), 0]);
    expect(isLate(aSubmission(), { resting: false, nowMs: at(89), retriedMs: at(60) })).toBe(false);
    expect(isLate(aSubmission(), { resting: false, nowMs: at(91), retriedMs: at(60) })).toBe(true);
  });

  it('never while its mailbox is paused, before it is due, or in a final state', () => {
    expect(isLate(aSubmission(), { resting: true, nowMs: at(60) })).toBe(false);
    for (const state of ['held', 'submitted', 'failed', 'canceled', 'uncertain'] as const)
      expect(isLate(aSubmission({ state }), { resting: false, nowMs: at(60) })).toBe(false);
  });
});

describe('recipients', () => {
  const states = ['accepted', 'pending', 'rejected', 'uncertain', 'deferred', 'canceled', 'expired'] as const;
  const submission = aSubmission({ recipients: states.map((state) => aRecipient(state, `${state}@x.example`)) });

  it('are done when no attempt has to serve them', () => {
    expect(progressOf(submission)).toEqual({ done: 5, total: 7 });
  });

  it('are sorted by urgency', () => {
    expect(byUrgency(submission).map(({ state }) => state)).toEqual([
      'uncertain',
      'rejected',
      'expired',
      'deferred',
      'pending',
      'canceled',
      'accepted',
    ]);
  });
});

describe('accepted twice', () => {
  const attempt = (part: object): TimelineEntry =>
    ({
      kind: 'attempt',
      at: '2026-01-15T12:00:00.000Z',
      claim: 1,
      transmittingAt: null,
      endedAt: null,
      result: 'accepted',
      reply: null,
      late: false,
      ...part,
    }) as TimelineEntry;

  it('is a yes that came after a later attempt had begun', () => {
    expect(acceptedTwice([attempt({ late: true })])).toBe(true);
    expect(acceptedTwice([attempt({ late: true, result: 'rejected' })])).toBe(false);
    expect(acceptedTwice([attempt({}), attempt({ claim: 2 })])).toBe(false);
  });
});

describe('why a submission waits', () => {
  const paused = { code: 'AUTH_FAILED', message: '' } as const;
  const news = { kind: 'mailbox', mailbox: 'news', name: 'Club News', email: 'news@club.example' } as const;

  it('is the pause of the mailbox it leaves through', () => {
    const list = aList({ from: [anIdentity('mailbox:news', { transport: news, paused }), anIdentity('system')] });
    expect(pauseOf(aSubmission({ transport: news }), list)).toEqual(paused);
    expect(pauseOf(aSubmission(), list)).toBeNull();
    expect(pauseOf(aSubmission({ transport: { ...news, mailbox: 'other' } }), list)).toBeNull();
  });

  it('is found in a reply address and in an entry that cannot be used as well', () => {
    const identity = anIdentity('mailbox:news', { transport: news, paused });
    expect(pauseOf(aSubmission({ transport: news }), aList({ replyTo: [identity] }))).toEqual(paused);
    const unavailable = [{ identity, list: 'from', code: 'MAILBOX_DISABLED', message: '' } as const];
    expect(pauseOf(aSubmission({ transport: news }), aList({ unavailable }))).toEqual(paused);
  });

  it('is unknown when no offered identity uses the same transport', () => {
    expect(pauseOf(aSubmission({ transport: news }), undefined)).toBeNull();
  });
});
