import { parseGrantDraft } from '../../../server/src/contracts/grant';

const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const read = (input: unknown) => parseGrantDraft(input, NOW);

describe('a grant', () => {
  it.each([
    [{ mailbox: 'm', user: 1 }, { user: 1 }, null],
    [{ mailbox: 'm', role: 2 }, { role: 2 }, null],
    [{ mailbox: 'm', user: 1, expiresAt: null }, { user: 1 }, null],
    [{ mailbox: 'm', user: 1, expiresAt: '2026-01-15T12:00:00.001Z' }, { user: 1 }, NOW + 1],
    [{ mailbox: 'm', user: 1, expiresAt: '2026-01-15T14:00:01+02:00' }, { user: 1 }, NOW + 1000],
  ])('accepts %j', (input, subject, expiresAt) => {
    expect(read(input)).toEqual({ ok: true, value: { mailbox: 'm', subject, expiresAt } });
  });

  it.each<[object, string]>([
    [{ mailbox: 'm' }, 'user'],
    [{ mailbox: 'm', user: 1, role: 2 }, 'user'],
    [{ user: 1 }, 'mailbox'],
    [{ mailbox: '', user: 1 }, 'mailbox'],
    [{ mailbox: { $ne: '' }, user: 1 }, 'mailbox'],
    [{ mailbox: 'm', user: '1' }, 'user'],
    [{ mailbox: 'm', user: 0 }, 'user'],
    [{ mailbox: 'm', user: 1.5 }, 'user'],
    [{ mailbox: 'm', user: 2 ** 31 }, 'user'],
    [{ mailbox: 'm', user: null }, 'user'],
    [{ mailbox: 'm', role: -1 }, 'role'],
    [{ mailbox: 'm', user: 1, expiresAt: '2026-01-15T12:00:00Z' }, 'expiresAt'],
    [{ mailbox: 'm', user: 1, expiresAt: '2025-01-15T12:00:00Z' }, 'expiresAt'],
    [{ mailbox: 'm', user: 1, expiresAt: '2027-01-15' }, 'expiresAt'],
    [{ mailbox: 'm', user: 1, expiresAt: '2027-01-15T12:00:00' }, 'expiresAt'],
    [{ mailbox: 'm', user: 1, expiresAt: '2027-13-45T12:00:00Z' }, 'expiresAt'],
    [{ mailbox: 'm', user: 1, expiresAt: NOW + 1 }, 'expiresAt'],
  ])('rejects %j', (input, path) => {
    expect(read(input)).toMatchObject({ ok: false, refusal: { code: 'INVALID_INPUT', details: { path } } });
  });

  it('rejects an unknown key', () => {
    expect(read({ mailbox: 'm', user: 1, tenant: 't' })).toMatchObject({ refusal: { code: 'UNKNOWN_FIELD' } });
  });
});
