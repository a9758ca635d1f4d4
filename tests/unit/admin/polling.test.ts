import { pollMsOf } from '../../../admin/src/outbox/list/polling';
import { aSubmission } from './builders';

const NOW = Date.parse('2026-01-15T12:00:00.000Z');
const dueIn = (seconds: number, state: 'held' | 'queued' = 'queued') =>
  aSubmission({ state, nextAttemptAt: new Date(NOW + seconds * 1000).toISOString() });

describe('the outbox polls', () => {
  it('never when all submissions are in a final state', () => {
    const settled = (['submitted', 'failed', 'canceled', 'uncertain'] as const).map((state) => aSubmission({ state }));
    expect(pollMsOf(settled, NOW)).toBe(0);
    expect(pollMsOf([], NOW)).toBe(0);
  });

  it('often while a submission is in an attempt or due', () => {
    expect(pollMsOf([aSubmission({ state: 'submitting', nextAttemptAt: null })], NOW)).toBe(1500);
    expect(pollMsOf([dueIn(0)], NOW)).toBe(1500);
    expect(pollMsOf([dueIn(10, 'held')], NOW)).toBe(1500);
    expect(pollMsOf([aSubmission({ state: 'failed' }), dueIn(5)], NOW)).toBe(1500);
  });

  it('seldom while all pending submissions are due later, or long overdue', () => {
    expect(pollMsOf([dueIn(3600, 'held')], NOW)).toBe(15_000);
    expect(pollMsOf([dueIn(300)], NOW)).toBe(15_000);
    expect(pollMsOf([dueIn(-3600)], NOW)).toBe(15_000);
  });
});
