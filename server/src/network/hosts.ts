import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

export type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** A literal address, or a name as lower-case A-labels. */
export type Host = { kind: 'address'; ip: Ip } | { kind: 'name'; name: string };

/** One entry of `network.allow`. */
type AllowEntry = { kind: 'range'; base: Ip; bits: number } | { kind: 'name'; name: string };

/** Letters, digits, hyphen, and the underscore of container networks. Accepts numeric forms: getaddrinfo reads them. */
const HOST_NAME = /^(?=.{1,254}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/;
/** Forms that the resolver reads as a number (`127.1`, `0x7f000001`); RFC 3696 §2: no name ends in such a label. */
const NUMERIC_FORM = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/;

/** All of global unicast; ranges that IANA assigns outside of it later stay closed (RFC 4291 §2.4). */
const IPV6_GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Parses an address. Returns an IPv4-mapped one (RFC 4291 §2.5.5.2) as the IPv4 address that the kernel would connect to;
 * `null` for other text, and for an address with a zone id: it names an interface of this machine.
 */
export const parseIp = (text: string): Ip | null => {
  const version = isIP(text);
  if (version === 0 || text.includes('%')) return null;
  // ipaddr.js reads `::1.2.3.4` (IPv4-compatible) as if it were IPv4-mapped; `URL` writes both out in hexadecimal.
  return ipaddr.process(version === 4 ? text : new URL(`http://[${text}]`).hostname.slice(1, -1));
};

/**
 * Returns whether an address is part of the public internet. Allow-list, not deny-list: IPv4 outside every special range
 * (private, loopback, link-local, CGNAT, multicast, broadcast, 0/8, 240/4, benchmark, documentation …), IPv6 only in
 * 2000::/3 and there outside Teredo, 6to4, documentation and the like. This excludes NAT64 (64:ff9b::/96,
 * 64:ff9b:1::/48), IPv4-compatible, unique local, site-local and discard, which can lead to private addresses.
 */
export const isPublic = (ip: Ip): boolean =>
  ip.range() === 'unicast' && (ip.kind() === 'ipv4' || (ip as ipaddr.IPv6).match(IPV6_GLOBAL_UNICAST));

const withoutBrackets = (host: string): string =>
  host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;

export const withoutRootDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

/** Reads a host as typed; `null` for text that is neither an address nor a host name. */
export const readHost = (host: string): Host | null => {
  if (host.length > 1024) return null;
  const ascii = (/^[\x00-\x7f]*$/.test(host) ? host : domainToASCII(host)).toLowerCase();
  const bare = withoutBrackets(ascii);
  const ip = parseIp(bare);
  // Brackets belong to IPv6 literals only (RFC 3986 §3.2.2).
  if (ip) return bare === ascii || isIP(bare) === 6 ? { kind: 'address', ip } : null;
  return HOST_NAME.test(ascii) ? { kind: 'name', name: ascii } : null;
};

/** Reads an entry of `network.allow`; `null` for text that is no address, CIDR range or host name. */
export const readAllowEntry = (text: string): AllowEntry | null => {
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
  // Mapped addresses are compared as IPv4, so a mapped range becomes a range of IPv4, too.
  const length = mapped ? Number(bits) - 96 : Number(bits);
  return length < 0 || length > (ip.kind() === 'ipv4' ? 32 : 128) ? null : { kind: 'range', base: ip, bits: length };
};
