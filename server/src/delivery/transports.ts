import { rootCertificates } from 'node:tls';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import nodemailer from 'nodemailer';
import { addressKey } from '../domain/address';
import type { Attempt, RecipientReply, Reply, Stage, Trouble } from '../domain/outcome';
import { printable, redact } from '../secrets/redact';
import type { NetworkRule } from './network';
import { semaphore } from './semaphore';

/** A mail server as one mailbox, or the system mailbox, uses it. */
export interface SmtpTransport {
  kind: 'smtp';
  /** Mailbox and settings version: another version is another pool. */
  id: string;
  version: string;
  host: string;
  port: number;
  encryption: 'tls' | 'starttls' | 'none';
  credentials: { username: string; password: string } | null;
  connections: number;
}

/** What is handed over, and the fences around it. */
export interface HandOver {
  envelope: { from: string; to: readonly string[] };
  messageId: string;
  sizeBytes: number;
  chunks: () => AsyncIterable<Uint8Array>;
  /** After the server's 354 and before the first byte: may it go? (delivery §3.3) */
  pointOfNoReturn: () => Promise<boolean>;
  /** Before the last chunk: is the lease still ours? */
  stillOurs: () => Promise<boolean>;
  /** Stops the attempt, unless the end of data is out: then only the reply can tell. */
  signal: AbortSignal;
}

export interface TransportsDependencies {
  network: NetworkRule;
  /** PEM texts, trusted besides Node's roots. */
  trustedRoots: readonly string[];
}

const CONNECT_TIMEOUT_MS = 30_000;
/** RFC 5321 §4.5.3.2.6: ten minutes for the reply to the final dot. */
const SOCKET_TIMEOUT_MS = 10 * 60_000;
/** Until the end of data is out, a server that makes no progress for so long is left: nothing is lost yet. */
const STALL_TIMEOUT_MS = 3 * 60_000;
const IDLE_MS = 60_000;
const MAX_POOLS = 50;
const MAX_MESSAGES_PER_CONNECTION = 100;

type Pool = ReturnType<typeof createPool>;

interface MailError extends Error {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  recipient?: string;
  rejectedErrors?: MailError[];
}

/** Thrown inside the body stream: the connection closes without the final dot, and nothing was submitted. */
class Fence extends Error {}

const createPool = (
  { host, port, encryption, credentials, connections }: SmtpTransport,
  { network, trustedRoots }: TransportsDependencies
) => {
  const transporter = nodemailer.createTransport({
    pool: true,
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(credentials ? { auth: { user: credentials.username, pass: credentials.password }, forceAuth: true } : {}),
    tls: { minVersion: 'TLSv1.2', ca: [...rootCertificates, ...trustedRoots] },
    maxConnections: connections,
    maxMessages: MAX_MESSAGES_PER_CONNECTION,
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    idleTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    // The address that was checked is the address that is connected to: no second resolution (security 4).
    getSocket: (_options: unknown, done: (error: Error | null, socket?: { connection: unknown }) => void) => {
      network.connectChecked({ host, port, encryption, timeoutMs: CONNECT_TIMEOUT_MS }).then(
        (connection) => done(null, { connection }),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)))
      );
    },
  } as Parameters<typeof nodemailer.createTransport>[0]);
  // `processFunc` runs lazily, when the connection pipes the message: the only hook of the library after 354.
  transporter.use('stream', (mail, done) => {
    const { mailboxesBody } = mail.data as unknown as { mailboxesBody: () => AsyncGenerator<Uint8Array> };
    mail.message.processFunc(() => Readable.from(mailboxesBody(), { objectMode: false, highWaterMark: 1 }));
    done();
  });
  return { transporter, slots: semaphore(connections) };
};

const STAGE_OF_COMMAND: readonly [prefix: string, stage: Stage][] = [
  ['EHLO', 'ehlo'],
  ['HELO', 'ehlo'],
  ['STARTTLS', 'tls'],
  ['AUTH', 'auth'],
  ['MAIL FROM', 'mail'],
  ['RCPT TO', 'rcpt'],
  ['DATA', 'data'],
];

const CERTIFICATE_CODES = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|^ERR_SSL|^ERR_TLS|HOSTNAME_MISMATCH/;
const CERTIFICATE_TEXT = /certificate|self[- ]signed|altname|wrong version number|ssl routines|tlsv1 alert/i;
const LOST_IN_HANDSHAKE = /ECONNRESET|EPIPE|ETIMEDOUT|closed unexpectedly|socket disconnected|Greeting never received/i;

const troubleOf = ({ code, originalCode, message, command }: MailError): Trouble => {
  if (code === 'EHOSTNOTALLOWED') return 'host-not-allowed';
  if (code === 'EDNS') return 'host-unknown';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'EMESSAGE') return 'too-large';
  if (code === 'EAUTH') return 'auth-not-offered';
  if (CERTIFICATE_CODES.test(`${originalCode ?? ''} ${code ?? ''}`) || CERTIFICATE_TEXT.test(message))
    return 'certificate';
  if (code === 'ETLS' && command !== 'CONN' && !LOST_IN_HANDSHAKE.test(`${originalCode ?? ''} ${message}`))
    return 'certificate';
  return 'connection';
};

/**
 * Hands messages to mail servers: one pool per mailbox and settings version, least recently used ones closed.
 * The only file that knows the mail library's errors; nothing of them leaves it but an `Attempt`.
 */
export const createTransports = (dependencies: TransportsDependencies) => {
  const pools = new LRUCache<string, Pool>({
    max: MAX_POOLS,
    ttl: 10 * IDLE_MS,
    updateAgeOnGet: true,
    // Connections that are delivering finish first.
    dispose: ({ transporter }) => transporter.close(),
  });

  const poolFor = (transport: SmtpTransport): Pool => {
    const key = `${transport.id} ${transport.version}`;
    const known = pools.get(key);
    if (known) return known;
    for (const other of [...pools.keys()]) if (other.startsWith(`${transport.id} `)) pools.delete(other);
    const pool = createPool(transport, dependencies);
    pools.set(key, pool);
    return pool;
  };

  const handOver = async (transport: SmtpTransport, message: HandOver): Promise<Attempt> => {
    const { transporter, slots } = poolFor(transport);
    const leave = await slots.enter();
    if (message.signal.aborted) {
      leave();
      return { kind: 'lost' };
    }
    const secrets = transport.credentials ? [transport.credentials.password] : [];
    const replyOf = ({ response, responseCode }: MailError): Reply | null =>
      response === undefined || typeof responseCode !== 'number'
        ? null
        : { code: responseCode, text: printable(redact(response, secrets)) };
    const refusedOf = (errors: readonly MailError[] | undefined): RecipientReply[] =>
      (errors ?? []).flatMap((error) => {
        const reply = replyOf(error);
        const email = message.envelope.to.find((to) => addressKey(to) === addressKey(error.recipient ?? ''));
        return reply && email !== undefined ? [{ email, reply }] : [];
      });

    // An object, because the compiler cannot see that the generator below changes it.
    const at: { stage: 'before' | 'fenced' | 'body' | 'end' } = { stage: 'before' };
    const abort = new AbortController();
    const stop = () => {
      if (at.stage !== 'end') abort.abort();
    };
    message.signal.addEventListener('abort', stop, { once: true });
    let timer = setTimeout(stop, STALL_TIMEOUT_MS);
    const progress = () => {
      clearTimeout(timer);
      if (at.stage !== 'end') timer = setTimeout(stop, STALL_TIMEOUT_MS);
    };

    /** Starts when the library pipes, which is after the server's 354. */
    async function* body(): AsyncGenerator<Uint8Array> {
      progress();
      if (!(await message.pointOfNoReturn())) {
        at.stage = 'fenced';
        throw new Fence('stopped at the point of no return');
      }
      at.stage = 'body';
      let last: Uint8Array | null = null;
      for await (const chunk of message.chunks()) {
        progress();
        if (last) yield last;
        last = chunk;
      }
      if (!(await message.stillOurs())) {
        at.stage = 'fenced';
        throw new Fence('the lease was lost');
      }
      if (last) yield last;
      at.stage = 'end';
      progress();
    }

    try {
      const info = (await transporter.sendMail({
        envelope: { from: message.envelope.from, to: [...message.envelope.to], size: message.sizeBytes },
        messageId: message.messageId,
        // Replaced by the stream plugin below; the library wants some content.
        raw: ' ',
        signal: abort.signal,
        mailboxesBody: body,
      } as never)) as { response?: string; rejectedErrors?: MailError[] };
      const text = printable(redact(info.response ?? '', secrets));
      return {
        kind: 'accepted',
        reply: { code: Number(text.slice(0, 3)) || 250, text },
        refused: refusedOf(info.rejectedErrors),
      };
    } catch (thrown) {
      const error = thrown as MailError;
      const reply = replyOf(error);
      const refused = refusedOf(error.rejectedErrors);
      if (at.stage === 'fenced' || (message.signal.aborted && at.stage !== 'end')) return { kind: 'lost' };
      if (at.stage === 'end')
        return reply ? { kind: 'failed', stage: 'dot', reply, trouble: null, refused } : { kind: 'uncertain', refused };
      const failedAt = stageOf(error, at.stage === 'body');
      return { kind: 'failed', stage: failedAt, reply, trouble: reply ? null : troubleOf(error), refused };
    } finally {
      clearTimeout(timer);
      message.signal.removeEventListener('abort', stop);
      leave();
    }
  };

  return {
    handOver,
    /** Closes every pool; with `force` also connections in the middle of a delivery. */
    close: (): void => pools.clear(),
  };
};

const stageOf = ({ command = '', responseCode }: MailError, bodyBegun: boolean): Stage => {
  if (bodyBegun) return 'body';
  const known = STAGE_OF_COMMAND.find(([prefix]) => command.startsWith(prefix));
  if (known) return known[1];
  return responseCode === undefined ? 'connect' : 'greeting';
};

export type Transports = ReturnType<typeof createTransports>;
