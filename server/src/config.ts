import * as yup from 'yup';
import { allowedBy, kindOf, problemOf } from './contracts/allowed';
import { smtpSchema } from './contracts/mailbox';
import { isPlainObject, parse } from './contracts/parse';
import { isRedisUrl, REDIS_PREFIX, redisSchema } from './contracts/redis';
import type { Settings } from './contracts/settings';
import { addressKey, isDomain, parseAddrSpec, toAsciiDomain } from './domain/address';
import { DEFAULT_TENANT_KEY } from './domain/tenant';
import { RESERVED_ACTORS } from './domain/actor';
import { nameProblem, normalise } from './domain/text';
import { createNetworkRule, DEFAULT_PORTS } from './network/target-rule';
import { trustedRoots } from './network/trusted-roots';
import { createKeyRing } from './secrets/key-ring';

const MIB = 1024 * 1024;

const group = <T extends yup.ObjectShape>(fields: T) => yup.object(fields).optional().default(undefined);
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => yup.number().strict().integer().min(min).max(max);
/** @param allowed description of a valid entry */
const strings = (allowed: string) => yup.array().strict().of(yup.string().strict().required().meta({ allowed }));
/** @param allowed description of a valid value */
const record = (allowed: string) =>
  yup
    .mixed<Record<string, unknown>>()
    .test('record', allowed, (value) => value === undefined || isPlainObject(value))
    .meta({ allowed });
/** Validated separately, so that the error names its field. */
const anything = () => yup.mixed().nullable();

/** First part of the keys in Redis; sites that share one need different ones. */
const DEFAULT_PREFIX = 'mailboxes';
const ADDRESS = 'one address without a name, as in noreply@site.example';

const configSchema = yup.object({
  mailboxLimit: whole(0, 100_000),
  contact: group({ text: yup.string().strict(), url: yup.string().strict() }),
  system: group({
    from: group({
      name: yup.string().strict(),
      email: yup.string().strict().required().meta({ allowed: ADDRESS }),
    }),
    transport: anything(),
  }),
  ownAddress: group({ requireConfirmation: yup.boolean().strict() }),
  guard: group({
    mode: yup
      .string()
      .strict()
      .oneOf(['off', 'report', 'enforce'] as const),
    actor: yup.string().strict(),
  }),
  systemActors: record('an object: { name: { mailboxes, tenant } }'),
  contentApi: group({
    tokens: record('an object: { name of an API token: name of systemActors }'),
    roles: record('an object: { type of a role: name of systemActors }'),
  }),
  secrets: group({
    keys: strings("a text 'keyId:base64 of 32 bytes'"),
    formerStrapiKeys: strings('a text, as admin.secrets.encryptionKey was'),
  }),
  network: group({
    allow: strings('an address, a range (CIDR) or a host name'),
    ports: yup.array().strict().of(whole(1, 65_535).required()),
    ca: strings('a PEM text or the path of a PEM file'),
    ehloName: yup
      .string()
      .strict()
      .test(
        'ehloName',
        'must be a full host name, such as mail.example.org',
        (value) => value === undefined || isDomain(value)
      ),
  }),
  delivery: group({
    engine: yup
      .string()
      .strict()
      .oneOf(['embedded', 'bullmq'] as const),
    redis: anything(),
    redisPrefix: yup.string().strict().matches(REDIS_PREFIX).meta({ allowed: 'letters, digits, . _ : and -' }),
    role: yup
      .string()
      .strict()
      .oneOf(['all', 'accept', 'deliver'] as const),
    undoSeconds: whole(0, 120),
    maxAgeHours: whole(1, 720),
    leaseSeconds: whole(3, 3600),
    concurrency: whole(1, 100),
    shutdownGraceMs: whole(0, 600_000),
  }),
  limits: group({
    recipients: whole(1),
    messageBytes: whole(1),
    perUserPerHour: whole(1),
    bytesPerUserPerHour: whole(1).nullable(),
    draftBytesPerUser: whole(1),
    perTenantPerHour: whole(1),
    perMailboxPerMinute: whole(1),
  }),
});

const systemActorSchema = yup.object({
  mailboxes: yup
    .mixed<'all' | string[]>()
    .test(
      'mailboxes',
      "must be 'all' or a list of addresses",
      (value) => value === 'all' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    )
    .required()
    .meta({ allowed: "'all' or a list of addresses" }),
  tenant: yup.string().strict(),
});

const fail = (key: string, message: string): never => {
  throw new Error(`[mailboxes] config "${key}": ${message}`);
};

/** Reads one part of the configuration. @throws an error with the path of the invalid value below `key` */
const readPart = <S extends yup.AnyObjectSchema>(key: string, schema: S, raw: unknown): yup.InferType<S> => {
  const parsed = parse(schema, raw);
  if (parsed.ok) return parsed.value;
  const path = String(parsed.refusal.details?.path ?? '');
  return fail([key, path].filter((part) => part !== '').join('.'), problemOf(schema, raw, parsed.refusal));
};

const readTransport = (raw: unknown): Settings['system']['transport'] => {
  const key = 'system.transport';
  if (raw === undefined || raw === 'strapi-email') return 'strapi-email';
  if (!isPlainObject(raw)) fail(key, `is ${kindOf(raw)}; allowed: 'strapi-email' or ${allowedBy(smtpSchema)}`);
  return readPart(key, smtpSchema, raw);
};

type Engine = Pick<Settings['delivery'], 'engine' | 'redis' | 'redisPrefix'>;

const readEngine = (
  { engine = 'embedded', redis, redisPrefix }: Partial<Record<keyof Engine, unknown>> = {} as never
): Engine => {
  const given = Object.entries({ redis, redisPrefix }).find(([, value]) => value !== undefined);
  if (engine === 'embedded') {
    if (given) fail(`delivery.${given[0]}`, "has no effect without delivery.engine 'bullmq'");
    return { engine, redis: null, redisPrefix: DEFAULT_PREFIX };
  }
  return { engine: 'bullmq', redis: readRedis(redis), redisPrefix: String(redisPrefix ?? DEFAULT_PREFIX) };
};

const readRedis = (raw: unknown): Settings['delivery']['redis'] => {
  const key = 'delivery.redis';
  if (isRedisUrl(raw)) return raw;
  if (isPlainObject(raw)) return readPart(key, redisSchema, raw);
  const allowed = `allowed: a URL with redis:// or rediss://, or ${allowedBy(redisSchema)}`;
  return fail(key, raw === undefined ? `is missing; ${allowed}` : `is ${kindOf(raw)} that is not allowed; ${allowed}`);
};

const namesOf = (actors: Settings['systemActors']): string => Object.keys(actors).join(', ') || 'none, it is empty';

const readSystemActors = (raw: Record<string, unknown>): Settings['systemActors'] => {
  const actors: Settings['systemActors'] = {};
  for (const [name, value] of Object.entries(raw)) {
    const key = `systemActors.${name}`;
    if (RESERVED_ACTORS.includes(name))
      fail(key, `is a reserved name; allowed: any name but ${RESERVED_ACTORS.join(', ')}`);
    const { mailboxes, tenant } = readPart(key, systemActorSchema, value);
    for (const [index, address] of mailboxes === 'all' ? [] : mailboxes.entries()) {
      if (!parseAddrSpec(address).ok)
        fail(`${key}.mailboxes[${index}]`, `${JSON.stringify(address)} is not an address; allowed: ${ADDRESS}`);
    }
    actors[name] = {
      mailboxes: mailboxes === 'all' ? mailboxes : mailboxes.map(addressKey),
      tenant: tenant ?? DEFAULT_TENANT_KEY,
    };
  }
  return actors;
};

const readActorMap = (
  key: string,
  raw: Record<string, unknown> | undefined,
  actors: Settings['systemActors']
): Record<string, string> => {
  const read = ([name, actor]: [string, unknown]): [string, string] =>
    typeof actor === 'string' && Object.hasOwn(actors, actor)
      ? [name, actor]
      : fail(
          `${key}.${name}`,
          `is ${kindOf(actor)} that names no actor; allowed: a name of systemActors (${namesOf(actors)})`
        );
  // Assigning one by one would lose a name like `__proto__`.
  return Object.fromEntries(Object.entries(raw ?? {}).map(read));
};

/** The role of anonymous requests: bound to an actor, it would be an open relay. */
const PUBLIC_ROLE = 'public';

const readFrom = (from: { name?: string; email: string } | undefined): Settings['system']['from'] => {
  if (!from) return null;
  const address = parseAddrSpec(from.email);
  if (!address.ok) return fail('system.from.email', `is a text that is no address; allowed: ${ADDRESS}`);
  const name = normalise(from.name ?? '').trim();
  if (name !== '' && nameProblem(name) !== null)
    fail(
      'system.from.name',
      'looks like an address or holds invisible characters; allowed: a text without @ and control characters'
    );
  return { name: name === '' ? null : name, email: address.email };
};

/** At least one message of the maximum size fits into an hour. */
const hourlyBytes = (given: number | null | undefined, messageBytes: number): number | null =>
  given === undefined ? Math.max(1024 * MIB, messageBytes) : given;

/**
 * Reads the configuration.
 *
 * @throws an error that names the key, for every value that violates the contract
 */
export const readSettings = (raw: unknown): Settings => {
  const config = readPart('', configSchema, raw ?? {});
  const systemActors = readSystemActors(config.systemActors ?? {});
  if (config.contentApi?.roles && Object.hasOwn(config.contentApi.roles, PUBLIC_ROLE))
    fail(`contentApi.roles.${PUBLIC_ROLE}`, 'would let anonymous requests send');
  const guardActor = config.guard?.actor ?? null;
  if (guardActor !== null && !Object.hasOwn(systemActors, guardActor))
    fail('guard.actor', `names no actor; allowed: a name of systemActors (${namesOf(systemActors)})`);

  const messageBytes = config.limits?.messageBytes ?? 25 * MIB;
  const settings: Settings = {
    mailboxLimit: config.mailboxLimit ?? 1,
    contact: { ...config.contact },
    system: { from: readFrom(config.system?.from), transport: readTransport(config.system?.transport) },
    ownAddress: { requireConfirmation: config.ownAddress?.requireConfirmation ?? true },
    guard: { mode: config.guard?.mode ?? 'report', actor: guardActor },
    systemActors,
    contentApi: {
      tokens: readActorMap('contentApi.tokens', config.contentApi?.tokens, systemActors),
      roles: readActorMap('contentApi.roles', config.contentApi?.roles, systemActors),
    },
    secrets: { keys: config.secrets?.keys ?? [], formerStrapiKeys: config.secrets?.formerStrapiKeys ?? [] },
    network: {
      allow: config.network?.allow ?? [],
      ports: config.network?.ports ?? [...DEFAULT_PORTS],
      ca: config.network?.ca ?? [],
      ehloName: toAsciiDomain(config.network?.ehloName ?? ''),
    },
    delivery: {
      ...readEngine(config.delivery),
      role: config.delivery?.role ?? 'all',
      undoSeconds: config.delivery?.undoSeconds ?? 10,
      maxAgeHours: config.delivery?.maxAgeHours ?? 24,
      leaseSeconds: config.delivery?.leaseSeconds ?? 90,
      concurrency: config.delivery?.concurrency ?? 5,
      shutdownGraceMs: config.delivery?.shutdownGraceMs ?? 10_000,
    },
    limits: {
      recipients: config.limits?.recipients ?? 100,
      messageBytes,
      perUserPerHour: config.limits?.perUserPerHour ?? 300,
      bytesPerUserPerHour: hourlyBytes(config.limits?.bytesPerUserPerHour, messageBytes),
      draftBytesPerUser: config.limits?.draftBytesPerUser ?? 100 * MIB,
      perTenantPerHour: config.limits?.perTenantPerHour ?? null,
      perMailboxPerMinute: config.limits?.perMailboxPerMinute ?? 60,
    },
  };
  withKey(() => createNetworkRule(settings.network));
  withKey(() => trustedRoots(settings.network.ca));
  withKey(() => createKeyRing({ configured: settings.secrets.keys }));
  return settings;
};

/** Errors of these constructors begin with the path of the invalid entry. */
const ENTRY = /^(\S+\[\d+\]) (.*)$/s;

const withKey = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    const [, key = '', message = ''] = ENTRY.exec(error instanceof Error ? error.message : '') ?? [];
    if (key === '') throw error;
    fail(key, message);
  }
};

/** Strapi's shape of a plugin's configuration; the key must be `validator`. */
export default {
  default: {},
  validator: (config: unknown): void => void readSettings(config),
};
