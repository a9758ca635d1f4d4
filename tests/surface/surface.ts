/**
 * The public types of the package, compiled against the build: under every module resolution, correct calls compile and
 * wrong ones do not.
 */
import type { Core } from '@strapi/strapi';
import {
  isMailboxesError,
  mailboxes,
  type Actor,
  type Grant,
  type Identity,
  type IdentityId,
  type IdentityList,
  type Mailbox,
  type MailboxesError,
  type MailboxInput,
  type RefusalCode,
  type Services,
  type Submission,
  type SubmitInput,
  type Tenant,
  type TenantInput,
} from 'strapi-plugin-mailboxes';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(answer: Same<A, B>): boolean => answer;

const user: Actor = { type: 'user', id: 1 };
const robot: Actor = { type: 'system', name: 'robot' };
const operator = { type: 'system', name: 'operator' } as const;

export const right = async (strapi: Core.Strapi): Promise<void> => {
  const services: Services = mailboxes(strapi);
  const { identities, submissions, grants, tenants } = services;

  const list: IdentityList = await identities.listFor({ actor: user, tenant: 'default' });
  const first: Identity | undefined = list.from[0];
  const decision = await identities.check({ actor: robot, from: 'system', replyTo: 'mailbox:abc' });
  const sender: Identity | RefusalCode = decision.allowed ? decision.from : decision.code;
  const { rows, total } = await identities.whoMayUse('abc', { page: 2, pageSize: 10 });

  const input: SubmitInput = {
    actor: robot,
    from: first?.id ?? 'system',
    to: ['ada@reader.example', { email: 'ben@reader.example', name: 'Ben' }],
    subject: 'Hello',
    text: 'Hello',
    attachments: [{ file: 1 }],
    headers: { 'X-Campaign': 'one' },
    sendAt: '2030-01-01T08:00:00Z',
    undoSeconds: 0,
    idempotencyKey: 'one',
  };
  const submission: Submission = await submissions.submit(input);
  await submissions.cancel(submission.id, { actor: robot });
  await submissions.retry(submission.id, { actor: robot });
  await submissions.settle(submission.id, { actor: robot, as: 'failed' });
  const { state, recipients } = await submissions.whenSettled(submission.id, { actor: robot, timeoutMs: 1000 });

  const mailbox: Mailbox = await services.mailboxes.create({ email: 'a@b.example', name: 'A' }, { actor: operator });
  const change: Partial<MailboxInput> = { restricted: true };
  const { grants: added = [] } = await services.mailboxes.update(
    mailbox.id,
    { ...change, grants: { add: [{ user: 1 }, { role: 2, expiresAt: null }], remove: ['abc'] } },
    { actor: operator }
  );
  await services.mailboxes.delete(mailbox.id, { actor: operator, cancelUnfinished: true });
  const missing: Mailbox | null = await services.mailboxes.findOne('x', { actor: operator });

  const grant: Grant = await grants.create({ mailbox: mailbox.id, user: 1 }, { actor: operator });
  await grants.delete(grant.id, { actor: operator });

  const tenantInput: TenantInput = { name: 'Club', ownAddress: 'reply-to', members: { users: [1], roles: [] } };
  const tenant: Tenant = await tenants.create(tenantInput, { actor: operator });
  const standard: Tenant = await tenants.default();

  const status = await services['own-address'].status({ actor: user });
  await services['own-address'].confirm({ actor: user, code: 'ABCDEFGH' });

  same<typeof state, 'held' | 'queued' | 'submitting' | 'submitted' | 'failed' | 'canceled' | 'uncertain'>(true);
  same<(typeof recipients)[number]['reply'], string | null>(true);
  same<IdentityId, 'system' | 'own' | `mailbox:${string}`>(true);
  same<Submission['actor'], { type: 'user'; id: number } | { type: 'system'; name: string }>(true);
  // Nothing is `any`: to that everything would be the same.
  same<typeof submission, Submission>(true);
  same<typeof status.confirmed, boolean>(true);
  same<typeof added, Grant[]>(true);
  void [sender, rows, total, added, missing, tenant, standard, state, recipients, status];
};

export const codeOf = (error: unknown): RefusalCode | null => {
  if (!isMailboxesError(error)) return null;
  const refused: MailboxesError = error;
  return refused.details.code;
};

export const wrong = async (strapi: Core.Strapi): Promise<void> => {
  const services = mailboxes(strapi);
  const { identities, submissions, grants, tenants } = services;
  const letter = { actor: robot, from: 'system', to: ['ada@reader.example'], subject: 'Hello', text: 'Hello' } as const;

  // @ts-expect-error no such service
  void services.newsletters;
  // @ts-expect-error no such method
  void submissions.send;
  // @ts-expect-error an actor is required
  await identities.listFor({});
  // @ts-expect-error an actor is a value with a type, not a name
  await identities.listFor({ actor: 'robot' });
  // @ts-expect-error a user is named by its number
  await identities.listFor({ actor: { type: 'user', name: 'Ada' } });
  // @ts-expect-error a sender is an id, never an address
  await submissions.submit({ ...letter, to: ['ada@reader.example'], from: 'boss@club.example' });
  // @ts-expect-error a submission has a subject
  await submissions.submit({ actor: robot, from: 'system', to: ['ada@reader.example'], text: 'Hello' });
  // @ts-expect-error one address alone is no list
  await submissions.submit({ actor: robot, from: 'system', to: 'ada@reader.example', subject: 'Hello' });
  // @ts-expect-error there is no field for raw headers
  await submissions.submit({ actor: robot, from: 'system', to: ['a@b.example'], subject: 'Hello', raw: 'Bcc: x' });
  // @ts-expect-error a moment is a text, not a Date
  await submissions.submit({ actor: robot, from: 'system', to: ['a@b.example'], subject: 'Hi', sendAt: new Date() });
  // @ts-expect-error the actor is required with every id
  await submissions.get('abc');
  // @ts-expect-error ids are texts
  await submissions.get(1, { actor: robot });
  // @ts-expect-error a person says submitted or failed
  await submissions.settle('abc', { actor: robot, as: 'delivered' });
  // @ts-expect-error a submission has a state, not a status
  void (await submissions.get('abc', { actor: robot })).status;
  // @ts-expect-error no password comes out
  void (await services.mailboxes.findMany({ actor: operator }))[0]?.smtp?.password;
  // @ts-expect-error findOne may find nothing
  void (await services.mailboxes.findOne('abc', { actor: operator })).name;
  // @ts-expect-error there is no such encryption
  const smtp: MailboxInput['smtp'] = { host: 'h', port: 25, encryption: 'ssl', auth: 'none' };
  // @ts-expect-error a role is named by its number
  await grants.create({ mailbox: 'abc', role: 'editor' }, { actor: operator });
  // @ts-expect-error a grant is replaced, never updated
  void grants.update;
  // @ts-expect-error no such rule
  await tenants.create({ name: 'Club', ownAddress: 'sometimes' }, { actor: operator });
  // @ts-expect-error no such code
  void (codeOf(new Error('x')) === 'NOT_A_CODE');
  // @ts-expect-error the decision has a sender only where it is allowed
  void (await identities.check({ actor: robot, from: 'system' })).from;
  // @ts-expect-error this is no Strapi
  mailboxes({});
  void smtp;
};
