import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { printable } from '../secrets/redact';
import type { TestCertificate } from './test-steps';

/** Returns the certificate of a TLS socket; `undefined` for a plain one. */
export const certificateOf = (socket: unknown): TestCertificate | undefined => {
  const read = (socket as Partial<TLSSocket> | null)?.getPeerCertificate;
  if (!read) return undefined;
  const { subject, issuer, valid_to } = read.call(socket as TLSSocket);
  const endsAt = Date.parse(valid_to);
  const validTo = Number.isNaN(endsAt) ? '' : new Date(endsAt).toISOString();
  return { subject: nameOf(subject), issuer: nameOf(issuer), validTo };
};

const nameOf = (part: PeerCertificate['subject'] | undefined): string => printable(String(part?.CN ?? part?.O ?? '?'));

/**
 * Returns whether a silent server completes a TLS handshake: such a server waits for the client's first byte and sends no
 * greeting. Sends nothing but the handshake; destroys the socket.
 */
export const completesHandshake = (socket: Socket, host: string, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const tls = connectTls({ socket, servername: isIP(host) ? '' : host, rejectUnauthorized: false });
    const timer = setTimeout(() => end(false), timeoutMs);
    const end = (completed: boolean): void => {
      clearTimeout(timer);
      tls.destroy();
      socket.destroy();
      resolve(completed);
    };
    tls.once('secureConnect', () => end(true)).on('error', () => end(false));
    socket.on('error', () => end(false)).once('close', () => end(false));
  });
