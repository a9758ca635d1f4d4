import type {
  GrantInput,
  MailboxInput,
  SmtpSettings,
  SubmitInput,
  TenantInput,
} from '../../../server/src/contracts/services';
import { grantSchema, grantsSchema } from '../../../server/src/contracts/grant';
import { mailboxCreateSchema, mailboxUpdateSchema, smtpSchema } from '../../../server/src/contracts/mailbox';
import { submitSchema } from '../../../server/src/contracts/submission';
import { tenantCreateSchema, tenantUpdateSchema } from '../../../server/src/contracts/tenant';
import { MESSAGE, STATUS } from '../../../server/src/domain/refusal';
import { MailboxesError } from '../../../server/src/strapi/error';
import { isMailboxesError, mailboxes } from '../../../server/src/public';

/** Every key of a type; the compiler checks that none is missing. */
type Keys<T> = Record<keyof T, true>;

const SUBMIT = {
  tenant: true,
  from: true,
  replyTo: true,
  to: true,
  cc: true,
  bcc: true,
  subject: true,
  text: true,
  html: true,
  attachments: true,
  headers: true,
  sendAt: true,
  sendZone: true,
  undoSeconds: true,
  idempotencyKey: true,
  draft: true,
  draftVersion: true,
  acceptWarnings: true,
} satisfies Keys<Omit<SubmitInput, 'actor'>>;
const MAILBOX = {
  email: true,
  name: true,
  tenant: true,
  enabled: true,
  sender: true,
  reply: true,
  global: true,
  restricted: true,
  authenticated: true,
  smtp: true,
  signature: true,
  limits: true,
  grants: true,
} satisfies Keys<MailboxInput>;
const SMTP = {
  host: true,
  port: true,
  encryption: true,
  auth: true,
  username: true,
  password: true,
} satisfies Keys<SmtpSettings>;
const GRANT = { mailbox: true, user: true, role: true, expiresAt: true } satisfies Keys<GrantInput>;
const GRANTS = { add: true, remove: true } satisfies Keys<NonNullable<MailboxInput['grants']>>;
const TENANT = {
  name: true,
  key: true,
  members: true,
  mailboxLimit: true,
  mailboxDomains: true,
  ownAddress: true,
  ownAddressDomains: true,
  duplicatePolicy: true,
  systemSender: true,
  system: true,
} satisfies Keys<TenantInput>;

describe('the keys of exported types and schemas are equal', () => {
  it.each([
    ['SubmitInput without its actor', submitSchema, SUBMIT],
    ['MailboxInput', mailboxCreateSchema, MAILBOX],
    ['MailboxInput, to change', mailboxUpdateSchema, MAILBOX],
    ['SmtpSettings', smtpSchema, SMTP],
    ['GrantInput', grantSchema, GRANT],
    ['MailboxInput.grants', grantsSchema, GRANTS],
    ['TenantInput', tenantCreateSchema, TENANT],
    ['TenantInput, to change', tenantUpdateSchema, TENANT],
  ])('in %s', (_, schema, keys) => {
    expect(Object.keys(schema.fields).sort()).toEqual(Object.keys(keys).sort());
  });
});

describe('a thrown refusal', () => {
  it.each(Object.keys(STATUS) as (keyof typeof STATUS)[])('isMailboxesError is true for %s', (code) => {
    const error = new MailboxesError({ code, message: MESSAGE[code] });
    expect(isMailboxesError(error)).toBe(true);
    expect(isMailboxesError(Object.assign(new Error(''), { status: error.status, details: { code } }))).toBe(true);
  });

  it.each([
    ['nothing', null],
    ['an error', new Error('x')],
    ['a code of somebody else', Object.assign(new Error('x'), { status: 400, details: { code: 'ENOENT' } })],
    [
      'a code that is a property of every object',
      Object.assign(new Error('x'), { status: 400, details: { code: 'toString' } }),
    ],
    ['no error', { status: 403, details: { code: 'FORBIDDEN' } }],
  ])('isMailboxesError is false for %s', (_, value) => expect(isMailboxesError(value)).toBe(false));
});

describe('mailboxes(strapi)', () => {
  it('returns the services of Strapi', () => {
    const asked: string[] = [];
    const service = (name: string) => asked.push(name) && { name };
    const services = mailboxes({ plugin: (plugin) => ({ service: (name) => service(`${plugin} ${name}`) }) });
    expect(services.submissions).toEqual({ name: 'mailboxes submissions' });
    expect(asked).toEqual(Object.keys(services).map((name) => `mailboxes ${name}`));
  });

  it('throws if the plugin is not loaded', () => {
    expect(() => mailboxes({ plugin: () => undefined })).toThrow('[mailboxes] the plugin is not there');
  });
});
