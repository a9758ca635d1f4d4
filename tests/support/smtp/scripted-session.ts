import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls';
import { createByteReader, createDotUnstuffer } from './byte-reader';
import type { ServerCertificate } from './certificates';
import { perform, type Answer, type Credentials, type Session, type Stage, type Wire } from './script';

/** The part of the server that a session uses. */
export interface SessionHost {
  readonly greeting: string;
  readonly ehlo: readonly string[];
  readonly starttls: ServerCertificate | undefined;
  readonly tls: ServerCertificate | undefined;
  readonly tlsOptions: SecureContextOptions;
  readonly users: Readonly<Record<string, string>> | undefined;
  /** Records that the session is at the stage, and returns what the script says to it. */
  arrive(stage: Stage, arg: string): { decided: Promise<Answer | void>; onReply: (reply: string) => void };
  onSecured(): void;
  onGoAhead(): void;
  onAccepted(raw: Buffer): void;
}

const isPositive = (code: number): boolean => code >= 200 && code < 300;
const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
const toBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const pathOf = (arg: string): string => /<([^>]*)>/.exec(arg)?.[1] ?? '';

const readCredentials = async (arg: string, prompt: (challenge: string) => Promise<string>): Promise<Credentials> => {
  const [mechanism = '', initial] = arg.split(' ');
  const method = mechanism.toUpperCase();
  if (method === 'LOGIN') {
    const login = fromBase64(initial ?? (await prompt(toBase64('Username:'))));
    return { method, login, password: fromBase64(await prompt(toBase64('Password:'))) };
  }
  const response = fromBase64(initial ?? (await prompt('')));
  const parts = method === 'PLAIN' ? /^[^\0]*\0([^\0]*)\0([^]*)$/ : /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)/;
  const [, login = '', password = ''] = parts.exec(response) ?? [];
  return { method, login, password };
};

/** Leads one connection through SMTP until it ends; an error means that the script threw. */
export const serveSession = async (raw: Socket, session: Session, host: SessionHost): Promise<void> => {
  let wire: Wire = { socket: raw, raw, reader: createByteReader(raw) };
  let sizeLimit = Infinity;

  const answer = async (
    stage: Stage,
    arg: string,
    byDefault: Answer | null,
    whenReplied: (code: number) => void = () => undefined
  ): Promise<number> => {
    const { decided, onReply } = host.arrive(stage, arg);
    const chosen = (await decided) ?? byDefault;
    if (chosen === null) return 0;
    return perform(chosen, byDefault, wire, (reply, code) => {
      whenReplied(code);
      onReply(reply);
    });
  };

  const readLine = async (): Promise<string> => {
    const line = await wire.reader.line();
    session.lines.push({ line, secure: session.secure });
    return line;
  };

  const forgetTransaction = (): void => {
    Object.assign(session, { from: null, to: [] });
  };

  const offersTls = (): boolean => host.starttls !== undefined && !session.secure;

  /** Advertises AUTH only over TLS where STARTTLS is offered, as real servers do. */
  const extensions = (): string[] => [
    ...host.ehlo.filter((extension) => !(offersTls() && extension.toUpperCase().startsWith('AUTH '))),
    ...(offersTls() ? ['STARTTLS'] : []),
  ];

  const upgrade = (certificate: ServerCertificate): Promise<void> =>
    new Promise((resolve) => {
      wire.reader.detach();
      const secureContext = createSecureContext({ ...host.tlsOptions, ...certificate });
      const socket = new TLSSocket(raw, { isServer: true, secureContext });
      // A client that rejects the certificate disconnects; the server treats that as a closed connection.
      socket.on('error', () => raw.destroy());
      socket.once('close', () => raw.destroy());
      wire = { socket, raw, reader: createByteReader(socket) };
      socket.once('secure', () => {
        session.secure = true;
        host.onSecured();
        resolve();
      });
    });

  const ehlo = async (verb: string, arg: string): Promise<void> => {
    session.clientName = arg;
    const advertised = verb === 'EHLO' ? extensions() : [];
    sizeLimit = Number(advertised.join('\n').match(/^SIZE (\d+)$/im)?.[1] ?? 0) || Infinity;
    const lines = ['mail.example', ...advertised];
    const reply = lines.map((line, index) => `250${index < lines.length - 1 ? '-' : ' '}${line}`).join('\n');
    if (isPositive(await answer('ehlo', arg, reply))) forgetTransaction();
  };

  const starttls = async (): Promise<void> => {
    const reply = offersTls() ? '220 2.0.0 Ready to start TLS' : '454 4.7.0 TLS not available';
    const code = await answer('starttls', '', reply);
    if (code === 220 && host.starttls) await upgrade(host.starttls);
  };

  const verdictOn = ({ login, password }: Credentials): string => {
    if (offersTls()) return '538 5.7.11 Encryption required';
    const known = !host.users || (Object.hasOwn(host.users, login) && host.users[login] === password);
    return known ? '235 2.7.0 Authentication successful' : '535 5.7.8 Authentication credentials invalid';
  };

  const auth = async (arg: string): Promise<void> => {
    const credentials = await readCredentials(arg, async (challenge) => {
      await perform(`334 ${challenge}`, null, wire, () => undefined);
      return readLine();
    });
    session.credentials = credentials;
    const code = await answer('auth', credentials.method, verdictOn(credentials));
    if (code === 235) session.authenticatedAs = credentials.login;
  };

  const mail = async (arg: string): Promise<void> => {
    const from = pathOf(arg);
    const declaredBytes = Number(/ SIZE=(\d+)/i.exec(arg)?.[1] ?? 0);
    const reply =
      host.users && session.authenticatedAs === null
        ? '530 5.7.0 Authentication required'
        : declaredBytes > sizeLimit
          ? '552 5.3.4 Message too big'
          : '250 2.1.0 Ok';
    if (isPositive(await answer('mail', from, reply))) Object.assign(session, { from, to: [] });
  };

  const rcpt = async (arg: string): Promise<void> => {
    const to = pathOf(arg);
    const reply = session.from === null ? '503 5.5.1 Need MAIL' : '250 2.1.5 Ok';
    if (isPositive(await answer('rcpt', to, reply))) session.to.push(to);
  };

  const receiveBody = async (): Promise<Buffer> => {
    const unstuffer = createDotUnstuffer();
    session.bodyBytes = 0;
    for (let first = true; ; first = false) {
      const bytes = await wire.reader.take();
      const progress = unstuffer.push(bytes);
      session.bodyBytes += bytes.length - (progress.ended ? progress.rest.length : 0);
      if (first) await answer('body-start', '', null);
      await answer('body', String(session.bodyBytes), null);
      if (!progress.ended) continue;
      wire.reader.giveBack(progress.rest);
      return unstuffer.message();
    }
  };

  const data = async (): Promise<void> => {
    const reply = session.to.length > 0 ? '354 End data with <CR><LF>.<CR><LF>' : '554 5.5.1 No valid recipients';
    const code = await answer('data', '', reply, (replied) => {
      if (replied === 354) host.onGoAhead();
    });
    if (code !== 354) return;
    const message = await receiveBody();
    await answer('dot', '', '250 2.0.0 Ok: queued', (replied) => {
      if (isPositive(replied)) host.onAccepted(message);
    });
    forgetTransaction();
  };

  const rset = async (): Promise<void> => {
    if (isPositive(await answer('rset', '', '250 2.0.0 Ok'))) forgetTransaction();
  };

  const command = async (line: string): Promise<unknown> => {
    const [, word = '', arg = ''] = /^(\S*)\s*([^]*)$/.exec(line) ?? [];
    const verb = word.toUpperCase();
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        return ehlo(verb, arg);
      case 'STARTTLS':
        return starttls();
      case 'AUTH':
        return auth(arg);
      case 'MAIL':
        return mail(arg);
      case 'RCPT':
        return rcpt(arg);
      case 'DATA':
        return data();
      case 'RSET':
        return rset();
      case 'NOOP':
        return answer('noop', arg, '250 2.0.0 Ok');
      case 'QUIT':
        return answer('quit', '', { reply: '221 2.0.0 Bye', thenDrop: true });
      default:
        return answer('unknown', line, '502 5.5.2 Command not recognized');
    }
  };

  if (host.tls) await upgrade(host.tls);
  await answer('connect', '', host.greeting);
  for (;;) await command(await readLine());
};
