import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import nodemailer from 'nodemailer';
import type { Attempt } from '../domain/outcome';
import type { SmtpAuth } from '../domain/auth';
import type { Encryption } from '../domain/mailbox';
import type { MailError } from './errors';
import { libraryAuthOf, LOGIN_METHODS, secretsOf } from './login';
import { resourceOf, type LibraryEnvelope } from './nodemailer-internals';
import type { NetworkRule } from '../network/target-rule';
import { semaphore } from './semaphore';
import { createTransmission, type HandOver, type StreamHooks, type Timeouts, type Transmission } from './transmission';
import { sessionOptions } from './session-options';

export type { HandOver } from './transmission';

/** SMTP settings of one mailbox, or of the system mailbox. */
export interface SmtpTransport {
  kind: 'smtp';
  /** Mailbox and settings version: another version is another pool. */
  id: string;
  version: string;
  host: string;
  port: number;
  encryption: Encryption;
  auth: SmtpAuth;
  connections: number;
}

export interface TransportsDependencies {
  network: NetworkRule;
  /** PEM texts, trusted besides Node's roots. */
  trustedRoots: readonly string[];
  /** Name for EHLO (RFC 5321 §4.1.1.1). */
  ehloName: string;
  timeouts?: Partial<Timeouts>;
}

const TIMEOUTS: Timeouts = { connectMs: 30_000, stallMs: 3 * 60_000, replyMs: 10 * 60_000 };
const IDLE_MS = 60_000;
/** A reply is a few lines; more bytes of a hostile server are dropped. */
const MAX_REPLY_BYTES = 64 * 1024;
const MAX_POOLS = 50;
const MAX_MESSAGES_PER_CONNECTION = 100;

type Pool = ReturnType<typeof createPool>;

/**
 * Hands messages to mail servers: one pool per mailbox and settings version; the least recently used pools are closed.
 * Errors of the mail library end here: callers get an `Attempt`.
 */
export const createTransports = (dependencies: TransportsDependencies) => {
  const detached = AsyncLocalStorage.snapshot();
  const timeouts = { ...TIMEOUTS, ...dependencies.timeouts };
  const pools = new LRUCache<string, Pool>({
    max: MAX_POOLS,
    ttl: 10 * IDLE_MS,
    updateAgeOnGet: true,
    // Connections that are delivering finish first.
    dispose: ({ transporter }) => transporter.close(),
  });

  return {
    /** Runs outside its caller's context: a connection that stays open must not carry one's transaction to the next. */
    handOver: (transport: SmtpTransport, message: HandOver): Promise<Attempt> => detached(handOver, transport, message),
    /** Closes every pool; connections that are delivering finish first. */
    close: (): void => pools.clear(),
  };

  async function handOver(transport: SmtpTransport, message: HandOver): Promise<Attempt> {
    const { transporter, slots } = poolFor(transport);
    const leave = await slots.enter(message.signal);
    if (!leave) return { kind: 'lost' };
    const transmission = createTransmission(message, secretsOf(transport.auth), timeouts);
    try {
      const { response } = await send(transporter, message, transmission, transport.connections);
      const attempt = transmission.attemptOfReply(response);
      // A reply that precedes the end of data: no reply of this connection can be trusted, and the body must stop.
      if (!transmission.isBodyOut()) forget(transport);
      return attempt;
    } catch (error) {
      return transmission.attemptOfError(error as MailError);
    } finally {
      transmission.end();
      leave();
    }
  }

  /** @param left new connections to try; at most as many as the pool can hold outdated ones */
  async function send(
    transporter: Pool['transporter'],
    message: HandOver,
    transmission: Transmission,
    left: number
  ): Promise<{ response?: string }> {
    transmission.startConnection();
    try {
      return await (transporter.sendMail({
        envelope: { from: message.envelope.from, to: [...message.envelope.to], size: message.sizeBytes },
        messageId: message.messageId,
        // Replaced by the stream plugin; the library requires some content.
        raw: ' ',
        signal: transmission.signal,
        ...transmission.hooks,
      } as never) as Promise<{ response?: string }>);
    } catch (error) {
      if (left <= 0 || !transmission.needsNewConnection(error)) throw error;
      return send(transporter, message, transmission, left - 1);
    }
  }

  function poolFor(transport: SmtpTransport): Pool {
    const key = `${transport.id} ${transport.version}`;
    const known = pools.get(key);
    if (known) return known;
    for (const other of [...pools.keys()]) if (other.startsWith(`${transport.id} `)) pools.delete(other);
    const pool = createPool(transport, dependencies, timeouts);
    pools.set(key, pool);
    return pool;
  }

  /** Closes every connection of a transport at once; each message in flight ends with its own attempt. */
  function forget({ id, version }: SmtpTransport): void {
    const key = `${id} ${version}`;
    pools.peek(key)?.close();
    pools.delete(key);
  }
};

export type Transports = ReturnType<typeof createTransports>;

const createPool = (
  { host, port, encryption, auth, connections }: SmtpTransport,
  { network, trustedRoots, ehloName }: TransportsDependencies,
  { connectMs, replyMs }: Timeouts
) => {
  const login = libraryAuthOf(auth);
  const transporter = nodemailer.createTransport({
    pool: true,
    ...sessionOptions({ host, port, encryption }, { ehloName, trustedRoots }),
    ...(login ? { auth: login, forceAuth: true } : {}),
    customAuth: LOGIN_METHODS,
    maxConnections: connections,
    maxMessages: MAX_MESSAGES_PER_CONNECTION,
    maxRequeues: 0,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: replyMs,
    maxResponseSize: MAX_REPLY_BYTES,
    idleTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    // Connects to the checked address, without a second resolution (security 4).
    getSocket: (_options: unknown, done: (error: Error | null, socket?: { connection: unknown }) => void) => {
      network.connectChecked({ host, port, encryption, timeoutMs: connectMs }).then(
        (connection) => done(null, { connection }),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)))
      );
    },
  } as Parameters<typeof nodemailer.createTransport>[0]);
  transporter.use('stream', (mail, done) => {
    const { mailboxesBody, mailboxesEnvelope } = mail.data as unknown as StreamHooks;
    const envelope = mail.message.getEnvelope() as LibraryEnvelope;
    // Called on an open connection, just before MAIL FROM.
    mail.message.getEnvelope = () => {
      const { connection, messages = 0 } = resourceOf(transporter, mail) ?? {};
      return connection ? mailboxesEnvelope(envelope, connection, messages > 0) : envelope;
    };
    // `processFunc` runs lazily, when the connection pipes the message: the library's only hook after 354.
    mail.message.processFunc(() => Readable.from(mailboxesBody(), { objectMode: false, highWaterMark: 1 }));
    done();
  });
  return {
    transporter,
    slots: semaphore(connections),
    close: () => (transporter.transporter as unknown as { close(options: object): void }).close({ force: true }),
  };
};
