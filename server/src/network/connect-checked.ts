import { promises as dns } from 'node:dns';
import { connect, type Socket } from 'node:net';
import type { CheckedAddress, Lookup, NetworkRule, Target, TargetProblem } from './target';

/** A name may have hundreds of addresses; all are checked, but each address tried needs a useful share of the time. */
const MAX_ADDRESSES_TRIED = 6;

const PROBLEM_TEXT: Record<TargetProblem, string> = {
  host: 'This is not a host name or an address.',
  address: 'This server is in a network that is not allowed.',
  port: 'This port is not allowed.',
  encryption: 'A connection without encryption is not allowed to this server.',
};

/**
 * Connects to the checked addresses in turn; nothing is resolved a second time.
 *
 * @param query.timeoutMs limit for the whole call; each address tried gets an equal share of the remaining time
 * @returns a connected socket without listeners: attach them before the next turn of the event loop
 * @throws Error with `code` 'EHOSTNOTALLOWED' (and `reason`, `address`), 'EDNS' (and `cause`, `originalCode`), or the
 *   code of the last connection tried
 */
export const createConnectChecked =
  (resolveTarget: NetworkRule['resolveTarget']): NetworkRule['connectChecked'] =>
  async ({ timeoutMs, lookup = dns.lookup as Lookup, ...target }): Promise<Socket> => {
    const endsAt = performance.now() + timeoutMs;
    const leftMs = (): number => Math.max(1, endsAt - performance.now());

    const addresses = await addressesOf(resolveTarget, target, (host, options) =>
      withTimeout(lookup(host, options), timeoutMs)
    );
    const tried = alternateFamilies(addresses).slice(0, MAX_ADDRESSES_TRIED);
    let last: unknown;
    for (const [index, address] of tried.entries()) {
      try {
        return await connectTo(address, target.port, leftMs() / (tried.length - index));
      } catch (error) {
        last = error;
      }
    }
    throw last;
  };

const addressesOf = async (
  resolveTarget: NetworkRule['resolveTarget'],
  target: Target,
  lookup: Lookup
): Promise<CheckedAddress[]> => {
  const resolution = await resolveTarget({ ...target, lookup });
  if (resolution.ok) return resolution.addresses;
  if (resolution.reason === 'unresolved') {
    const { cause } = resolution;
    const originalCode = (cause as { code?: unknown } | undefined)?.code ?? 'ENODATA';
    throw Object.assign(new Error('The host name could not be resolved.', { cause }), { code: 'EDNS', originalCode });
  }
  const { reason, address } = resolution;
  throw Object.assign(new Error(PROBLEM_TEXT[reason]), { code: 'EHOSTNOTALLOWED', reason, address });
};

/** Rejects on timeout; the result of the pending promise is then ignored. */
const withTimeout = <T>(promise: Promise<T>, timeoutMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(Object.assign(new Error('The name server did not answer in time.'), { code: 'ETIMEOUT' })),
      timeoutMs
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Alternates IPv6 and IPv4, in the resolver's order: one broken family must not use up the time (RFC 8305 §4). */
const alternateFamilies = (addresses: readonly CheckedAddress[]): CheckedAddress[] => {
  const [first] = addresses;
  const ofFirstFamily = addresses.filter(({ family }) => family === first?.family);
  const others = addresses.filter(({ family }) => family !== first?.family);
  return addresses
    .flatMap((_, index) => [ofFirstFamily[index], others[index]])
    .filter((address): address is CheckedAddress => address !== undefined);
};

const connectTo = ({ address, family }: CheckedAddress, port: number, timeoutMs: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, family });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(Object.assign(new Error('The server did not answer in time.'), { code: 'ETIMEDOUT' })),
      timeoutMs
    );
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(socket);
    });
  });
