import { isRetriedInBulk, retryEach, type Run } from '../../../admin/src/outbox/list/bulk-retry';
import { aRecipient, aSubmission } from './builders';

const CHOSEN = ['one', 'two', 'three'].map((id) => ({ id, subject: `About ${id}` }));

/** A server that answers on demand. */
const aServer = () => {
  const waiting: { id: string; answer: (reason: string | null) => void }[] = [];
  return {
    asked: () => waiting.map(({ id }) => id),
    retry: (id: string) => new Promise<string | null>((answer) => waiting.push({ id, answer })),
    answer: async (reason: string | null) => {
      waiting.at(-1)?.answer(reason);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

describe('submissions that can be retried together', () => {
  it.each([
    ['one that failed', { state: 'failed', recipients: [aRecipient('rejected')] }, true],
    [
      'one that some were refused',
      { state: 'submitted', recipients: [aRecipient('accepted'), aRecipient('expired', 'b@x.example')] },
      true,
    ],
    ['one that everybody got', { state: 'submitted', recipients: [aRecipient('accepted')] }, false],
    ['one that may have arrived', { state: 'uncertain', recipients: [aRecipient('uncertain')] }, false],
    ['one that waits', { state: 'queued' }, false],
    ['one that was canceled', { state: 'canceled' }, false],
  ] as const)('%s', (_, part, expected) => {
    expect(
      isRetriedInBulk(aSubmission({ ...part, recipients: [...('recipients' in part ? part.recipients : [])] }))
    ).toBe(expected);
  });
});

describe('retrying several submissions', () => {
  it('requests one after the other, and reports the result of each', async () => {
    const server = aServer();
    const reported: Run[] = [];
    const over = retryEach(CHOSEN, {
      retry: server.retry,
      isStopped: () => false,
      onProgress: (run) => reported.push(run),
    });
    expect(server.asked()).toEqual(['one']);
    await server.answer(null);
    expect(server.asked()).toEqual(['one', 'two']);
    await server.answer('It is on its way already.');
    await server.answer(null);
    await over;
    expect(server.asked()).toEqual(['one', 'two', 'three']);
    expect(reported.map(({ queued, refused }) => queued + refused.length)).toEqual([0, 1, 2, 3, 3]);
    expect(reported.at(-1)).toEqual({
      total: 3,
      queued: 2,
      refused: [{ id: 'two', subject: 'About two', reason: 'It is on its way already.' }],
      phase: 'over',
    });
  });

  it('finishes the current request when it is stopped, and starts no other', async () => {
    const server = aServer();
    const reported: Run[] = [];
    let stopped = false;
    const over = retryEach(CHOSEN, {
      retry: server.retry,
      isStopped: () => stopped,
      onProgress: (run) => reported.push(run),
    });
    stopped = true;
    await server.answer(null);
    await over;
    expect(server.asked()).toEqual(['one']);
    expect(reported.map(({ phase }) => phase)).toEqual(['running', 'stopping', 'over']);
    expect(reported.at(-1)).toMatchObject({ total: 3, queued: 1, refused: [] });
  });
});
