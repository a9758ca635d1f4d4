import { systemNext } from '../../../admin/src/settings/mailboxes/pause';
import { pauseTexts } from '../../../admin/src/outbox/pause-text';

describe('the text about a pause', () => {
  it.each([
    ['SECRET_REQUIRED', true, false, ['pause.SECRET_REQUIRED.system']],
    ['SECRET_REQUIRED', false, true, ['pause.SECRET_REQUIRED']],
    ['HOST_NOT_ALLOWED', true, false, ['pause.HOST_NOT_ALLOWED']],
    ['HOST_NOT_ALLOWED', false, true, ['pause.HOST_NOT_ALLOWED', 'pause.HOST_NOT_ALLOWED.allow']],
    ['AUTH_FAILED', true, true, ['pause.AUTH_FAILED']],
  ] as const)('of %s (system mailbox: %s, reader administers: %s) is %j', (code, system, administers, keys) => {
    expect(pauseTexts(code, { system, administers })).toEqual(keys);
  });

  it.each([
    ['HOST_NOT_ALLOWED', 'pause.HOST_NOT_ALLOWED.allow'],
    ['SECRET_REQUIRED', 'pause.secret-required.set'],
    ['AUTH_FAILED', 'notice.system-paused.next'],
  ] as const)('names what ends %s of the system mailbox', (code, key) => {
    expect(systemNext(code)).toBe(key);
  });
});
