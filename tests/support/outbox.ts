import type { Submission, SubmitInput } from '../../server/src/submissions/service';
import { boot, OPERATOR, type App, type BootOptions } from './strapi';

/** Sends by configuration: may use every mailbox of the default tenant. */
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

export interface SmtpDiffers {
  host?: string;
  encryption?: 'tls' | 'starttls' | 'none';
  auth?: 'password' | 'none';
  username?: string;
  password?: string | null;
}

let counter = 0;

/** A mailbox of the default tenant that sends over its own server on this port. @returns its documentId */
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

/** Hands in a small message. */
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

/** Hands in a small message and waits for its end. */
export const send = async (app: App, from: SubmitInput['from'], differs: Letter = {}): Promise<Submission> =>
  settled(app, await submit(app, from, differs));

export const pausedCode = async (app: App, mailbox: string): Promise<string | null> =>
  (await app.service('mailboxes').findOne(mailbox, { actor: OPERATOR }))?.pausedBecause?.code ?? null;

/** State and reply by address. */
export const recipientsOf = ({ recipients }: Submission): Record<string, [state: string, reply: string | null]> =>
  Object.fromEntries(recipients.map(({ email, state, reply }) => [email, [state, reply]]));
