/*
 * Where our SMTP connections may go (security 4). A mailbox's host is typed by somebody who need not be trusted with the
 * host's network, and DNS answers whatever its owner likes: so a name is resolved once, every address it has is checked,
 * and the connection goes to a checked address, never to the name.
 */
import { promises as dns } from 'node:dns';
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import type { Encryption } from '../domain/mailbox';

export interface Target {
  /** Host name, IPv4 address, IPv6 address with or without brackets. */
  host: string;
  port: number;
  encryption: Encryption;
}

export interface CheckedAddress {
  address: string;
  family: 4 | 6;
}

/** `dns.promises.lookup` as far as it is used; tests bring their own. */
export type Lookup = (
  host: string,
  options: { all: true; verbatim: true }
) => Promise<{ address: string; family: number }[]>;

export type TargetProblem = 'host' | 'address' | 'port' | 'encryption';

export type TargetCheck = { ok: true } | { ok: false; reason: TargetProblem };

export type Resolution =
  | { ok: true; addresses: CheckedAddress[] }
  | { ok: false; reason: TargetProblem; address?: string }
  /** `cause` is the resolver's error; absent where it answered with an empty list. */
  | { ok: false; reason: 'unresolved'; cause?: unknown };

export interface NetworkRule {
  checkTarget(target: Target): TargetCheck;
  resolveTarget(query: Target & { lookup?: Lookup }): Promise<Resolution>;
  connectChecked(query: Target & { timeoutMs: number; lookup?: Lookup }): Promise<Socket>;
  mayConnect: (target: Target) => Promise<TargetCheck>;
}

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

export const DEFAULT_PORTS: readonly number[] = [25, 465, 587, 2525, 2587];

/** A name may have hundreds of addresses; all are checked, but each needs a share of the time worth having. */
const MAX_ADDRESSES_TRIED = 6;

/** Letters, digits, hyphen, and the underscore that container networks use. The numeric forms pass: getaddrinfo reads them. */
const HOST_NAME = /^(?=.{1,254}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/;
/** What the resolver would read as a number (`127.1`, `0x7f000001`); RFC 3696 §2: no name ends in such a label. */
const NUMERIC_FORM = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/;

/** All of global unicast; whatever IANA may assign outside of it is not open by accident (RFC 4291 §2.4). */
const IPV6_GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * The address, with an IPv4-mapped one (RFC 4291 §2.5.5.2) as the IPv4 address that the kernel would connect to; null for
 * what is no address, and for one with a zone id: it names an interface of this machine.
 */
const parseIp = (text: string): Ip | null => {
  const version = isIP(text);
  if (version === 0 || text.includes('%')) return null;
  // ipaddr.js reads `::1.2.3.4` (IPv4-compatible) as if it were IPv4-mapped; `URL` writes both out in hexadecimal.
  return ipaddr.process(version === 4 ? text : new URL(`http://[${text}]`).hostname.slice(1, -1));
};

/**
 * Is the address part of the public internet? Allow-list, not deny-list: IPv4 outside every special range (private,
 * loopback, link-local, CGNAT, multicast, broadcast, 0/8, 240/4, benchmark, documentation …), IPv6 only in 2000::/3 and
 * there outside Teredo, 6to4, documentation and the like. That leaves out NAT64 (64:ff9b::/96, 64:ff9b:1::/48),
 * IPv4-compatible, unique local, site-local and discard, behind which private addresses can stand.
 */
const isPublic = (ip: Ip): boolean =>
  ip.range() === 'unicast' && (ip.kind() === 'ipv4' || (ip as ipaddr.IPv6).match(IPV6_GLOBAL_UNICAST));

const withoutBrackets = (host: string): string =>
  host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;

const withoutRootDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

/** A literal address, or a name as lower-case A-labels that may be asked; null: neither. */
const readHost = (host: string): { kind: 'address'; ip: Ip } | { kind: 'name'; name: string } | null => {
  if (host.length > 1024) return null;
  const ascii = (/^[\x00-\x7f]*$/.test(host) ? host : domainToASCII(host)).toLowerCase();
  const bare = withoutBrackets(ascii);
  const ip = parseIp(bare);
  // Brackets belong to IPv6 literals only (RFC 3986 §3.2.2).
  if (ip) return bare === ascii || isIP(bare) === 6 ? { kind: 'address', ip } : null;
  return HOST_NAME.test(ascii) ? { kind: 'name', name: ascii } : null;
};

/** One entry of `network.allow`. */
type AllowEntry = { kind: 'range'; base: Ip; bits: number } | { kind: 'name'; name: string };

const readAllowEntry = (text: string): AllowEntry | null => {
  const [base = '', bits, ...rest] = text.split('/');
  if (bits === undefined) {
    const host = readHost(text);
    if (!host) return null;
    if (host.kind === 'address') {
      return { kind: 'range', base: host.ip, bits: host.ip.kind() === 'ipv4' ? 32 : 128 };
    }
    // `127.1` would never match: names are compared as written, addresses as parsed.
    return NUMERIC_FORM.test(host.name) ? null : { kind: 'name', name: withoutRootDot(host.name) };
  }
  const mapped = isIP(base) === 6 && parseIp(base)?.kind() === 'ipv4';
  const ip = parseIp(base);
  if (!ip || rest.length > 0 || !/^[0-9]{1,3}$/.test(bits)) return null;
  // Mapped addresses are compared as IPv4, so a mapped range is one of IPv4, too.
  const length = mapped ? Number(bits) - 96 : Number(bits);
  return length < 0 || length > (ip.kind() === 'ipv4' ? 32 : 128) ? null : { kind: 'range', base: ip, bits: length };
};

/** Rejects after the time; the promise it raced goes on, and what it says then is nobody's. */
const within = <T>(promise: Promise<T>, timeoutMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(Object.assign(new Error('The name server did not answer in time.'), { code: 'ETIMEOUT' })),
      timeoutMs
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** IPv6 and IPv4 alternately, in the resolver's order: one broken family must not eat the whole time (RFC 8305 §4). */
const alternate = (addresses: readonly CheckedAddress[]): CheckedAddress[] => {
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

const PROBLEM_TEXT: Record<TargetProblem, string> = {
  host: 'This is not a host name or an address.',
  address: 'This server is in a network that is not allowed.',
  port: 'This port is not allowed.',
  encryption: 'A connection without encryption is not allowed to this server.',
};

/**
 * The rule for all our SMTP connections, made once from the configuration (`network.allow`, `network.ports`).
 *
 * @param allow single addresses, CIDR ranges and host names that are allowed although private; there any port and
 *   encryption 'none'. An address or a range also counts for a name all of whose addresses lie in such entries.
 * @param ports the ports allowed everywhere else
 * @throws Error naming the entry of `network.allow` or `network.ports` that cannot be read
 */
export const createNetworkRule = ({
  allow = [],
  ports = DEFAULT_PORTS,
}: { allow?: readonly string[]; ports?: readonly number[] } = {}): NetworkRule => {
  const names = new Set<string>();
  const ranges: { base: Ip; bits: number }[] = [];
  allow.forEach((text, index) => {
    const entry = typeof text === 'string' ? readAllowEntry(text) : null;
    if (!entry) throw new Error(`network.allow[${index}] is not an address, a range (CIDR) or a host name: ${text}`);
    if (entry.kind === 'name') names.add(entry.name);
    else ranges.push(entry);
  });
  const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;
  const badPort = ports.findIndex((port) => !isPort(port));
  if (badPort >= 0) throw new Error(`network.ports[${badPort}] is not a port: ${ports[badPort]}`);

  const isAllowedName = (name: string): boolean => names.has(withoutRootDot(name));
  const isAllowedIp = (ip: Ip): boolean =>
    ranges.some(({ base, bits }) => base.kind() === ip.kind() && ip.match(base, bits));

  /** Port and encryption outside the exceptions. */
  const checkPlain = ({ port, encryption }: Target): TargetCheck => {
    if (!ports.includes(port)) return { ok: false, reason: 'port' };
    return encryption === 'none' ? { ok: false, reason: 'encryption' } : { ok: true };
  };

  /** RFC 6761 §6.3: these mean loopback, also where no resolver knows them. */
  const meansLoopback = (name: string): boolean => /(?:^|\.)localhost\.?$/.test(name);
  const loopbackIsAllowed = ['127.0.0.1', '::1'].some((text) => isAllowedIp(ipaddr.parse(text)));

  /**
   * What can be said without DNS. `ok` for a name means only that nothing speaks against it yet: its addresses do not
   * count here, and neither do port and encryption while an allowed range might still cover them.
   */
  const checkTarget = (target: Target): TargetCheck => {
    const host = readHost(target.host);
    if (!host) return { ok: false, reason: 'host' };
    if (!isPort(target.port)) return { ok: false, reason: 'port' };
    if (host.kind === 'address') {
      if (isAllowedIp(host.ip)) return { ok: true };
      return isPublic(host.ip) ? checkPlain(target) : { ok: false, reason: 'address' };
    }
    if (isAllowedName(host.name)) return { ok: true };
    if (meansLoopback(host.name) && !loopbackIsAllowed) return { ok: false, reason: 'address' };
    return ranges.length > 0 ? { ok: true } : checkPlain(target);
  };

  /**
   * Resolves once and checks every address: one that is not allowed refuses the host, because whoever answers for the
   * name also chooses which address is tried.
   */
  const resolveTarget = async ({
    lookup = dns.lookup,
    ...target
  }: Target & { lookup?: Lookup }): Promise<Resolution> => {
    const before = checkTarget(target);
    if (!before.ok) return before;
    const host = readHost(target.host);
    if (!host) return { ok: false, reason: 'host' };

    let found: string[];
    if (host.kind === 'address') found = [host.ip.toString()];
    else {
      try {
        found = (await lookup(host.name, { all: true, verbatim: true })).map(({ address }) => address);
      } catch (cause) {
        return { ok: false, reason: 'unresolved', cause };
      }
    }
    if (found.length === 0) return { ok: false, reason: 'unresolved' };

    const allowedName = host.kind === 'name' && isAllowedName(host.name);
    const checked = new Map<string, CheckedAddress>();
    let everyOneIsAllowed = true;
    for (const address of found) {
      const ip = parseIp(address);
      const allowed = ip !== null && (allowedName || isAllowedIp(ip));
      if (!ip || (!allowed && !isPublic(ip))) return { ok: false, reason: 'address', address };
      everyOneIsAllowed &&= allowed;
      checked.set(ip.toString(), { address: ip.toString(), family: ip.kind() === 'ipv4' ? 4 : 6 });
    }
    const plain: TargetCheck = everyOneIsAllowed ? { ok: true } : checkPlain(target);
    return plain.ok ? { ok: true, addresses: [...checked.values()] } : plain;
  };

  /** Whether settings may be saved: an unknown host name is allowed, because name servers fail for a while. */
  const mayConnect = async (target: Target): Promise<TargetCheck> => {
    const resolution = await resolveTarget(target);
    if (resolution.ok || resolution.reason === 'unresolved') return { ok: true };
    return { ok: false, reason: resolution.reason };
  };

  /**
   * Connects to the checked addresses in turn; nothing is resolved a second time.
   *
   * @param timeoutMs for everything together; each address tried gets an equal share of what is left
   * @returns a connected socket without listeners: attach them before the next turn of the event loop
   * @throws Error with `code` 'EHOSTNOTALLOWED' (and `reason`, `address`), 'EDNS' (and `cause`, `originalCode`), or the
   *   code of the last connection tried
   */
  const connectChecked = async ({
    timeoutMs,
    lookup = dns.lookup,
    ...target
  }: Target & { timeoutMs: number; lookup?: Lookup }): Promise<Socket> => {
    const endsAt = performance.now() + timeoutMs;
    const leftMs = (): number => Math.max(1, endsAt - performance.now());

    const resolution = await resolveTarget({
      ...target,
      lookup: (host, options) => within(lookup(host, options), timeoutMs),
    });
    if (!resolution.ok && resolution.reason === 'unresolved') {
      const { cause } = resolution;
      const originalCode = (cause as { code?: unknown } | undefined)?.code ?? 'ENODATA';
      throw Object.assign(new Error('The host name could not be resolved.', { cause }), { code: 'EDNS', originalCode });
    }
    if (!resolution.ok) {
      const { reason, address } = resolution;
      throw Object.assign(new Error(PROBLEM_TEXT[reason]), { code: 'EHOSTNOTALLOWED', reason, address });
    }

    const tried = alternate(resolution.addresses).slice(0, MAX_ADDRESSES_TRIED);
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

  return { checkTarget, resolveTarget, connectChecked, mayConnect };
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Certificates of `network.ca`, to be appended to `tls.rootCertificates` for our SMTP connections only.
 *
 * @param entries PEM texts, or paths of PEM files; each may hold several certificates
 * @throws Error naming the entry that cannot be read
 */
export const trustedRoots = (entries: readonly string[]): string[] =>
  entries.flatMap((entry, index) => {
    const refuse = (why: string, cause?: unknown): never => {
      throw new Error(`network.ca[${index}] ${why}`, { cause });
    };
    let text = entry;
    if (!entry.includes('-----BEGIN')) {
      try {
        text = readFileSync(entry, 'utf8');
      } catch (cause) {
        return refuse(`cannot be read as a file: ${entry}`, cause);
      }
    }
    const certificates = text.match(CERTIFICATE) ?? refuse('holds no certificate in PEM form.');
    for (const certificate of certificates) {
      try {
        new X509Certificate(certificate);
      } catch (cause) {
        return refuse('holds a certificate that cannot be read.', cause);
      }
    }
    return certificates;
  });
