import config, { readSettings } from '../../server/src/config';

/* The plugin's configuration (contract "Package"): defaults, and errors that name the key. */

const KEY = Buffer.alloc(32, 1).toString('base64');
const smtp = { host: 'mail.example', port: 587, encryption: 'starttls', auth: 'password' };
const from = { email: 'system@site.example' };
const actors = { newsletter: { mailboxes: 'all' } };

const DEFAULTS = {
  mailboxLimit: 1,
  contact: {},
  system: { from: null, transport: 'strapi-email' },
  ownAddress: { requireConfirmation: true },
  guard: { mode: 'report', actor: null },
  systemActors: {},
  contentApi: { tokens: {}, roles: {} },
  secrets: { keys: [], formerStrapiKeys: [] },
  network: { allow: [], ports: [25, 465, 587, 2525, 2587], ca: [], ehloName: null },
  delivery: {
    engine: 'embedded',
    redis: null,
    redisPrefix: 'mailboxes',
    role: 'all',
    undoSeconds: 10,
    maxAgeHours: 24,
    leaseSeconds: 90,
    concurrency: 5,
    shutdownGraceMs: 10_000,
  },
  limits: {
    recipients: 100,
    messageBytes: 25 * 1024 * 1024,
    perUserPerHour: 300,
    bytesPerUserPerHour: 1024 * 1024 * 1024,
    draftBytesPerUser: 100 * 1024 * 1024,
    perTenantPerHour: null,
    perMailboxPerMinute: 60,
  },
};

describe('the configuration', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['empty groups', { contact: {}, system: {}, guard: {}, network: {}, delivery: {}, limits: {} }],
  ])('has every default for %s', (_, raw) => {
    expect(readSettings(raw)).toEqual(DEFAULTS);
  });

  it('keeps everything that it is given', () => {
    const given = {
      mailboxLimit: 0,
      contact: { text: 'Ask Dora', url: 'https://help.example' },
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        transport: { ...smtp, password: 'correct horse' },
      },
      ownAddress: { requireConfirmation: false },
      guard: { mode: 'enforce', actor: 'newsletter' },
      contentApi: { tokens: { 'my token': 'newsletter' }, roles: { authenticated: 'newsletter' } },
      secrets: { keys: [`2026:${KEY}`, `2025:${KEY}`], formerStrapiKeys: ['the key of last year'] },
      network: {
        allow: ['10.0.0.5', '192.168.0.0/16', 'mail.intern.example'],
        ports: [25, 1025],
        ca: [],
        ehloName: 'mail.site.example',
      },
      delivery: {
        ...DEFAULTS.delivery,
        engine: 'bullmq',
        redis: { host: 'redis.example', port: 6380, password: 'correct horse', tls: { servername: 'redis' } },
        redisPrefix: 'site:mail',
        role: 'accept',
        undoSeconds: 0,
      },
      limits: { ...DEFAULTS.limits, recipients: 1, perTenantPerHour: 5 },
    };
    const systemActors = {
      newsletter: { mailboxes: ['News@Club.example'], tenant: 'club' },
      all: { mailboxes: 'all' },
    };
    expect(readSettings({ ...given, systemActors })).toEqual({
      ...given,
      systemActors: {
        newsletter: { mailboxes: ['news@club.example'], tenant: 'club' },
        all: { mailboxes: 'all', tenant: 'default' },
      },
    });
  });

  it('keeps the address of the system mailbox in the form in which it is sent, and trims its name', () => {
    const read = (value: object) => readSettings({ system: { from: value } }).system.from;
    expect(read(from)).toEqual({ name: null, email: 'system@site.example' });
    expect(read({ name: ' Site ', email: 'System@münchen.example' })).toEqual({
      name: 'Site',
      email: 'System@xn--mnchen-3ya.example',
    });
    expect(read({ name: ' ', ...from })?.name).toBeNull();
  });

  it('limits the bytes of an hour to no less than one message, or not at all', () => {
    const read = (limits: object) => readSettings({ limits }).limits.bytesPerUserPerHour;
    expect(read({ messageBytes: 2_000_000_000 })).toBe(2_000_000_000);
    expect(read({ bytesPerUserPerHour: 5 })).toBe(5);
    expect(read({ bytesPerUserPerHour: null })).toBeNull();
  });

  it("is checked at Strapi's start", () => {
    expect(config.default).toEqual({});
    expect(() => config.validator({ mailboxLimit: 'many' })).toThrow('[mailboxes] config "mailboxLimit"');
  });
});

const numbers = (group: string, ranges: Record<string, [number, number | null]>): [string, object][] =>
  Object.entries(ranges).flatMap(([name, [min, max]]) =>
    [min - 1, ...(max === null ? [] : [max + 1]), 1.5, '5', NaN, null].map((value): [string, object] => [
      group ? `${group}.${name}` : name,
      group ? { [group]: { [name]: value } } : { [name]: value },
    ])
  );

describe('a wrong value is an error that names its key', () => {
  it.each<[string, unknown]>([
    ...numbers('', { mailboxLimit: [0, 100_000] }),
    ...numbers('delivery', {
      undoSeconds: [0, 120],
      maxAgeHours: [1, 720],
      leaseSeconds: [3, 3600],
      concurrency: [1, 100],
      shutdownGraceMs: [0, 600_000],
    }),
    ...numbers('limits', {
      recipients: [1, null],
      messageBytes: [1, null],
      perUserPerHour: [1, null],
      draftBytesPerUser: [1, null],
      perTenantPerHour: [1, null],
      perMailboxPerMinute: [1, null],
    }),
    ...[0, 1.5, '5', NaN].map((value): [string, object] => [
      'limits.bytesPerUserPerHour',
      { limits: { bytesPerUserPerHour: value } },
    ]),
    ...['contact', 'system', 'ownAddress', 'guard', 'contentApi', 'secrets', 'network', 'delivery', 'limits'].flatMap(
      (group): [string, object][] => ['x', 5, [], null].map((value) => [group, { [group]: value }])
    ),
    ['contact.text', { contact: { text: 5 } }],
    ['contact.url', { contact: { url: 5 } }],
    ['system.from', { system: { from: 'system@site.example' } }],
    ['system.from.email', { system: { from: {} } }],
    ['system.from.email', { system: { from: { email: 'Site <system@site.example>' } } }],
    ['system.from.email', { system: { from: { email: 'a@b.example, c@d.example' } } }],
    ['system.from.name', { system: { from: { name: 'ceo@corp.example', ...from } } }],
    ['system.from.name', { system: { from: { name: 'a\u202eb', ...from } } }],
    ['system.transport', { system: { transport: 'smtp' } }],
    ['ownAddress.requireConfirmation', { ownAddress: { requireConfirmation: 'no' } }],
    ['guard.mode', { guard: { mode: 'on' } }],
    ['guard.actor', { guard: { actor: 'newsletter' } }],
    ['guard.actor', { guard: { actor: 'guard' } }],
    ['guard.actor', { guard: { actor: 'toString' }, systemActors: actors }],
    ['systemActors', { systemActors: [] }],
    ['systemActors.operator', { systemActors: { operator: { mailboxes: 'all' } } }],
    ['systemActors.guard', { systemActors: { guard: { mailboxes: [] } } }],
    ['systemActors.news.mailboxes', { systemActors: { news: {} } }],
    ['systemActors.news.mailboxes', { systemActors: { news: { mailboxes: 'everything' } } }],
    ['systemActors.news.mailboxes[0]', { systemActors: { news: { mailboxes: ['no address'] } } }],
    ['systemActors.news.mailboxes', { systemActors: { news: { mailboxes: [5] } } }],
    ['systemActors.news.tenant', { systemActors: { news: { mailboxes: 'all', tenant: 5 } } }],
    ['systemActors.news', { systemActors: { news: 'all' } }],
    ['contentApi.tokens', { contentApi: { tokens: 'x' } }],
    ['contentApi.tokens.mine', { contentApi: { tokens: { mine: 'newsletter' } } }],
    ['contentApi.tokens.__proto__', { contentApi: { tokens: JSON.parse('{"__proto__":"nobody"}') } }],
    ['contentApi.roles.editors', { contentApi: { roles: { editors: 'operator' } }, systemActors: actors }],
    ['contentApi.roles.editors', { contentApi: { roles: { editors: 'toString' } }, systemActors: actors }],
    ['contentApi.roles.public', { contentApi: { roles: { public: 'newsletter' } }, systemActors: actors }],
    ['secrets.keys', { secrets: { keys: `2026:${KEY}` } }],
    ['secrets.keys[0]', { secrets: { keys: ['too-short:AAAA'] } }],
    ['secrets.keys[0]', { secrets: { keys: [KEY] } }],
    ['secrets.keys[1]', { secrets: { keys: [`2026:${KEY}`, `2026:${KEY}`] } }],
    ['secrets.formerStrapiKeys', { secrets: { formerStrapiKeys: 'the key of last year' } }],
    ['secrets.formerStrapiKeys[0]', { secrets: { formerStrapiKeys: [''] } }],
    ['network.allow', { network: { allow: '10.0.0.5' } }],
    ['network.allow[0]', { network: { allow: ['10.0.0.0/99'] } }],
    ['network.ports', { network: { ports: 25 } }],
    ['network.ports[0]', { network: { ports: [0] } }],
    ['network.ca[0]', { network: { ca: ['/nowhere/ca.pem'] } }],
    ...[
      '',
      'mail',
      'localhost',
      '127.0.0.1',
      '[127.0.0.1]',
      'mail site.example',
      'a.example\r\nX',
      'a.example.',
      5,
    ].map((ehloName): [string, object] => ['network.ehloName', { network: { ehloName } }]),
    ['delivery.engine', { delivery: { engine: 'cron' } }],
    ['delivery.redis', { delivery: { engine: 'bullmq' } }],
    ['delivery.redis', { delivery: { engine: 'bullmq', redis: 'http://redis.example' } }],
    ['delivery.redis', { delivery: { redis: 'redis://redis.example' } }],
    ['delivery.redisPrefix', { delivery: { redisPrefix: 'site' } }],
    ['delivery.redisPrefix', { delivery: { engine: 'bullmq', redis: {}, redisPrefix: 'a b' } }],
    ['delivery.role', { delivery: { role: 'both' } }],
    ['', []],
    ['', 'x'],
  ])('%s: %j', (key, raw) => {
    expect(() => readSettings(raw)).toThrow(`[mailboxes] config "${key}"`);
  });
});

describe('an unknown key is refused at every level', () => {
  it.each<[string, object]>([
    ['mailboxlimit', { mailboxlimit: 5 }],
    ['constructor', JSON.parse('{"constructor": {}}') as object],
    ['__proto__', JSON.parse('{"__proto__": {}}') as object],
    ...['contact', 'system', 'ownAddress', 'guard', 'contentApi', 'secrets', 'network', 'delivery', 'limits'].map(
      (group): [string, object] => [`${group}.more`, { [group]: { more: 1 } }]
    ),
    ['retention', { retention: { bodyDays: 30 } }],
    ['limits.batchRecipients', { limits: { batchRecipients: 10_000 } }],
    ['delivery.redis.keyPrefix', { delivery: { engine: 'bullmq', redis: { keyPrefix: 'site' } } }],
    ['system.from.more', { system: { from: { ...from, more: 1 } } }],
    ['systemActors.news.more', { systemActors: { news: { mailboxes: 'all', more: 1 } } }],
  ])('%s', (key, raw) => {
    expect(() => readSettings(raw)).toThrow(`[mailboxes] config "${key}": is not known`);
  });

  it('in the SMTP settings of the system mailbox too', () => {
    expect(() => readSettings({ system: { transport: { ...smtp, tls: {} } } })).toThrow(
      '[mailboxes] config "system.transport.tls": is not known; allowed keys: host, port, encryption, auth, username, password'
    );
  });
});

describe('an error names the type of the value and the allowed ones', () => {
  const SETTINGS = 'an object with the keys host, port, encryption, auth, username, password';

  it.each<[string, object]>([
    [
      'system.transport.port": is a text; allowed: an integer from 1 to 65535 (env.int() reads one from the environment)',
      { system: { transport: { ...smtp, port: '587' } } },
    ],
    [
      'system.transport.port": is a number that is not allowed; allowed: an integer from 1 to 65535',
      { system: { transport: { ...smtp, port: 0 } } },
    ],
    [
      `system.transport.auth": is missing; allowed: 'password' or 'none'`,
      { system: { transport: { host: 'mail.example', port: 587, encryption: 'none' } } },
    ],
    [
      `system.transport.auth": is a text that is not allowed; allowed: 'password' or 'none'`,
      { system: { transport: { ...smtp, auth: 'oauth2' } } },
    ],
    [
      `system.transport.encryption": is a boolean; allowed: 'tls', 'starttls' or 'none'`,
      { system: { transport: { ...smtp, encryption: false } } },
    ],
    [
      `system.transport.encryption": is a text that is not allowed; allowed: 'tls', 'starttls' or 'none'`,
      { system: { transport: { ...smtp, encryption: 'ssl' } } },
    ],
    [
      'system.transport.host": is missing; allowed: a host name or an IP address',
      { system: { transport: { ...smtp, host: undefined } } },
    ],
    [
      'system.transport.host": is an empty text; allowed: a host name or an IP address',
      { system: { transport: { ...smtp, host: '' } } },
    ],
    [
      'system.transport.password": is a number; allowed: a text of at most 1024 characters or null',
      { system: { transport: { ...smtp, password: 12345 } } },
    ],
    [`system.transport": is a text; allowed: 'strapi-email' or ${SETTINGS}`, { system: { transport: 'smtp' } }],
    [`system.transport": is null; allowed: 'strapi-email' or ${SETTINGS}`, { system: { transport: null } }],
    [
      'system.from.email": is missing; allowed: one address without a name, as in noreply@site.example',
      { system: { from: { name: 'Site' } } },
    ],
    [
      'system.from.email": is a text that is no address; allowed: one address without a name, as in noreply@site.example',
      { system: { from: { email: 'Site <system@site.example>' } } },
    ],
    ['system.from": is a text; allowed: an object with the keys name, email', { system: { from: 'a@b.example' } }],
    ['mailboxLimit": is null; allowed: an integer from 0 to 100000', { mailboxLimit: null }],
    [
      'ownAddress.requireConfirmation": is a text; allowed: true or false (env.bool() reads one from the environment)',
      { ownAddress: { requireConfirmation: 'false' } },
    ],
    [`guard.mode": is a text that is not allowed; allowed: 'off', 'report' or 'enforce'`, { guard: { mode: 'on' } }],
    [
      'guard.actor": names no actor; allowed: a name of systemActors (newsletter)',
      { guard: { actor: 'news' }, systemActors: actors },
    ],
    [
      'contentApi.tokens.shop": is a list that names no actor; allowed: a name of systemActors (none, it is empty)',
      { contentApi: { tokens: { shop: [] } } },
    ],
    [
      'contentApi.tokens": is a text; allowed: an object: { name of an API token: name of systemActors }',
      { contentApi: { tokens: 'shop' } },
    ],
    [
      `systemActors.news.mailboxes": is a text; allowed: 'all' or a list of addresses`,
      { systemActors: { news: { mailboxes: 'everything' } } },
    ],
    [
      'systemActors.news": is a text; allowed: an object with the keys mailboxes, tenant',
      { systemActors: { news: 'all' } },
    ],
    [
      `secrets.keys": is a text; allowed: a list, each entry a text 'keyId:base64 of 32 bytes'`,
      { secrets: { keys: '2026:AAAA' } },
    ],
    ['network.ports[1]": is a text; allowed: an integer from 1 to 65535', { network: { ports: [25, '587'] } }],
    ['network.allow[0]": is not an address, a range (CIDR) or a host name: a b', { network: { allow: ['a b'] } }],
    [
      'limits.recipients": is a number that is not allowed; allowed: an integer of at least 1',
      { limits: { recipients: 0 } },
    ],
    [
      'delivery.redis": is missing; allowed: a URL with redis:// or rediss://, or an object with the keys host, port, path',
      { delivery: { engine: 'bullmq' } },
    ],
    [
      'delivery.redis.port": is a text; allowed: an integer from 1 to 65535',
      { delivery: { engine: 'bullmq', redis: { port: '6379' } } },
    ],
    [
      `delivery.redis": has no effect without delivery.engine 'bullmq'`,
      { delivery: { redis: 'redis://redis.example' } },
    ],
    ['delivery": is a list; allowed: an object with the keys engine, redis, redisPrefix, role', { delivery: [] }],
    ['": is a text; allowed: an object with the keys mailboxLimit, contact, system', 'x' as unknown as object],
    ['sytem": is not known; allowed keys: mailboxLimit, contact, system', { sytem: {} }],
  ])('%s', (message, raw) => {
    expect(() => readSettings(raw)).toThrow(`[mailboxes] config "${message}`);
  });
});

describe('an error of the configuration', () => {
  it.each([
    { system: { transport: { ...smtp, port: 0, password: 'correct horse' } } },
    { system: { transport: { ...smtp, encryption: 'correct horse' } } },
    { system: { transport: 'correct horse' } },
    { secrets: { keys: ['2026:correct horse'] } },
    { secrets: { keys: 'correct horse' } },
    { secrets: { formerStrapiKeys: 'correct horse' } },
    { delivery: { engine: 'bullmq', redis: 'http://:correct horse@redis.example' } },
    { delivery: { engine: 'bullmq', redis: { password: 'correct horse', port: '6379' } } },
  ])('contains no secret: %j', (raw) => {
    let said = '';
    try {
      readSettings(raw);
    } catch (error) {
      said = String((error as Error).stack);
    }
    expect(said).toContain('[mailboxes] config');
    expect(said).not.toContain('correct horse');
  });
});

describe('the connection to Redis', () => {
  it.each([
    'redis://redis.example',
    'rediss://user:secret@redis.example:6380/2',
    { host: 'redis.example', db: 3, tls: {} },
  ])('is a URL or options: %j', (redis) => {
    expect(readSettings({ delivery: { engine: 'bullmq', redis } }).delivery).toMatchObject({
      engine: 'bullmq',
      redis,
      redisPrefix: 'mailboxes',
    });
  });
});
