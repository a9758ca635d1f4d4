import { stateOf } from '../../../admin/src/settings/mailboxes/test-steps';

describe('a step of the connection test', () => {
  it.each([
    [{ ok: true }, 'passed'],
    [{ ok: false, problem: 'auth-refused' }, 'failed'],
    [{ ok: null }, 'skipped'],
    [{ ok: null, problem: 'recipient-refused' }, 'warned'],
  ])('%j is shown as %s', (step, state) => {
    expect(stateOf(step)).toBe(state);
  });
});
