import { MESSAGE, STATUS, type RefusalCode } from '../../server/src/domain/refusal';
import { adminToken } from '../support/admin-token';
import { letter } from '../support/letter';
import { bootSite, type Site } from '../support/site';
import { EDITOR, MANAGER, OPERATOR, type Person } from '../support/strapi';

type Body = Record<string, unknown>;
type Answer = { status: number; body: { data: unknown; error: Body & { details: Body } } };

/** They need a Strapi that is set up otherwise: refusals-system.test.ts. */
const OF_ANOTHER_SETUP = ['SYSTEM_NOT_CONFIGURED', 'TRANSPORT_CANNOT_CARRY'] as const satisfies readonly RefusalCode[];

type Answered = Exclude<RefusalCode, (typeof OF_ANOTHER_SETUP)[number]>;

const LIMIT_BYTES = 20_000;
const LIMIT_RECIPIENTS = 3;

let app: Site, admin: Person, ada: Person;
let token: { token: string };
let disabled: string, granted: string;
let foreign: string, full: string;

const submit = (differs: Body = {}, as: Pick<Person, 'token'> = ada) =>
  app.as(as).post('/submissions', letter(differs));
const mailbox = (differs: Body = {}) =>
  app.as(admin).post('/mailboxes', { email: 'new@club.example', name: 'New', ...differs });
const smtp = (differs: Body = {}) => ({ host: '127.0.0.1', port: 587, encryption: 'none', auth: 'none', ...differs });
const create = async (differs: Body) =>
  (await app.service('mailboxes').create({ email: 'x@club.example', name: 'X', ...differs }, { actor: OPERATOR })).id;

beforeAll(async () => {
  app = await bootSite({
    config: { mailboxLimit: 50, limits: { recipients: LIMIT_RECIPIENTS, messageBytes: LIMIT_BYTES } },
    onRcpt: (address) => (address.startsWith('nobody') ? { code: 550, text: 'No such user' } : undefined),
  });
  admin = await app.person({ actions: [...MANAGER, 'tenants.manage'] });
  ada = await app.person();
  token = await adminToken(app, await app.person(), EDITOR);
  const tenants = app.service('tenants');
  await tenants.update('default', { ownAddress: 'sender-and-reply-to' }, { actor: OPERATOR });
  foreign = (await tenants.create({ name: 'Foreign' }, { actor: OPERATOR })).id;
  full = (await tenants.create({ name: 'Full', mailboxLimit: 0 }, { actor: OPERATOR })).id;
  disabled = await create({ email: 'disabled@club.example', enabled: false });
  granted = await create({ email: 'granted@club.example', restricted: true });
  await create({ email: 'taken@club.example', tenant: foreign });
  await app.service('grants').create({ mailbox: granted, user: admin.id }, { actor: OPERATOR });
});

afterAll(() => app.stop());

const repeated = async (times: number, request: () => PromiseLike<Answer>): Promise<Answer> => {
  for (let time = 1; time < times; time += 1) await request();
  return request();
};

/** A submission of Ada's that no recipient was accepted for. */
const failed = async (differs: Body = {}): Promise<string> => {
  const { body } = await submit({ to: ['nobody@news.example'], ...differs }).expect(202);
  const by = { actor: { type: 'user', id: ada.id } as const };
  expect(await app.service('submissions').whenSettled(body.data.id, by)).toMatchObject({ state: 'failed' });
  return body.data.id as string;
};

/** One request per code that is answered with it. */
const CASES: Record<Answered, () => PromiseLike<Answer>> = {
  INVALID_INPUT: () => submit({ from: 'ceo@corp.example' }),
  UNKNOWN_FIELD: () => submit({ leaseToken: 'x' }),
  INVALID_ADDRESS: () => mailbox({ email: 'News <news@club.example>' }),
  INVALID_NAME: () => mailbox({ name: 'ceo@corp.example' }),
  INVALID_SUBJECT: () => submit({ subject: 'Hello\r\nBcc: evil@x.example' }),
  INVALID_HEADER: () => submit({ headers: { Bcc: 'evil@x.example' } }),
  CODE_INVALID: () => app.as(ada).post('/own-address/confirmation/verify', { code: '22222222' }),
  NO_RECIPIENTS: () => submit({ to: [] }),
  INVALID_RECIPIENTS: () => submit({ to: ['a@b@c'] }),
  TOO_MANY_RECIPIENTS: () => submit({ to: ['a', 'b', 'c', 'd'].map((local) => `${local}@news.example`) }),
  TOO_LARGE: () => submit({ text: 'x'.repeat(LIMIT_BYTES + 1) }),
  HOST_NOT_ALLOWED: () => mailbox({ authenticated: true, smtp: smtp({ host: '10.0.0.1', encryption: 'tls' }) }),
  SECRET_REQUIRED: () =>
    app.as(admin).post('/mailboxes/test', { email: 'new@club.example', smtp: smtp({ auth: 'password' }) }),
  FORBIDDEN_FROM: () => submit({ from: `mailbox:${granted}` }),
  FORBIDDEN_REPLY_TO: () => submit({ replyTo: `mailbox:${granted}` }),
  FORBIDDEN_TO_SEND: () => submit({}, token),
  OWN_ADDRESS_UNCONFIRMED: () => submit({ from: 'own' }),
  TENANT_MISMATCH: () => submit({ tenant: foreign }),
  FORBIDDEN: () => app.as(admin).delete('/tenants/default'),
  NOT_FOUND: () => app.as(ada).get('/submissions/nosuchsubmission'),
  ATTACHMENT_NOT_FOUND: () => submit({ attachments: [{ file: 4711 }] }),
  MAILBOX_DISABLED: () => submit({ from: `mailbox:${disabled}` }),
  MAILBOX_QUOTA_EXCEEDED: () => mailbox({ tenant: full }),
  MAILBOX_ADDRESS_TAKEN: () => mailbox({ email: 'TAKEN@Club.example', tenant: foreign }),
  MAILBOX_IN_USE: () => app.as(admin).put(`/mailboxes/${granted}`, { email: 'other@club.example' }),
  TENANT_IN_USE: () => app.as(admin).delete(`/tenants/${foreign}`),
  INVALID_STATE: async () => {
    const unreachable = await app.person({ email: 'nobody-reads@site.example' });
    return app.as(unreachable).post('/own-address/confirmation');
  },
  RATE_LIMITED: async () => {
    const impatient = await app.person();
    return repeated(4, () => app.as(impatient).post('/own-address/confirmation'));
  },
  SENDER_CHANGED: async () => {
    const moved = await create({ email: 'moved@club.example', name: 'Moved' });
    const id = await failed({ from: `mailbox:${moved}` });
    await app.service('mailboxes').update(moved, { email: 'elsewhere@club.example' }, { actor: OPERATOR });
    return app.as(ada).post(`/submissions/${id}/retry`);
  },
  CANNOT_UNSEND: async () => app.as(ada).post(`/submissions/${await failed()}/cancel`),
  IDEMPOTENCY_CONFLICT: async () => {
    await submit({ idempotencyKey: 'once', text: 'Meant to be sent' });
    return submit({ idempotencyKey: 'once', text: 'Another' });
  },
  WARNINGS: () => submit({ subject: '', acceptWarnings: [] }),
};

describe('a refusal is answered with its status and code, in the body of a Strapi error (rules §9)', () => {
  it.each(Object.entries(CASES))('%s', async (code, request) => {
    const { status, body } = await request();
    const expected = STATUS[code as Answered];
    expect({ status, body }).toEqual({
      status: expected,
      body: {
        data: null,
        error: {
          status: expected,
          name: 'MailboxesError',
          message: code === 'INVALID_STATE' ? expect.any(String) : MESSAGE[code as Answered],
          details: expect.objectContaining({ code }),
        },
      },
    });
  });

  it('has a case for every code, here or in refusals-system', () => {
    const known = [...Object.keys(CASES), ...OF_ANOTHER_SETUP];
    expect(known.sort()).toEqual(Object.keys(STATUS).sort());
  });

  it('RATE_LIMITED gives the waiting time in the details and in Retry-After', async () => {
    const impatient = await app.person();
    const { headers, body } = await repeated(4, () => app.as(impatient).post('/own-address/confirmation')).then(
      (answer) => answer as Answer & { headers: Record<string, string> }
    );
    const wait = Number(body.error.details.retryAfterSeconds);
    expect(wait).toBeGreaterThan(3500);
    expect(wait).toBeLessThanOrEqual(3600);
    expect(headers['retry-after']).toBe(String(wait));
  });
});

/** Faults in the order in which they are reported; the attachment and the identities are looked up in the database. */
const FAULTS = {
  UNKNOWN_FIELD: () => ({ actor: { type: 'system', name: 'operator' } }),
  INVALID_INPUT: () => ({ undoSeconds: '0' }),
  INVALID_RECIPIENTS: () => ({ to: ['a..b@c.example'] }),
  INVALID_SUBJECT: () => ({ subject: 'a\u2028b' }),
  TOO_LARGE: () => ({ html: 'x'.repeat(LIMIT_BYTES + 1) }),
  INVALID_HEADER: () => ({ headers: { Sender: 'evil@x.example' } }),
  TENANT_MISMATCH: () => ({ tenant: foreign }),
  FORBIDDEN_FROM: () => ({ from: 'mailbox:unknown' }),
  FORBIDDEN_REPLY_TO: () => ({ replyTo: 'mailbox:unknown' }),
  ATTACHMENT_NOT_FOUND: () => ({ attachments: [{ file: 4711 }] }),
  IDEMPOTENCY_CONFLICT: () => ({ idempotencyKey: 'taken' }),
  WARNINGS: () => ({ text: '', acceptWarnings: [] }),
} as const satisfies Partial<Record<RefusalCode, () => Body>>;

const CODES = Object.keys(FAULTS) as (keyof typeof FAULTS)[];
const PAIRS = CODES.flatMap((first, index) => CODES.slice(index + 1).map((second) => [first, second] as const));

describe('the same one of two faults is always reported (rules §9)', () => {
  const codeOf = async (differs: Body): Promise<unknown> => {
    const { body } = await submit(differs);
    return (body as Answer['body']).error.details.code;
  };

  let before: number;
  const stored = async (): Promise<number> =>
    (await app.as(ada).get('/submissions').expect(200)).body.meta.pagination.total;

  beforeAll(async () => {
    await submit({ idempotencyKey: 'taken', text: 'Meant to be sent' }).expect(202);
    before = await stored();
  });

  it.each(PAIRS)('%s before %s', async (first, second) => {
    expect(await codeOf({ ...FAULTS[second](), ...FAULTS[first]() })).toBe(first);
  });

  it.each<[string, RefusalCode, () => Body]>([
    ['no text at all before no recipient', 'INVALID_INPUT', () => ({ text: undefined, to: [] })],
    ['an unknown key of a recipient before a wrong type', 'UNKNOWN_FIELD', () => ({ to: [{ email: 1, evil: 1 }] })],
    [
      'an unknown key of an attachment before a wrong type',
      'UNKNOWN_FIELD',
      () => ({ from: 1, attachments: [{ path: '/etc/passwd' }] }),
    ],
    ['no recipient before the subject', 'NO_RECIPIENTS', () => ({ to: [], subject: 'a\nb' })],
    [
      'too many recipients before the subject',
      'TOO_MANY_RECIPIENTS',
      () => ({ cc: ['a@x.example', 'b@x.example', 'c@x.example'], subject: 'a\nb' }),
    ],
    [
      'a disabled mailbox before Reply-To',
      'MAILBOX_DISABLED',
      () => ({ from: `mailbox:${disabled}`, replyTo: 'mailbox:unknown' }),
    ],
    ['From before an unconfirmed Reply-To', 'FORBIDDEN_FROM', () => ({ from: 'mailbox:unknown', replyTo: 'own' })],
    [
      'an unconfirmed Reply-To before the attachment',
      'OWN_ADDRESS_UNCONFIRMED',
      () => ({ replyTo: 'own', attachments: [{ file: 4711 }] }),
    ],
  ])('%s', async (_, code, differs) => {
    expect(await codeOf(differs())).toBe(code);
  });

  it.each<[RefusalCode, () => Body]>([
    ['TENANT_MISMATCH', () => ({ tenant: foreign, from: 'mailbox:unknown' })],
    ['FORBIDDEN_TO_SEND', () => ({ from: 'mailbox:unknown' })],
  ])('%s for a user who may not send at all', async (code, differs) => {
    const { id } = await app.person({ actions: [] });
    const input = { ...letter(differs()), actor: { type: 'user', id } };
    await expect(app.service('submissions').submit(input as never)).rejects.toMatchObject({ details: { code } });
  });

  it.each<[string, RefusalCode, () => Body]>([
    ['an unknown field before the address', 'UNKNOWN_FIELD', () => ({ email: 'a', passwordSetAt: 'x' })],
    [
      'an unknown field of the SMTP settings before the address',
      'UNKNOWN_FIELD',
      () => ({ email: 'a', smtp: { path: 1 } }),
    ],
    ['a wrong type before the address', 'INVALID_INPUT', () => ({ email: 'a', sender: 1 })],
    ['the address before the name', 'INVALID_ADDRESS', () => ({ email: 'a', name: 'b@c' })],
    ['the name before the tenant', 'INVALID_NAME', () => ({ name: 'b@c', tenant: 'unknown' })],
    [
      'the tenant before the server',
      'NOT_FOUND',
      () => ({ tenant: 'unknown', authenticated: true, smtp: smtp({ host: '10.0.0.1' }) }),
    ],
    [
      'the server before the quota',
      'HOST_NOT_ALLOWED',
      () => ({ tenant: full, authenticated: true, smtp: smtp({ host: '10.0.0.1' }) }),
    ],
    [
      'the quota before the address in use',
      'MAILBOX_QUOTA_EXCEEDED',
      () => ({ tenant: full, email: 'taken@club.example' }),
    ],
  ])('of a mailbox: %s', async (_, code, differs) => {
    const { body } = await mailbox(differs());
    expect((body as Answer['body']).error.details.code).toBe(code);
  });

  it('leaves no refused submission stored or sent', async () => {
    expect(await stored()).toBe(before);
    const meant = ['Confirm your address', 'Meant to be sent'];
    expect(app.mailServer.messages.every(({ raw }) => meant.some((text) => raw.includes(text)))).toBe(true);
  });
});
