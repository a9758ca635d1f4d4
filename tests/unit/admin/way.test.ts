import { wayOf } from '../../../admin/src/settings/mailboxes/way';

describe('how mail of the form would leave', () => {
  it.each([
    [{ authenticated: true, host: ' ', auth: 'password' }, 'system@site.example', { key: 'preview.own-missing' }],
    [{ authenticated: true, host: '', auth: 'none' }, null, { key: 'preview.own-missing' }],
    [
      { authenticated: true, host: ' mail.club.example ', auth: 'password' },
      null,
      { key: 'preview.own', values: { host: 'mail.club.example' } },
    ],
    [
      { authenticated: true, host: 'mail.club.example', auth: 'none' },
      null,
      { key: 'preview.own-no-login', values: { host: 'mail.club.example' } },
    ],
    [
      { authenticated: false, host: 'mail.club.example', auth: 'password' },
      'system@site.example',
      { key: 'preview.system', values: { address: 'system@site.example' } },
    ],
    [{ authenticated: false, host: '', auth: 'password' }, null, { key: 'preview.system-missing' }],
  ] as const)('%j with the system address %s is described by %j', (form, systemEmail, way) => {
    expect(wayOf(form, systemEmail)).toEqual(way);
  });
});
