/*
 * Allowed targets of our SMTP connections (security 4). Users who type a mailbox's host need not be trusted with the
 * network of this machine, and DNS returns any address its owner likes: so a name is resolved once, every address of it
 * is checked, and the connection uses a checked address, never the name.
 */
import { promises as dns } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { createConnectChecked } from './connect-checked';
import { isPublic, parseIp, readAllowEntry, readHost, withoutRootDot, type Host, type Ip } from './hosts';
import type { CheckedAddress, Lookup, NetworkRule, Resolution, Target, TargetCheck } from './target';

export type { Lookup, NetworkRule, Target, TargetProblem } from './target';

export const DEFAULT_PORTS: readonly number[] = [25, 465, 587, 2525, 2587];

/**
 * Creates the rule for all our SMTP connections from the configuration (`network.allow`, `network.ports`).
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
  const { names, ranges } = readAllowList(allow);
  const badPort = ports.findIndex((port) => !isPort(port));
  if (badPort >= 0) throw new Error(`network.ports[${badPort}] is not a port: ${ports[badPort]}`);
  const loopbackIsAllowed = ['127.0.0.1', '::1'].some((text) => isAllowedIp(ipaddr.parse(text)));

  return { checkTarget, resolveTarget, connectChecked: createConnectChecked(resolveTarget), mayConnect };

  /**
   * Checks a target without DNS. `ok` for a name is preliminary: its addresses are not checked here, and neither are
   * port and encryption while an allowed range might still cover the addresses.
   */
  function checkTarget(target: Target): TargetCheck {
    const host = readHost(target.host);
    if (!host) return { ok: false, reason: 'host' };
    if (!isPort(target.port)) return { ok: false, reason: 'port' };
    if (host.kind === 'address') {
      if (isAllowedIp(host.ip)) return { ok: true };
      return isPublic(host.ip) ? checkPortAndEncryption(target) : { ok: false, reason: 'address' };
    }
    if (isAllowedName(host.name)) return { ok: true };
    if (meansLoopback(host.name) && !loopbackIsAllowed) return { ok: false, reason: 'address' };
    return ranges.length > 0 ? { ok: true } : checkPortAndEncryption(target);
  }

  /**
   * Resolves once and checks every address. One address that is not allowed refuses the host, because the owner of the
   * name also controls which address is tried.
   */
  async function resolveTarget({ lookup = dns.lookup, ...target }: Target & { lookup?: Lookup }): Promise<Resolution> {
    const before = checkTarget(target);
    if (!before.ok) return before;
    const host = readHost(target.host);
    if (!host) return { ok: false, reason: 'host' };
    if (host.kind === 'address') return checkAddresses(target, host, [host.ip.toString()]);
    let found: Awaited<ReturnType<Lookup>>;
    try {
      found = await lookup(host.name, { all: true, verbatim: true });
    } catch (cause) {
      return { ok: false, reason: 'unresolved', cause };
    }
    const addresses = found.map(({ address }) => address);
    return checkAddresses(target, host, addresses);
  }

  /** Returns whether settings may be saved: an unknown host name is allowed, because name servers fail for a while. */
  async function mayConnect(target: Target): Promise<TargetCheck> {
    const resolution = await resolveTarget(target);
    if (resolution.ok || resolution.reason === 'unresolved') return { ok: true };
    return { ok: false, reason: resolution.reason };
  }

  function checkAddresses(target: Target, host: Host, found: readonly string[]): Resolution {
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
    const rest: TargetCheck = everyOneIsAllowed ? { ok: true } : checkPortAndEncryption(target);
    return rest.ok ? { ok: true, addresses: [...checked.values()] } : rest;
  }

  /** Applies to every target outside `network.allow`. */
  function checkPortAndEncryption({ port, encryption }: Target): TargetCheck {
    if (!ports.includes(port)) return { ok: false, reason: 'port' };
    return encryption === 'none' ? { ok: false, reason: 'encryption' } : { ok: true };
  }

  function isAllowedName(name: string): boolean {
    return names.has(withoutRootDot(name));
  }

  function isAllowedIp(ip: Ip): boolean {
    return ranges.some(({ base, bits }) => base.kind() === ip.kind() && ip.match(base, bits));
  }
};

const readAllowList = (allow: readonly string[]): { names: Set<string>; ranges: { base: Ip; bits: number }[] } => {
  const names = new Set<string>();
  const ranges: { base: Ip; bits: number }[] = [];
  allow.forEach((text, index) => {
    const entry = typeof text === 'string' ? readAllowEntry(text) : null;
    if (!entry) throw new Error(`network.allow[${index}] is not an address, a range (CIDR) or a host name: ${text}`);
    if (entry.kind === 'name') names.add(entry.name);
    else ranges.push(entry);
  });
  return { names, ranges };
};

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** RFC 6761 §6.3: these names mean loopback, also without an entry in the resolver. */
const meansLoopback = (name: string): boolean => /(?:^|\.)localhost\.?$/.test(name);
