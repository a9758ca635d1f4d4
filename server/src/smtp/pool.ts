import { AsyncLocalStorage } from 'node:async_hooks';
import { rootCertificates } from 'node:tls';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import nodemailer from 'nodemailer';
import { addressKey } from '../domain/address';
import type { Encryption } from '../domain/mailbox';
import type { Attempt, RecipientReply, Stage, Trouble } from '../domain/outcome';
import { isClosed, readReply, refusalOf, stageOf, troubleOf, type MailError } from './errors';
import {
  plainOrLogin,
  reachable,
  resourceOf,
  UTF8_NOT_OFFERED,
  type LibraryConnection,
  type LibraryEnvelope,
} from './nodemailer-internals';
import type { NetworkRule } from '../network/target-rule';
import { semaphore } from './semaphore';

/** A mail server as one mailbox, or the system mailbox, uses it. */
export interface SmtpTransport {
  kind: 'smtp';
  /** Mailbox and settings version: another version is another pool. */
  id: string;
  version: string;
  host: string;
  port: number;
  encryption: Encryption;
  credentials: { username: string; password: string } | null;
  connections: number;
}

/** What is handed over, and the fences around it. */
export interface HandOver {
  envelope: { from: string; to: readonly string[] };
  messageId: string;
  /** An address in its header has letters before the @ that need SMTPUTF8. */
  utf8Header: boolean;
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
  /** The name with which this site introduces itself (RFC 5321 §4.1.1.1). */
  ehloName: string;
  timeouts?: Partial<Timeouts>;
}

export interface Timeouts {
  /** For the connection, and again for the greeting and everything up to TLS. */
  connectMs: number;
  /** Until the end of data is out, a server that makes no progress for so long is left: nothing is lost yet. */
  stallMs: number;
  /** RFC 5321 §4.5.3.2.6: ten minutes for the reply to the final dot, however it trickles. */
  replyMs: number;
}

const TIMEOUTS: Timeouts = { connectMs: 30_000, stallMs: 3 * 60_000, replyMs: 10 * 60_000 };
const IDLE_MS = 60_000;
/** A reply is a few lines; what a hostile server goes on sending is not kept. */
const MAX_REPLY_BYTES = 64 * 1024;
const MAX_POOLS = 50;
const MAX_MESSAGES_PER_CONNECTION = 100;

type Pool = ReturnType<typeof createPool>;

/** Thrown inside the body stream: the connection closes without the final dot, and nothing was submitted. */
class Fence extends Error {}

/** What a message brings for the stream plugin. */
interface Hooks {
  /** @param used it has taken messages before */
  mailboxesEnvelope: (envelope: LibraryEnvelope, connection: LibraryConnection, used: boolean) => LibraryEnvelope;
  mailboxesBody: () => AsyncGenerator<Uint8Array>;
}

const createPool = (
  { host, port, encryption, credentials, connections }: SmtpTransport,
  { network, trustedRoots, ehloName }: TransportsDependencies,
  { connectMs, replyMs }: Timeouts
) => {
  const transporter = nodemailer.createTransport({
    pool: true,
    name: ehloName,
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(credentials ? { auth: { user: credentials.username, pass: credentials.password }, forceAuth: true } : {}),
    customAuth: { PLAIN: plainOrLogin },
    tls: { minVersion: 'TLSv1.2', ca: [...rootCertificates, ...trustedRoots] },
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
    // The address that was checked is the address that is connected to: no second resolution (security 4).
    getSocket: (_options: unknown, done: (error: Error | null, socket?: { connection: unknown }) => void) => {
      network.connectChecked({ host, port, encryption, timeoutMs: connectMs }).then(
        (connection) => done(null, { connection }),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)))
      );
    },
  } as Parameters<typeof nodemailer.createTransport>[0]);
  transporter.use('stream', (mail, done) => {
    const { mailboxesBody, mailboxesEnvelope } = mail.data as unknown as Hooks;
    const envelope = mail.message.getEnvelope() as LibraryEnvelope;
    // Asked for once the connection stands and just before MAIL FROM.
    mail.message.getEnvelope = () => {
      const { connection, messages = 0 } = resourceOf(transporter, mail) ?? {};
      return connection ? mailboxesEnvelope(envelope, connection, messages > 0) : envelope;
    };
    // `processFunc` runs lazily, when the connection pipes the message: the only hook of the library after 354.
    mail.message.processFunc(() => Readable.from(mailboxesBody(), { objectMode: false, highWaterMark: 1 }));
    done();
  });
  return {
    transporter,
    slots: semaphore(connections),
    close: () => (transporter.transporter as unknown as { close(options: object): void }).close({ force: true }),
  };
};

/**
 * Hands messages to mail servers: one pool per mailbox and settings version, least recently used ones closed.
 * The only file that knows the mail library's errors; nothing of them leaves it but an `Attempt`.
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

  const poolFor = (transport: SmtpTransport): Pool => {
    const key = `${transport.id} ${transport.version}`;
    const known = pools.get(key);
    if (known) return known;
    for (const other of [...pools.keys()]) if (other.startsWith(`${transport.id} `)) pools.delete(other);
    const pool = createPool(transport, dependencies, timeouts);
    pools.set(key, pool);
    return pool;
  };

  /** Ends every connection of a transport at once: each message that was on one says for itself what that means. */
  const forget = ({ id, version }: SmtpTransport): void => {
    const key = `${id} ${version}`;
    pools.peek(key)?.close();
    pools.delete(key);
  };

  const handOver = async (transport: SmtpTransport, message: HandOver): Promise<Attempt> => {
    const { transporter, slots } = poolFor(transport);
    const leave = await slots.enter(message.signal);
    if (!leave) return { kind: 'lost' };
    const secrets = transport.credentials ? [transport.credentials.password] : [];
    const refusedOf = (errors: readonly MailError[] | undefined): RecipientReply[] =>
      (errors ?? []).flatMap((error) => {
        const reply = refusalOf(error, secrets);
        const email = message.envelope.to.find((to) => addressKey(to) === addressKey(error.recipient ?? ''));
        return reply && email !== undefined ? [{ email, reply }] : [];
      });

    // An object, because the compiler cannot see that the generator below changes it.
    const at: { stage: 'before' | 'fenced' | 'incomplete' | 'body' | 'end' } = { stage: 'before' };
    let unnamed: RecipientReply[] = [];
    let sent: LibraryEnvelope | undefined;
    /** Its connection has taken messages before, and this one's body has not been asked for. */
    let renewable = false;
    const abort = new AbortController();
    const stop = () => {
      if (at.stage !== 'end') abort.abort();
    };
    message.signal.addEventListener('abort', stop, { once: true });
    let timer = setTimeout(stop, timeouts.stallMs);
    let over = false;
    const progress = () => {
      if (over) throw new Fence('the conversation is over');
      clearTimeout(timer);
      timer = setTimeout(stop, timeouts.stallMs);
    };
    const awaitReply = () => {
      progress();
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), timeouts.replyMs);
    };

    /** Only what this server can be told. */
    const nameable = (envelope: LibraryEnvelope, connection: LibraryConnection, used: boolean): LibraryEnvelope => {
      renewable = used;
      sent = reachable(envelope, connection, message.utf8Header);
      const named = new Set(sent.to.map(addressKey));
      unnamed = message.envelope.to
        .filter((email) => !named.has(addressKey(email)))
        .map((email) => ({ email, reply: UTF8_NOT_OFFERED }));
      return sent;
    };

    /** Starts when the library pipes, which is after the server's 354. */
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield* content();
      } catch (error) {
        // Ours, such as a database that is gone: not the server's fault, and nothing was submitted.
        if (!(error instanceof Fence) && at.stage !== 'end') at.stage = 'fenced';
        throw error;
      }
    }

    async function* content(): AsyncGenerator<Uint8Array> {
      renewable = false;
      progress();
      if (!(await message.pointOfNoReturn())) {
        at.stage = 'fenced';
        throw new Fence('stopped at the point of no return');
      }
      at.stage = 'body';
      let last: Uint8Array | null = null;
      let size = 0;
      for await (const chunk of message.chunks()) {
        progress();
        if (last) yield last;
        last = chunk;
        size += chunk.length;
      }
      if (size !== message.sizeBytes) {
        at.stage = 'incomplete';
        throw new Fence('the stored message is not complete');
      }
      if (!(await message.stillOurs())) {
        at.stage = 'fenced';
        throw new Fence('the lease was lost');
      }
      progress();
      if (last) yield last;
      awaitReply();
      at.stage = 'end';
    }

    const sendOnce = (): Promise<{ response?: string }> =>
      transporter.sendMail({
        envelope: { from: message.envelope.from, to: [...message.envelope.to], size: message.sizeBytes },
        messageId: message.messageId,
        // Replaced by the stream plugin below; the library wants some content.
        raw: ' ',
        signal: abort.signal,
        mailboxesEnvelope: nameable,
        mailboxesBody: body,
      } as never) as Promise<{ response?: string }>;

    /**
     * A server may close a connection after some messages (RFC 5321 §3.8, §4.5.3.2): nothing of this one is out, and a
     * new connection may take it. As often as there can be old ones.
     */
    const send = async (left = transport.connections): Promise<{ response?: string }> => {
      renewable = false;
      try {
        return await sendOnce();
      } catch (error) {
        if (!renewable || left <= 0 || abort.signal.aborted || !isClosed(error as MailError)) throw error;
        return send(left - 1);
      }
    };

    try {
      const info = await send();
      const refused = [...unnamed, ...refusedOf(sent?.rejectedErrors)];
      const reply = readReply(info.response, secrets);
      if (at.stage === 'end') return reply ? { kind: 'accepted', reply, refused } : { kind: 'uncertain', refused };
      // An answer to what was not said yet: nothing on this connection can be believed, and the body must not go on.
      forget(transport);
      return { kind: 'failed', stage: 'body', reply: null, trouble: 'connection', refused };
    } catch (thrown) {
      const error = thrown as MailError;
      const reply = refusalOf(error, secrets);
      const refused = [...unnamed, ...refusedOf(sent?.rejectedErrors)];
      const failed = (stage: Stage, trouble: Trouble | null): Attempt => ({
        kind: 'failed',
        stage,
        reply,
        trouble,
        refused,
      });
      if (at.stage === 'fenced' || (message.signal.aborted && at.stage !== 'end')) return { kind: 'lost' };
      if (at.stage === 'incomplete') return failed('body', 'incomplete');
      if (at.stage === 'end') return reply ? failed('dot', null) : { kind: 'uncertain', refused };
      if (unnamed.length > 0 && refused.length === message.envelope.to.length) return failed('rcpt', null);
      return failed(at.stage === 'body' ? 'body' : stageOf(error, reply), reply ? null : troubleOf(error));
    } finally {
      over = true;
      clearTimeout(timer);
      message.signal.removeEventListener('abort', stop);
      leave();
    }
  };

  return {
    /** Outside of its caller's context: a connection that stays open must not carry one's transaction to the next. */
    handOver: (transport: SmtpTransport, message: HandOver): Promise<Attempt> => detached(handOver, transport, message),
    /** Closes every pool; with `force` also connections in the middle of a delivery. */
    close: (): void => pools.clear(),
  };
};

export type Transports = ReturnType<typeof createTransports>;
