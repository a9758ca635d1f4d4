import { isSubset, withoutErrorsOf } from '../../../admin/src/shared/ui/form-errors';
import {
  ERROR_PATHS,
  problemsOf,
  fieldText,
  pathOf,
  serverProblem,
} from '../../../admin/src/settings/mailboxes/errors';
import {
  bodyOf,
  EMPTY_FORM,
  forgetsPassword,
  formOf,
  isStored,
  lacksPassword,
  type MailboxForm,
} from '../../../admin/src/settings/mailboxes/form';
import { adviceFor, pairProblem, presetOf, PRESETS, settingsOf } from '../../../admin/src/settings/mailboxes/presets';
import type { Text } from '../../../admin/src/shared/i18n/use-text';
import { parseMailboxDraft, smtpSchema } from '../../../server/src/contracts/mailbox';
import type { Mailbox } from '../../../server/src/contracts/answers';

const SMTP = {
  host: 'smtp.club.example',
  port: 587,
  encryption: 'starttls' as const,
  auth: 'password' as const,
  username: 'news',
  hasPassword: true,
  passwordSetAt: '2026-01-02T03:04:05.000Z',
};

const stored = (differs: Partial<Mailbox> = {}): Mailbox => ({
  id: 'mailbox1',
  email: 'news@club.example',
  name: 'News',
  tenant: 'tenant1',
  enabled: true,
  sender: true,
  reply: true,
  global: false,
  restricted: false,
  authenticated: true,
  smtp: SMTP,
  signature: { html: '', text: '' },
  limits: { perMinute: 60, connections: 5 },
  state: 'ok',
  pausedBecause: null,
  ...differs,
});

const edited = (part: Partial<MailboxForm>, of = stored()): MailboxForm => ({ ...formOf(of), ...part });

describe('the body of a save', () => {
  it('is empty without changes', () => {
    expect(bodyOf(formOf(stored()), stored())).toEqual({});
  });

  it.each<[part: Partial<MailboxForm>, body: object]>([
    [{ name: ' Club News ' }, { name: 'Club News' }],
    [{ restricted: true }, { restricted: true }],
    [{ global: true }, { global: true }],
    [{ tenant: 'tenant2' }, { tenant: 'tenant2' }],
    [{ authenticated: false }, { authenticated: false }],
    [{ signatureText: 'Yours' }, { signature: { html: '', text: 'Yours' } }],
    [{ connections: '' }, { limits: { perMinute: 60 } }],
  ])('holds only the changed fields: %j', (part, body) => {
    expect(bodyOf(edited(part), stored())).toEqual(body);
  });

  it('holds the settings as a whole, and the password only when one was typed', () => {
    const { hasPassword: _, passwordSetAt: __, ...settings } = SMTP;
    expect(bodyOf(edited({ port: '2525' }), stored())).toEqual({ smtp: { ...settings, port: 2525 } });
    expect(bodyOf(edited({ password: 'secret' }), stored())).toEqual({ smtp: { ...settings, password: 'secret' } });
  });

  it('restricts a new mailbox from the start', () => {
    const form = { ...EMPTY_FORM, email: 'a@b.example', name: 'A', restricted: true };
    expect(bodyOf(form, null)).toEqual({ email: 'a@b.example', name: 'A', restricted: true });
    expect(parseMailboxDraft(bodyOf(form, null), Date.now())).toMatchObject({ ok: true });
  });
});

describe('the stored password', () => {
  it.each<[part: Partial<MailboxForm>, forgets: boolean]>([
    [{}, false],
    [{ name: 'Other' }, false],
    [{ host: 'SMTP.club.example' }, false],
    [{ host: 'evil.example' }, true],
    [{ port: '465' }, true],
    [{ encryption: 'tls' }, true],
    [{ username: 'other' }, true],
    [{ auth: 'none' }, true],
    [{ authenticated: false }, true],
    [{ email: 'ceo@corp.example' }, true],
    [{ email: ' News@CLUB.example ' }, false],
    [{ email: 'ceo@corp.example', password: 'new' }, false],
    [{ host: 'evil.example', password: 'new' }, false],
  ])('is cleared by %j: %s', (part, forgets) => {
    expect(forgetsPassword(stored(), edited(part))).toBe(forgets);
  });

  it('is missing when none was stored or typed, or when it is cleared', () => {
    const without = stored({ smtp: { ...SMTP, hasPassword: false, passwordSetAt: null } });
    expect(lacksPassword(without, formOf(without))).toBe(true);
    expect(lacksPassword(without, edited({ password: 'x' }, without))).toBe(false);
    expect(lacksPassword(stored(), edited({ port: '25' }))).toBe(true);
    expect(lacksPassword(stored(), edited({ auth: 'none' }))).toBe(false);
    expect(lacksPassword(stored(), formOf(stored()))).toBe(false);
  });

  it('serves a test only of exactly the stored settings', () => {
    expect(isStored(formOf(stored()), stored())).toBe(true);
    expect(isStored(edited({ port: '25' }), stored())).toBe(false);
    expect(isStored(edited({ password: 'x' }), stored())).toBe(false);
    expect(isStored(EMPTY_FORM, null)).toBe(false);
  });
});

describe('the presets', () => {
  it.each(PRESETS.map((preset) => ({ preset, name: preset.name })))('can be saved: $name', ({ preset }) => {
    const { host, port, encryption } = preset;
    expect(smtpSchema.isValidSync({ host, port, encryption, auth: 'password' })).toBe(true);
    expect(pairProblem(settingsOf(preset))).toBeNull();
    expect(presetOf({ ...EMPTY_FORM, ...settingsOf(preset) })).toBe(preset);
  });

  it('are not named for custom settings', () => {
    expect(presetOf({ ...EMPTY_FORM, host: 'smtp.club.example' })).toBeUndefined();
  });
});

describe('advice', () => {
  it.each([
    ['465', 'starttls', 'tls'],
    ['465', 'tls', null],
    ['587', 'tls', 'starttls'],
    ['587', 'starttls', null],
    ['2525', 'tls', null],
  ] as const)('on port %s with %s is %s', (port, encryption, problem) => {
    expect(pairProblem({ port, encryption })).toBe(problem);
  });

  it.each([
    ['smtp.gmail.com', 'app-password'],
    ['SMTP.Office365.com ', 'microsoft'],
    ['notgmail.com', null],
    ['smtp.club.example', null],
  ])('on %s is %s', (host, advice) => {
    expect(adviceFor(host)).toBe(advice);
  });
});

describe('errors of the form', () => {
  const t: Text = (key, values) => [key, ...Object.values(values ?? {})].join(' ');
  const paths = (form: Partial<MailboxForm>) =>
    problemsOf(bodyOf({ ...EMPTY_FORM, ...form }, null)).map((problem) => [pathOf(problem, []), fieldText(problem, t)]);

  it('name every field that is not in order, in the order of the fields', () => {
    expect(paths({ authenticated: true, port: '70000', host: 'smtp.club.example', connections: '0' })).toEqual([
      ['email', 'error.required'],
      ['name', 'error.required'],
      ['smtp.port', 'error.port'],
      ['limits.connections', 'error.range 1 100'],
    ]);
  });

  it.each(['58x', '', ' ', '-1'])('name a port that is no whole number: %j', (port) => {
    const form = { email: 'a@b.example', name: 'A', authenticated: true, host: 'smtp.club.example', port };
    expect(paths(form)).toEqual([['smtp.port', 'error.port']]);
  });

  it('name a limit that is no whole number', () => {
    expect(paths({ email: 'a@b.example', name: 'A', perMinute: '1o' })).toEqual([
      ['limits.perMinute', 'error.range 1 1000000'],
    ]);
  });

  it.each<[changed: Partial<MailboxForm>, left: string[]]>([
    [{ email: 'x' }, ['', 'smtp.host', 'smtp.port', 'limits.perMinute']],
    [{ host: 'x' }, ['', 'email', 'smtp.port', 'limits.perMinute']],
    // A host is refused together with its port and encryption.
    [{ port: '25' }, ['', 'email', 'limits.perMinute']],
    [{ encryption: 'tls' }, ['', 'email', 'smtp.port', 'limits.perMinute']],
    [{ authenticated: false }, ['', 'email', 'limits.perMinute']],
    [{ perMinute: '5' }, ['', 'email', 'smtp.host', 'smtp.port']],
    [{ signatureText: 'x' }, ['', 'email', 'smtp.host', 'smtp.port', 'limits.perMinute']],
  ])('go with a change of their field: %j', (changed, left) => {
    const errors = { '': 'a', email: 'b', 'smtp.host': 'c', 'smtp.port': 'd', 'limits.perMinute': 'e' };
    expect(Object.keys(withoutErrorsOf<MailboxForm>(errors, changed, ERROR_PATHS))).toEqual(left);
  });

  it('move the focus when a save finds them, not when they go', () => {
    expect(isSubset({ email: 'a', name: 'b' }, { name: 'b' })).toBe(true);
    expect(isSubset({ name: 'b' }, {})).toBe(true);
    expect(isSubset({}, { name: 'b' })).toBe(false);
    expect(isSubset({ name: 'b' }, { name: 'b' })).toBe(false);
    expect(isSubset({ email: 'a', name: 'b' }, { name: 'c' })).toBe(false);
  });

  it('are none for a form that is in order', () => {
    expect(paths({ email: 'a@b.example', name: 'A' })).toEqual([]);
  });

  it.each<[details: Record<string, unknown>, path: string, text: string | null]>([
    [{ code: 'MAILBOX_ADDRESS_TAKEN' }, 'email', null],
    [{ code: 'MAILBOX_IN_USE', grants: 2, submissions: 1 }, 'email', 'error.address-in-use 2 1'],
    [{ code: 'INVALID_ADDRESS', path: 'email', reason: 'domain' }, 'email', 'error.domain-rule'],
    [{ code: 'INVALID_INPUT', path: 'smtp.password', reason: 'no-key' }, 'smtp.password', 'error.no-key'],
    [{ code: 'HOST_NOT_ALLOWED', path: 'smtp.host', reason: 'private' }, 'smtp.host', null],
  ])('of the server are tied to their field: %j', (details, path, text) => {
    const problem = serverProblem({ details });
    expect([pathOf(problem, []), fieldText(problem, t)]).toEqual([path, text]);
  });

  it.each<[details: Record<string, unknown>, path: string, text: string | null]>([
    [{ code: 'NOT_FOUND', path: 'grants.add[1].user' }, 'user-7', 'error.grant.subject'],
    [{ code: 'NOT_FOUND', path: 'grants.add[0].role' }, 'role-5', 'error.grant.subject'],
    [{ code: 'INVALID_INPUT', path: 'grants.add[1].expiresAt' }, 'user-7', 'error.grant.end'],
    [{ code: 'NOT_FOUND', path: 'grants.remove[0]' }, '', 'error.grant.revoked'],
    [{ code: 'INVALID_INPUT', path: 'grants.add' }, '', null],
    [{ code: 'FORBIDDEN', path: 'grants' }, '', null],
    [{ code: 'NOT_FOUND' }, '', null],
  ])('of a grant are tied to its user or role: %j', (details, path, text) => {
    const granted = [
      { kind: 'role' as const, subject: 5, expiresAt: null, id: null },
      { kind: 'user' as const, subject: 7, expiresAt: null, id: 'grant7' },
    ];
    expect([pathOf({ details }, granted), fieldText({ details }, t)]).toEqual([path, text]);
  });

  it('name a grant that ends in the past before it is sent', () => {
    const grants = { add: [{ user: 7 }, { role: 5, expiresAt: '2001-01-01T00:00:00Z' }] };
    expect(problemsOf({ name: 'News', grants })).toMatchObject([{ details: { path: 'grants.add[1].expiresAt' } }]);
  });
});
