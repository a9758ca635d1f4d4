import type { Submission, SubmitInput } from '../../server/src/submissions/service';
import { boot, OPERATOR, type App, type BootOptions } from './strapi';

/** System actor of the configuration, with every mailbox of the default tenant. */
export const ROBOT = { type: 'system', name: 'robot' } as const;

export const PASSWORD = 'correct horse battery';
export const LOGIN = 'news-login';

/** A Strapi whose system actor `robot` may send from every mailbox, and which may talk to 127.0.0.1. */
export const bootForDelivery = ({
  config = {},
  caPem,
  systemPort,
  ...options
}: BootOptions & { caPem?: string; systemPort?: number } = {}): Promise<App> =>
  boot({
    ...options,
    config: {
      mailboxLimit: 10_000,
      systemActors: { robot: { mailboxes: 'all' } },
      // The default of 60 attempts per minute would make tests wait.
      limits: { perMailboxPerMinute: 1_000_000 },
      network: { allow: ['127.0.0.1'], ca: caPem === undefined ? [] : [caPem] },
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        ...(systemPort === undefined
          ? {}
          : { transport: { host: '127.0.0.1', port: systemPort, encryption: 'none', auth: 'none' } }),
      },
      ...config,
    },
  });

/** The same, but its submissions stay as they were accepted: nothing is delivered. */
export const bootToAccept = ({
  delivery,
  ...config
}: { delivery?: object; [key: string]: unknown } = {}): Promise<App> =>
  bootForDelivery({ systemPort: 25, config: { delivery: { role: 'accept', ...delivery }, ...config } });

export interface SmtpDiffers {
  host?: string;
  encryption?: 'tls' | 'starttls' | 'none';
  auth?: 'password' | 'none';
  username?: string;
  password?: string | null;
}

let counter = 0;

/** Creates a mailbox of the default tenant with an SMTP server on this port. @returns its documentId */
export const mailboxAt = async (
  app: App,
  port: number,
  smtp: SmtpDiffers = {},
  differs: Record<string, unknown> = {}
): Promise<string> => {
  const { host = '127.0.0.1', encryption = 'none', auth = 'none', ...credentials } = smtp;
  const { id } = await app.service('mailboxes').create(
    {
      email: `news-${(counter += 1)}@club.example`,
      name: 'Club News',
      authenticated: true,
      smtp: {
        host,
        port,
        encryption,
        auth,
        ...(auth === 'password' ? { username: LOGIN, password: PASSWORD, ...credentials } : {}),
      },
      ...differs,
    },
    { actor: OPERATOR }
  );
  return id;
};

type Letter = Partial<Omit<SubmitInput, 'from'>>;

/** Submits a small message. */
export const submit = (app: App, from: SubmitInput['from'], differs: Letter = {}): Promise<Submission> =>
  app.service('submissions').submit({
    actor: ROBOT,
    from,
    to: ['ada@reader.example'],
    subject: 'Hello',
    text: 'Hello',
    ...differs,
  });

export const settled = (app: App, { id, actor }: Submission): Promise<Submission> =>
  app.service('submissions').whenSettled(id, { actor, timeoutMs: 20_000 });

/** Submits a small message and waits until it is settled. */
export const send = async (app: App, from: SubmitInput['from'], differs: Letter = {}): Promise<Submission> =>
  settled(app, await submit(app, from, differs));

/** Submits a small message and waits for the end of its first attempt, with any result. */
export const tried = async (app: App, from: SubmitInput['from'], differs: Letter = {}): Promise<Submission> => {
  const { id, actor } = await submit(app, from, differs);
  const ended = async (): Promise<boolean> =>
    (
      await app.strapi.db
        .connection('mailboxes_attempts')
        .where({ submission: id, claim: 1 })
        .whereNotNull('ended_at')
        .select('claim')
    ).length > 0;
  while (!(await ended())) await new Promise((resolve) => setTimeout(resolve, 10));
  return app.service('submissions').get(id, { actor });
};

/** Submits a small message that no worker may claim, because its transport is paused or unreachable. */
export const waiting = async (app: App, from: SubmitInput['from']): Promise<Submission> => {
  const { id, actor } = await submit(app, from);
  const { jobs } = await app.service('submissions').outbox.claim(100, 60_000);
  if (jobs.some((job) => job.id === id)) throw new Error('it was claimed');
  for (const job of jobs) await app.service('submissions').outbox.release(job, 'shutdown');
  return app.service('submissions').get(id, { actor });
};

export const pausedCode = async (app: App, mailbox: string): Promise<string | null> =>
  (await app.service('mailboxes').findOne(mailbox, { actor: OPERATOR }))?.pausedBecause?.code ?? null;

/** State and reply by address. */
export const recipientsOf = ({ recipients }: Submission): Record<string, [state: string, reply: string | null]> =>
  Object.fromEntries(recipients.map(({ email, state, reply }) => [email, [state, reply]]));
