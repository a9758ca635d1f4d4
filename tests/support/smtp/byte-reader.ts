import type { Socket } from 'node:net';

const CRLF = Buffer.from('\r\n');
const EMPTY = Buffer.alloc(0);
const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
// Beyond this the socket is paused: a held session must push back on the sender instead of filling the memory.
const BUFFERED_BYTES_LIMIT = 256 * 1024;

export interface ByteReader {
  /** The next bytes, as they came in. Never resolves once the peer has closed. */
  take(): Promise<Buffer>;
  /** The next line without its CRLF. A lone CR or LF ends no line (RFC 5321 §2.3.8). */
  line(): Promise<string>;
  /** Puts bytes back in front of the next read. */
  giveBack(bytes: Buffer): void;
  /** Reads and discards from now on, so that the end of the connection is still detected. */
  discard(): void;
  /** Releases the socket and discards buffered bytes: input from before TLS must not count after it. */
  detach(): void;
}

/** Reads a socket on demand. */
export const createByteReader = (socket: Socket): ByteReader => {
  let chunks: Buffer[] = [];
  let bufferedBytes = 0;
  let discarding = false;
  let wake = (): void => undefined;

  const onData = (chunk: Buffer): void => {
    if (discarding) return;
    chunks.push(chunk);
    bufferedBytes += chunk.length;
    if (bufferedBytes > BUFFERED_BYTES_LIMIT) socket.pause();
    wake();
  };
  socket.on('data', onData);

  const take = async (): Promise<Buffer> => {
    while (chunks.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const first = chunks.shift() ?? EMPTY;
    bufferedBytes -= first.length;
    if (bufferedBytes <= BUFFERED_BYTES_LIMIT) socket.resume();
    return first;
  };

  const giveBack = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    chunks.unshift(bytes);
    bufferedBytes += bytes.length;
  };

  return {
    take,
    giveBack,
    line: async () => {
      let bytes = EMPTY;
      for (;;) {
        bytes = Buffer.concat([bytes, await take()]);
        const end = bytes.indexOf(CRLF);
        if (end < 0) continue;
        giveBack(bytes.subarray(end + CRLF.length));
        return bytes.toString('utf8', 0, end);
      }
    },
    discard: () => {
      discarding = true;
      chunks = [];
      bufferedBytes = 0;
      socket.resume();
    },
    detach: () => {
      socket.off('data', onData);
      chunks = [];
    },
  };
};

export interface DotUnstuffer {
  /** Adds the next bytes; once they contain the final dot, returns the bytes after it. */
  push(bytes: Buffer): { ended: false } | { ended: true; rest: Buffer };
  /** The message so far, without an unfinished last line. */
  message(): Buffer;
}

/**
 * Undoes the dot-stuffing of RFC 5321 §4.5.2. Strict about CRLF: a server that also took `<LF>.<LF>` for the end would
 * hide a sender that lets such a thing through (SMTP smuggling).
 */
export const createDotUnstuffer = (): DotUnstuffer => {
  const lines: Buffer[] = [];
  // In pieces: joining them on every read would take quadratic time for a long line.
  let unfinished: Buffer[] = [];

  const endsLine = (bytes: Buffer): boolean =>
    bytes.includes(CRLF) || (bytes[0] === LF && unfinished.at(-1)?.at(-1) === CR);

  return {
    message: () => Buffer.concat(lines),
    push: (bytes) => {
      if (!endsLine(bytes)) {
        if (bytes.length > 0) unfinished.push(bytes);
        return { ended: false };
      }
      let rest = Buffer.concat([...unfinished, bytes]);
      for (let end = rest.indexOf(CRLF); end >= 0; end = rest.indexOf(CRLF)) {
        const line = rest.subarray(0, end + CRLF.length);
        rest = rest.subarray(line.length);
        const stuffed = line[0] === DOT;
        if (stuffed && end === 1) return { ended: true, rest };
        lines.push(stuffed ? line.subarray(1) : line);
      }
      unfinished = rest.length > 0 ? [rest] : [];
      return { ended: false };
    },
  };
};
